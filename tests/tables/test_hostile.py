"""What planning institutes and their programs do to a table: each row right, or one clear reason.

Every file is made here from the eight true points of ``truth``; whatever is not refused must lie
where it should (``near``).
"""

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from geo.errors import InputError
from geo.tables import read_points


def _reasons(table):
    return [set(one.split(";")) - {""} for one in table.report["reason"]]


def _dms(degrees, form):
    whole = math.floor(degrees)
    minutes = math.floor((degrees - whole) * 60)
    return form.format(whole, minutes, ((degrees - whole) * 60 - minutes) * 60)


WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
FORMS = [
    lambda lon, lat: (f"{lon:.6f}".translate(WIDE), f"{lat:.6f}".translate(WIDE)),
    lambda lon, lat: (_dms(lon, "东经{}°{}′{:.4f}″"), _dms(lat, "北纬{}°{}′{:.4f}″")),
    lambda lon, lat: (_dms(lon, "{}度{}分{:.4f}秒"), _dms(lat, "{}度{}分{:.4f}秒")),
    lambda lon, lat: (f"E{lon:.6f}", f"{lat:.6f}N"),
    lambda lon, lat: (f"{lon:.6f}°", f"{lat:.6f}°"),
    lambda lon, lat: (f"{lon:.6f}".replace(".", ","), f"{lat:.6f}".replace(".", ",")),
    lambda lon, lat: (f"\u200b{lon:.6f}\u3000", f"\u2028{lat:.6f}\u00a0"),
    lambda lon, lat: (f"{lat:.6f}", f"{lon:.6f}"),
]


def test_every_way_of_writing_degrees_in_one_gbk_table(write, rows, truth, near):
    for row, form in zip(rows, FORMS, strict=True):
        row["经度"], row["纬度"] = form(*truth[row["编号"]][1:3])
    table = read_points(write(rows, delimiter="\t", encoding="gb18030", name="混写.txt"))
    assert near(table) == 8
    assert _reasons(table) == [
        {"fullwidth"}, {"dms"}, {"dms"}, {"hemisphere"}, {"degree_sign"}, {"decimal_comma"},
        {"spaces"}, {"swapped"},
    ]  # fmt: skip
    assert table.counts["repaired"] == 8


@pytest.mark.parametrize("sign", [" ", "  ", "^", "~", ":", "、", "#"])
def test_rare_delimiters_are_found_and_said(write, rows, near, sign):
    text = "\n".join(sign.join(row.values()) for row in [dict(zip(rows[0], rows[0])), *rows])  # noqa: B905
    path = write(rows)
    path.write_text(text + "\n", encoding="utf-8")
    table = read_points(path)
    assert near(table) == 8
    assert any("cells are split at" in note for note in table.notes)


@given(st.sets(st.integers(0, 199), max_size=12))
@settings(max_examples=10)
def test_rows_with_their_axes_swapped_are_turned_and_no_other(tmp_path_factory, truth, swapped):
    """Up to 6 % of 200 rows, wherever they stand."""
    path = tmp_path_factory.mktemp("swap") / "t.csv"
    keys = list(truth)
    lines = ["编号,lon,lat"]
    for at in range(200):
        key = keys[at % 8]
        _, lon, lat, _ = truth[key]
        pair = (lat, lon) if at in swapped else (lon, lat)
        lines.append(f"{key},{pair[0]:.6f},{pair[1]:.6f}")
    path.write_text("\n".join(lines), encoding="utf-8")
    table = read_points(path)
    for key, point in zip(table.frame["编号"], table.frame.geometry, strict=True):
        assert (point.x, point.y) == pytest.approx(truth[key][1:3], abs=2e-6)
    assert {at for at, one in enumerate(_reasons(table)) if "swapped" in one} == swapped


def test_a_pair_without_quotes_is_not_cut_in_two(write, rows):
    path = write(rows)
    lines = [f"{row['编号']},{row['经度']},{row['纬度']}" for row in rows]
    path.write_text("\n".join(["编号,坐标", *lines]), encoding="utf-8")
    with pytest.raises(InputError, match="every row more"):
        read_points(path)


def test_wkt_that_is_no_point_is_refused_row_by_row(write, truth, near):
    cells = ["POINT ({} {})", "point({} {})", "SRID=4326;POINT({} {})", "POINT Z ({} {} 5)"]
    rows = [
        {"编号": key, "WKT": cell.format(*truth[key][1:3])}
        for key, cell in zip(truth, cells, strict=False)
    ]
    bad = ["POINT EMPTY", "LINESTRING (116 39, 117 40)", "POINT (116", "POLYGON ((116 39, 117 39))"]
    rows += [{"编号": f"X{at}", "WKT": cell} for at, cell in enumerate(bad)]
    table = read_points(write(rows, delimiter=";"))
    assert near(table) == 4
    assert table.report["status"].tolist()[4:] == ["refused"] * 4
    told = table.report.iloc[4:]
    assert told["reason"].str.contains("not_a_point").tolist() == [False, True, False, True]
    assert told["detail"].tolist()[1::2] == ["LINESTRING", "POLYGON"]


CODES = {
    "110105": "110105", "110105.0": "110105", "110105000000": "110105", "110105001001": "110105",
    "１１０１０５": "110105", "'110105": "110105", "110103": "110101", "91130638MA0ABCDE1X": "130638",
}  # fmt: skip
NO_CODES = {
    "130323": "split_code", "999999": "unknown_code", "110100": "not_a_county",
    "11010": "not_a_code", "京110105": "not_a_code", "1.10105E+05": "not_a_code", "": "no_address",
}  # fmt: skip


