import datetime as dt
import zipfile

import pytest
from openpyxl import Workbook

from geo.errors import InputError, UnknownIdError
from geo.tables import read_points

DAY = dt.datetime.fromisoformat("2020-01-02")


@pytest.fixture
def book(tmp_path, truth):
    """Write a workbook whose sheets are made by functions; return its path."""

    def make(**sheets):
        made = Workbook()
        made.remove(made.active)
        for title, fill in sheets.items():
            fill(made.create_sheet(title))
        path = tmp_path / "示例.xlsx"
        made.save(path)
        return path

    return make


@pytest.fixture
def listed(truth):
    def fill(sheet, above=()):
        for line in above:
            sheet.append(line)
        sheet.append(["编号", "企业名称", "经度", "纬度"])
        for key, (name, lon, lat, _) in truth.items():
            sheet.append([key, name, lon, lat])

    return fill


def test_titles_and_a_cover_sheet(book, listed, near):
    path = book(
        说明=lambda sheet: sheet.append(["示例单位（虚构）"]),
        名单=lambda sheet: listed(sheet, above=[["示例企业名单"], [], ["单位：万元"]]),
    )
    table = read_points(path)
    assert near(table) == 8
    assert table.facts["sheet"] == "名单"
    assert table.report["line"].tolist() == list(range(5, 13))
    assert any("'名单'" in note for note in table.notes)


def test_two_sheets_with_places_are_not_guessed(book, listed, near):
    path = book(一=listed, 二=listed)
    with pytest.raises(InputError, match="'一', '二' could all be meant; name one with --sheet"):
        read_points(path)
    assert near(read_points(path, sheet="二")) == 8
    assert near(read_points(path, sheet="1")) == 8
    with pytest.raises((UnknownIdError, InputError), match="unknown sheet '三'"):
        read_points(path, sheet="三")


def test_a_hidden_sheet_is_not_read_and_that_is_said(book, listed, near):
    def hidden(sheet):
        listed(sheet)
        sheet.sheet_state = "hidden"

    table = read_points(book(名单=listed, 旧=hidden))
    assert near(table) == 8
    assert any("hidden" in note and "旧" in note for note in table.notes)


def test_a_head_of_two_rows_with_merged_cells(book, truth, near):
    def fill(sheet):
        sheet.append(["示例企业名单", None, None, None, None])
        sheet.append(["编号", "企业名称", "所在城市", "坐标", None])
        sheet.append([None, None, None, "经度", "纬度"])
        for area in ("A1:E1", "A2:A3", "B2:B3", "C2:C3", "D2:E2"):
            sheet.merge_cells(area)
        for at, (key, (name, lon, lat, _)) in enumerate(truth.items()):
            sheet.append([key, name, "示例市" if at % 4 == 0 else None, lon, lat])
        sheet.merge_cells("C4:C7")
        sheet.merge_cells("C8:C11")

    table = read_points(book(名单=fill))
    assert near(table) == 8
    assert table.frame["所在城市"].tolist() == ["示例市"] * 8
    assert any("merged cells" in note for note in table.notes)


def test_a_blank_in_the_last_cell_costs_nothing(book, listed, near):
    def fill(sheet):
        listed(sheet)
        sheet["XFD1"] = " "
        sheet["A60000"] = " "

    table = read_points(book(名单=fill))
    assert near(table) == 8
    assert list(table.frame.columns[:4]) == ["编号", "企业名称", "经度", "纬度"]


def test_text_numbers_and_error_cells(book, truth, near):
    def fill(sheet):
        sheet.append(["编号", "经度", "纬度"])
        for at, (key, (_, lon, lat, _)) in enumerate(truth.items()):
            sheet.append([key, f"{lon:.6f}" if at % 2 else lon, "#N/A" if at == 0 else lat])

    table = read_points(book(名单=fill))
    assert near(table) == 7
    assert table.report["reason"].tolist()[0] == "half_missing"


def test_numbers_dates_and_text_keep_their_types(book, truth):
    def fill(sheet):
        sheet.append(["编号", "经度", "纬度", "成立", "产值"])
        for key, (_, lon, lat, _) in truth.items():
            sheet.append([key, lon, lat, DAY, 7])

    frame = read_points(book(名单=fill)).frame
    assert frame["产值"].tolist() == [7] * 8
    assert frame["成立"].tolist() == [DAY] * 8


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path):
    path = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 << 20))
    with pytest.raises(InputError, match="zip bomb"):
        read_points(path)


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_cut_workbook_is_refused(book, listed, keep):
    path = book(名单=listed)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(InputError, match="示例.xlsx: "):
        read_points(path)


def test_an_entity_bomb_in_a_sheet_is_refused(book, listed, tmp_path):
    path = book(名单=listed)
    evil = tmp_path / "实体.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(evil, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.startswith("xl/worksheets/"):
                content = (
                    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
                    + content.split(b"?>")[-1]
                )
            new.writestr(item, content)
    with pytest.raises(InputError, match="实体.xlsx: "):
        read_points(evil)


def test_a_zip_that_is_no_workbook_says_so(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "lon,lat\n")
    with pytest.raises(InputError, match="zip archive without a workbook or a layer"):
        read_points(path)
