import pytest

from geo.errors import GeoError, InputError
from geo.tables import read_points


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end(write, rows, near, delimiter, end):
    assert near(read_points(write(rows, delimiter=delimiter, end=end))) == 8


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030", "utf-16-le", "utf-16-be"]
)
def test_encodings_are_found_and_said(write, rows, near, encoding):
    table = read_points(write(rows, encoding=encoding))
    assert near(table) == 8
    assert table.frame["企业名称"][3] == "示例企业3"
    if not encoding.startswith("utf-8"):
        assert any("read as" in note for note in table.notes)


def test_traditional_chinese_in_big5(write, rows, near):
    names = ["編號", "企業名稱", "經度", "緯度"]
    big5 = [dict(zip(names, [*row.values()], strict=True)) for row in rows]
    for row in big5:
        row["企業名稱"] = row["企業名稱"].replace("示例企业", "臺灣電機廠股份有限公司")
    table = read_points(write(big5, encoding="big5"))
    assert near(table, key="編號") == 8
    assert table.facts["encoding"] == "big5"


def test_japanese_headers_in_shift_jis(write, rows, near):
    names = ["番号", "会社名", "経度", "緯度"]
    made = [dict(zip(names, [*row.values()], strict=True)) for row in rows]
    for row in made:
        row["会社名"] = "サンプル株式会社"
    table = read_points(write(made, encoding="cp932"))
    assert near(table, key="番号") == 8
    assert table.frame["会社名"][0] == "サンプル株式会社"


def test_a_declared_encoding_wins_and_must_fit(write, rows, near):
    path = write(rows, encoding="gbk")
    assert near(read_points(path, encoding="gbk")) == 8
    with pytest.raises(InputError, match="line 1 is not utf-8"):
        read_points(path, encoding="utf-8")
    with pytest.raises(InputError, match="is not an encoding"):
        read_points(path, encoding="klingon")


def test_damaged_utf8_names_its_line(write, rows):
    path = write(rows)
    lines = path.read_bytes().split(b"\n")
    lines[4] = lines[4].replace("企".encode(), b"\xe4\xbc")
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(InputError, match="示例.csv: line 5 is damaged"):
        read_points(path)


def test_titles_above_the_header_are_left_out_and_said(write, rows, near):
    table = read_points(
        write(rows, above=["示例园区企业名单（虚构）,,,", ",,,", "填表日期：2026-03-01,,,"])
    )
    assert near(table) == 8
    assert table.report["line"].tolist() == list(range(5, 13))
    assert any("header is line 4" in note for note in table.notes)


def test_excel_s_separator_line(write, rows, near):
    assert near(read_points(write(rows, delimiter=";", above=["sep=;"]))) == 8


def test_a_row_with_too_many_cells_is_refused_alone(write, rows, near):
    path = write(rows)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("示例企业1", "示例,企业1")
    path.write_text("\n".join(lines), encoding="utf-8")
    table = read_points(path)
    assert near(table) == 7
    row = table.report.iloc[1]
    assert (row["line"], row["status"], row["reason"]) == (3, "refused", "extra_cells")


def test_rows_one_longer_than_the_header_are_never_shifted(write, rows):
    path = write(rows)
    lines = path.read_text(encoding="utf-8").splitlines()
    longer = [lines[0], *(f"{line},39.9" for line in lines[1:])]
    path.write_text("\n".join(longer), encoding="utf-8")
    with pytest.raises(InputError, match="header has 4 cells and every row more"):
        read_points(path)


def test_short_rows_keep_their_place_and_are_said(write, rows, near):
    path = write([{**row, "备注": "x"} for row in rows])
    text = path.read_text(encoding="utf-8").replace(",x\n", "\n", 1)
    path.write_text(text, encoding="utf-8")
    table = read_points(path)
    assert near(table) == 8
    assert table.report["reason"].tolist()[0] == "missing_cells"


