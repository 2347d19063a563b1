"""Tables without places come alike from any file: made here from one panel of three rows."""

import datetime as dt

import pandas as pd
import pytest
from openpyxl import Workbook

from geo.errors import GeoError, InputError
from geo.tables import read_cells

HEADER = ["城市代码", "城市", "年份", "GDP"]
ROWS = [
    ["010000", "北京", "2021", "40269.6"],
    ["120000", "天津", "2021", "15695.0"],
    ["130000", "河北", "2021", ""],
]


def _text(delimiter=",", above=()):
    return "\n".join([*above, *(delimiter.join(row) for row in [HEADER, *ROWS])]) + "\n"


def _is_whole(table, lines=(2, 3, 4)):
    assert list(table.frame.columns) == HEADER
    assert table.frame["城市代码"].tolist() == ["010000", "120000", "130000"]
    assert table.frame["GDP"].tolist()[:2] == ["40269.6", "15695.0"]
    assert pd.isna(table.frame["GDP"].iloc[2])
    assert table.lines.tolist() == list(lines)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_any_delimiter_and_encoding(tmp_path, delimiter, encoding):
    path = tmp_path / "面板.csv"
    path.write_bytes(_text(delimiter).encode(encoding))
    _is_whole(read_cells(path))


def test_titles_are_left_out_and_that_is_said(tmp_path):
    path = tmp_path / "面板.csv"
    path.write_text(_text(above=["城市面板（虚构）,,,", ",,,单位：亿元"]), encoding="utf-8")
    table = read_cells(path)
    _is_whole(table, (4, 5, 6))
    assert any("2 row(s) of title" in note for note in table.notes)


def test_a_workbook_reads_like_its_csv(tmp_path):
    book = Workbook()
    cover = book.active
    cover.title = "说明"
    cover.append(["本表为虚构示例"])
    sheet = book.create_sheet("数据")
    sheet.append(["城市面板（虚构）", None, None, None])
    sheet.merge_cells("A1:D1")
    sheet.append(HEADER)
    for code, city, year, gdp in ROWS:
        sheet.append([code, city, int(year), float(gdp) if gdp else None])
    book.save(tmp_path / "面板.xlsx")
    table = read_cells(tmp_path / "面板.xlsx")
    assert table.frame["年份"].tolist() == ["2021"] * 3
    assert table.frame["GDP"].tolist()[:2] == ["40269.6", "15695"]
    assert table.frame["城市代码"].tolist()[0] == "010000"
    assert table.lines.tolist() == [3, 4, 5]
    assert any("'数据'" in note for note in table.notes)


def test_cells_of_a_workbook_are_what_they_show(tmp_path):
    book = Workbook()
    book.active.append(["code", "flag", "day", "time", "n"])
    book.active.append(
        [110105.0, True, dt.datetime(2026, 2, 3), dt.datetime(2026, 2, 3, 4, 5), 0.1]
    )
    book.save(tmp_path / "b.xlsx")
    row = read_cells(tmp_path / "b.xlsx").frame.iloc[0].tolist()
    assert row == ["110105", "TRUE", "2026-02-03", "2026-02-03T04:05:00", "0.1"]


def test_typed_formats_keep_their_types(tmp_path):
    frame = pd.DataFrame({"code": ["010000"], "n": [1], "x": [0.5]})
    frame.to_parquet(tmp_path / "t.parquet")
    assert read_cells(tmp_path / "t.parquet").frame.dtypes.astype(str).tolist()[1:] == [
        "int64",
        "float64",
    ]


def test_columns_of_grouped_numbers_become_plain_and_that_is_said(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('city,GDP,note\n北京,"40,269.6","1,2"\n天津,１５６９５,x\n', encoding="utf-8")
    table = read_cells(path)
    assert table.frame["GDP"].tolist() == ["40269.6", "15695"]
    assert table.frame["note"].tolist() == ["1,2", "x"]
    assert [note for note in table.notes if "'GDP'" in note]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"a,b\n", "holds no rows"),
        (b"a,b\n1,2\n1,2,3\n", "line 3 has 1 more than the header: 3"),
        (b'a,b\n"1,2\n', "never closed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "cannot be read as a workbook"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path, content, message):
    path = tmp_path / "坏.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_cells(path)
    assert "坏.csv" in str(caught.value)


def test_a_missing_file_is_named():
    with pytest.raises(GeoError, match="lost.csv: does not exist"):
        read_cells("lost.csv")