def test_codes_as_programs_leave_them(write):
    cells = [*CODES, *NO_CODES]
    is_credit = ["MA0" in cell for cell in cells]
    rows = [
        {
            "编号": str(at),
            "区划代码": "" if credit else cell,
            "统一社会信用代码": cell if credit else "",
        }
        for at, (cell, credit) in enumerate(zip(cells, is_credit, strict=True))
    ]
    table = read_points(write(rows))
    assert table.report["stated_adcode"].tolist()[: len(CODES)] == list(CODES.values())
    reasons = _reasons(table)[len(CODES) :]
    for cell, found in zip(NO_CODES, reasons, strict=True):
        assert NO_CODES[cell] in found, cell
    assert table.counts["refused"] == len(NO_CODES)


def test_a_cell_longer_than_python_s_csv_reads(write, rows, near):
    rows[2]["企业名称"] = "长" * 131_073
    table = read_points(write(rows))
    assert near(table) == 8
    assert len(table.frame["企业名称"][2]) == 131_073


def test_a_zero_byte_names_its_line(write, rows):
    rows[3]["企业名称"] = "示例\x00企业"
    with pytest.raises(InputError, match="示例.csv: line 5 holds zero bytes"):
        read_points(write(rows))


def test_totals_notes_and_a_repeated_header_are_rows_with_a_reason(write, rows, near):
    names = list(rows[0])
    blank = dict.fromkeys(names, "")
    rows.insert(4, dict(zip(names, names, strict=True)))
    rows += [{**blank, "编号": "合计"}, {**blank, "编号": "注：本表为虚构示例"}]
    table = read_points(write(rows))
    assert near(table) == 8
    assert table.counts["refused"] == 3
    assert _reasons(table)[4] == {"not_a_number"}
    assert table.report["line"].tolist()[4] == 6


@pytest.fixture
def book(tmp_path):
    """Write a workbook of one sheet that a function fills; return its path."""

    def make(fill):
        made = Workbook()
        fill(made.active)
        made.save(tmp_path / "名单.xlsx")
        return tmp_path / "名单.xlsx"

    return make


def _filled(sheet, truth, cells=lambda lon, lat: (lon, lat), header=("编号", "经度", "纬度")):
    sheet.append(list(header))
    for key, (_, lon, lat, _) in truth.items():
        sheet.append([key, *cells(lon, lat)])


def test_formulas_that_were_never_worked_out_are_said(book, truth):
    table = read_points(
        book(lambda sheet: _filled(sheet, truth, lambda lon, lat: (f"={lon}", lat)))
    )
    assert table.counts["refused"] == 8
    assert set.union(*_reasons(table)) == {"half_missing"}
    assert any(note.startswith("8 cell(s) hold a formula without") for note in table.notes)


def test_hidden_rows_and_columns_are_read_and_said(book, truth, near):
    def fill(sheet):
        _filled(sheet, truth)
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["A"].hidden = True

    table = read_points(book(fill))
    assert near(table) == 8
    assert any(note.startswith("3 hidden") for note in table.notes)


def test_nothing_is_said_of_what_is_not_there(book, truth):
    assert read_points(book(lambda sheet: _filled(sheet, truth))).notes == ()


@pytest.mark.parametrize("cell", [True, dt.datetime(2026, 1, 1), dt.time(3, 4), "#REF!", "= 116"])
def test_cells_that_are_no_degrees_are_refused_alone(book, truth, near, cell):
    def fill(sheet):
        _filled(sheet, truth)
        sheet["B4"] = cell
        sheet["B4"].data_type = {str: "s"}.get(type(cell), sheet["B4"].data_type)

    table = read_points(book(fill))
    assert near(table) == 7
    assert table.report["status"].tolist()[2] == "refused"
    assert table.report["line"].tolist()[2] == 4


def test_one_cell_in_the_last_corner_is_one_row_with_a_reason(book, truth, near):
    def fill(sheet):
        _filled(sheet, truth)
        sheet["XFD1048576"] = "x"

    table = read_points(book(fill))
    assert near(table) == 8
    last = table.report.iloc[-1]
    assert (last["line"], last["status"], last["detail"]) == (
        1_048_576,
        "refused",
        "1 more than the header: x",
    )


def test_the_csv_twin_of_a_merged_head(write, rows, near):
    path = write(rows)
    text = path.read_text(encoding="utf-8").split("\n", 1)[1]
    head = "企业名单（虚构）,,,\n编号,企业名称,坐标,\n,,经度,纬度\n"
    path.write_bytes((head + text).encode("gb18030"))
    table = read_points(path)
    assert near(table) == 8
    assert table.report["line"].tolist()[0] == 4
    assert any("two lines taken together" in note for note in table.notes)
    assert any("1 row(s) of title" in note for note in table.notes)


def test_titles_above_names_that_only_the_user_knows(write, rows, near):
    path = write(rows, above=["甲,乙,丙,丁"], header=["编号", "企业名称", "列一", "列二"])
    table = read_points(path, columns={"lon": "列一", "lat": "列二"})
    assert near(table) == 8
    assert table.facts["header_line"] == 2