def test_trailing_delimiters_and_blank_lines_are_no_rows(write, rows, near):
    path = write(rows)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n\n".join(f"{line},," for line in lines) + "\n,,,\n\n", encoding="utf-8")
    assert near(read_points(path)) == 8


def test_an_open_quote_is_one_clear_refusal(write, rows):
    path = write(rows)
    text = path.read_text(encoding="utf-8").replace("示例企业2", '"示例企业2', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="quote"):
        read_points(path)


def test_line_separators_inside_a_cell_do_not_count_as_lines(write, rows, near):
    rows[1]["企业名称"] = "示例\u2028企业\u0085x"
    rows[2]["企业名称"] = "示例\n企业"
    table = read_points(write(rows))
    assert near(table) == 8
    assert table.report["line"].tolist() == [2, 3, 4, 6, 7, 8, 9, 10]
    assert table.frame["企业名称"][1] == "示例\u2028企业\u0085x"


def test_blank_and_repeated_headers_get_names_of_their_own(write, rows, near):
    path = write(
        [{**row, "a": "1", "b": "2"} for row in rows],
        header=["编号", "企业名称", "经度", "纬度", "", "编号"],
    )
    table = read_points(path)
    assert near(table) == 8
    assert list(table.frame.columns[:6]) == [
        "编号",
        "企业名称",
        "经度",
        "纬度",
        "column_5",
        "编号_2",
    ]
    assert len([note for note in table.notes if note.startswith("column")]) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\x03" * 50,
        b"a,b\n1\x00,2\n",
        b"\n\n\n",
        b"just a sentence",
        "编号,企业名称\n1,甲\n".encode(),
        "编号,经度\n1,116.4\n".encode(),
        "经度,纬度\n".encode(),
        b"%PDF-1.4 ...",
        b"PK\x03\x04garbage",
        b"<!DOCTYPE html><table></table>",
        b"\xd0\xcf\x11\xe0old excel",
        b"\x1f\x8b\x08gz",
        b'"a,b\n1,2\n3,4',
    ],
)
def test_what_is_no_table_of_places_is_refused_by_name(tmp_path, content):
    path = tmp_path / "坏文件.csv"
    path.write_bytes(content)
    with pytest.raises(GeoError) as caught:
        read_points(path)
    assert "坏文件.csv" in str(caught.value)


def test_every_text_column_comes_back_as_it_went_in(write, rows):
    rows[0]["企业名称"] = ' "=1+1" <b>{{x}}</b> \t'
    made = [
        {**row, "邮编": "012345", "代号": "007", "产值": str(at), "比率": f"{at}.5"}
        for at, row in enumerate(rows)
    ]
    table = read_points(write(made))
    assert table.frame["企业名称"].tolist() == [row["企业名称"] for row in rows]
    assert table.frame["邮编"].tolist() == ["012345"] * 8
    assert table.frame["代号"].tolist() == ["007"] * 8
    assert table.frame["产值"].tolist() == list(range(8))
    assert table.frame["比率"].tolist() == [at + 0.5 for at in range(8)]


def test_columns_of_our_names_get_in(write, rows):
    table = read_points(
        write([{**row, "adcode": "x", "county": "y", "geometry": "z"} for row in rows])
    )
    assert {"adcode", "county", "geometry_in"} <= set(table.frame.columns)


@pytest.mark.parametrize("word", ["字", "优", "否"])
def test_one_chinese_sign_is_enough_to_tell_gbk(tmp_path, word):
    path = tmp_path / "t.csv"
    path.write_bytes(f"lon,lat,kind\n116.41,39.91,{word}\n".encode("gbk"))
    assert read_points(path).frame["kind"].tolist() == [word]


def test_western_text_is_not_taken_for_gbk(tmp_path):
    path = tmp_path / "t.csv"
    text = "lon,lat,name\n116.41,39.91,Müller Straße\n116.42,39.92,Café Zoë\n"
    path.write_bytes(text.encode("cp1252"))
    assert read_points(path).frame["name"].tolist() == ["Müller Straße", "Café Zoë"]
