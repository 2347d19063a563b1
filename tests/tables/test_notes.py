"""Every note that a reader writes has its Chinese: shown on files that bring each of them out."""

import pytest
from openpyxl import Workbook

from geo.tables import read_points
from geo.tables.report import in_chinese


def _texts(write, rows):
    yield write(rows, name="a.csv", encoding="gb18030")
    yield write(rows, name="b.csv", encoding="utf-16")
    yield write(rows, name="c.csv", delimiter="^")
    yield write(rows, name="d.dbx")
    yield write(rows, name="e.csv", above=["名单,,,"])
    yield write(rows, name="f.csv", header=["编号", "", "经度", "纬度"])
    yield write(rows, name="g.csv", header=["编号", "编号", "经度", "纬度"])
    yield write([{**row, "坐标": "1,2"} for row in rows], name="h.csv")
    yield write([{**row, "公司名称": "x"} for row in rows], name="i.csv")
    path = write(rows, name="j.csv")
    text = path.read_text(encoding="utf-8").split("\n", 1)[1]
    path.write_text(f"编号,企业名称,坐标,\n,,经度,纬度\n{text}", encoding="utf-8")
    yield path


def _book(tmp_path, truth):
    book = Workbook()
    sheet = book.active
    sheet.append(["编号", "经度", "纬度", "城市"])
    for key, (_, lon, lat, _) in truth.items():
        sheet.append([key, lon, lat, "示例市"])
    sheet.merge_cells("D2:D4")
    sheet.append(["X", "=116.5", 39.9])
    sheet.row_dimensions[5].hidden = True
    book.create_sheet("说明").append(["x"])
    book.create_sheet("旧").sheet_state = "hidden"
    book.save(tmp_path / "k.xlsx")
    return tmp_path / "k.xlsx"


def test_every_note_has_its_chinese(write, rows, truth, tmp_path):
    paths = [*_texts(write, rows), _book(tmp_path, truth)]
    notes = [note for path in paths for note in read_points(path).notes]
    assert [note for note in notes if in_chinese(note) is None] == []
    assert len({in_chinese(note) for note in notes}) >= 14


@pytest.mark.parametrize("name", ["'a; b'", "'列\\n'", "'\\\\g<0>'"])
def test_names_of_columns_are_repeated_as_they_are(name):
    assert name in in_chinese(f"column {name} was not used: longitude and latitude have their own")
