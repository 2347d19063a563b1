"""jjj flows: tables in their shapes, the verdict's contract, and every bad row named."""

import json
from pathlib import Path

import pytest

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "golden" / "b_network_jjj13_fixture.json").read_text()
)
ALWAYS = {
    "core",
    "main_axis",
    "secondary_axes",
    "density",
    "backbone_weight_share",
    "alpha",
    "n_nodes",
    "years",
}


def csv(rows, header="origin,destination,weight"):
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def test_the_golden_network_through_a_pipe(jjj, tmp_path):
    ran = jjj("flows", "-", "--verdict", "v.json", stdin=csv(GOLDEN["edges"]).encode())
    assert ran.code == 0, ran.err
    lines = json.loads(ran.out)
    assert len(lines["features"]) == 29
    assert {one["properties"]["axis"] for one in lines["features"]} == {
        None,
        "main",
        "secondary-1",
    }
    assert lines["provenance"]["parameters"]["alpha"] == 0.05
    verdict = json.loads((tmp_path / "v.json").read_text())
    assert set(verdict) >= ALWAYS
    assert verdict["core"] == "北京"
    assert verdict["main_axis"] == ["北京", "天津"]
    assert verdict["secondary_axes"] == [["北京", "保定", "石家庄"]]
    assert verdict["confidence"]["main"] == 1.0
    assert "secondary axis: Beijing–Baoding–Shijiazhuang" in ran.err


def test_no_axis_is_an_answer(jjj, tmp_path):
    rows = [("北京", "天津", 5), ("天津", "保定", 5), ("北京", "保定", 5)]
    (tmp_path / "even.csv").write_text(csv(rows), encoding="utf-8")
    ran = jjj("flows", "even.csv", "--nodes", "prefectures", "-o", "o.csv", "--verdict", "v.json")
    assert ran.code == 0, ran.err
    verdict = json.loads((tmp_path / "v.json").read_text())
    assert verdict["main_axis"] is None
    assert verdict["secondary_axes"] == []
    assert verdict["n_nodes"] == 13


def test_years_of_another_column_in_gbk_and_a_matrix(jjj, tmp_path):
    rows = [("北京", "天津", 5, 2013), ("北京", "保定", 5, 2013), ("北京", "天津", 9, 2014)]
    text = csv(rows, "Origin,Destination,Weight,年份")
    (tmp_path / "gbk.csv").write_bytes(text.encode("gb18030"))
    ran = jjj("flows", "gbk.csv", "--year", "年份", "-o", "o.csv", "--verdict", "v.json")
    assert ran.code == 0, ran.err
    assert json.loads((tmp_path / "v.json").read_text())["years"] == [2013, 2014]
    assert "2014: flows between 2 of 13 units only" in ran.err
    matrix = "城市,北京,天津,保定\n北京,,,\n天津,5,,\n保定,4,1,\n"
    ran = jjj("flows", "-", "-o", "m.csv", stdin=matrix.encode())
    assert ran.code == 0, ran.err
    assert len((tmp_path / "m.csv").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        (
            csv([("北京", "天津", -1), ("北京", "保定", "")]),
            (),
            "standard input: weights are missing or no number in 1 rows (first empty in row 2, 北京 to 保定) and negative in 1 rows (first -1 in row 1, 北京 to 天津)",
        ),
        (
            csv([("北京", "北京", 1), ("北京", "天津", 1), ("北京", "天津", 2)]),
            (),
            "1 pairs occur more than once, first 北京市 to 天津市 (row 3)",
        ),
        (csv([("甲", "乙", 1)]), (), "with unknown units: 甲, 乙"),
        (csv([("北京", "天津", 1)]), ("--alpha", "2"), "alpha is 2.0"),
        (csv([("北京", "天津", 1)]), ("--year", "years"), "standard input: unknown column 'years'"),
        (csv([("北京", "天津", 1)]), ("--only", "2013"), "standard input: no flows in 2013"),
        ("city,gdp\n北京,5\n", (), "neither a table with origin"),
        ("", (), "nothing came on standard input"),
        ("origin,destination,weight\n", (), "holds no rows"),
    ],
)
def test_refusals_are_one_line_and_write_nothing(jjj, tmp_path, text, words, message):
    ran = jjj("flows", "-", *words, "-o", "o.geojson", stdin=text.encode())
    assert ran.code == 1
    assert message in ran.line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("flows", "Core and axes from flows (axis-rule)"),
        ("corridor", "Clark"),
        ("leastcost", "Adriaensen"),
    ],
)
def test_formulas_are_explained_without_any_data(jjj, command, said):
    ran = jjj(command, "--explain")
    assert ran.code == 0, ran.err
    assert said in ran.out
    assert "caveat:" in ran.out
    assert ran.err == ""


def test_a_missing_file_is_named(jjj):
    assert "lost.csv: does not exist" in jjj("flows", "lost.csv").line


def test_a_workbook_with_titles_and_a_semicolon_table_in_gbk_say_the_same(jjj, tmp_path):
    """The cells of the golden network, as a planning institute would send them."""
    from openpyxl import Workbook

    book = Workbook()
    cover = book.active
    cover.append(["说明：合成测试数据"])
    sheet = book.create_sheet("联系")
    sheet.append(["城市联系强度", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(["origin", "destination", "weight"])
    for row in GOLDEN["edges"]:
        sheet.append(row)
    book.save(tmp_path / "od.xlsx")
    text = csv(GOLDEN["edges"]).replace(",", ";")
    (tmp_path / "od.txt").write_bytes(("城市联系强度;;\n" + text).encode("gb18030"))
    for name in ("od.xlsx", "od.txt"):
        ran = jjj("flows", name, "-o", f"{name}.csv", "--verdict", f"{name}.json")
        assert ran.code == 0, ran.err
        assert f"{name}: " in ran.err
        assert "1 row(s) of title above it were left out" in ran.err
        verdict = json.loads((tmp_path / f"{name}.json").read_text())
        assert verdict["main_axis"] == ["北京", "天津"]
        assert verdict["secondary_axes"] == [["北京", "保定", "石家庄"]]
    assert (tmp_path / "od.xlsx.csv").read_bytes() == (tmp_path / "od.txt.csv").read_bytes()
