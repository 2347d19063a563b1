import json

import geopandas as gpd
import pandas as pd
import pytest

ROWS = """编号,企业名称,经度,纬度,地址,adcode,备注
S1,示例甲,116.512345,39.912345,,,=cmd
S2,示例乙,39.912345,116.512345,,,{{x}}
S3,示例丙,,,河北省石家庄市桥西区中山路,,<b>
S4,示例丁,abc,39.9,桥西区,,
S5,示例戊,120.5,39.95,,,
"""
CONTRACT = [
    "adcode", "county", "city", "province", "in_xiongan", "location_basis", "location_accuracy_m",
    "boundary_distance_m", "ambiguous", "datum_in",
]  # fmt: skip


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "示例 企业[名单].csv"
    path.write_bytes(ROWS.encode("gb18030"))
    return path


def test_a_table_becomes_a_layer_with_its_report(jjj, table, tmp_path):
    ran = jjj("locate", table, "-o", "out.geojson", "--report", "r.json")
    assert ran.code == 0
    assert "共 5 行" in ran.err
    assert "gb18030" in ran.err
    content = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    features = content["features"]
    assert [one["properties"]["编号"] for one in features] == ["S1", "S2", "S3", "S4", "S5"]
    assert list(features[0]["properties"])[7:] == CONTRACT
    assert features[0]["properties"]["adcode"] == "110105"
    assert features[0]["properties"]["adcode_in"] == ""
    assert features[0]["geometry"]["coordinates"] == features[1]["geometry"]["coordinates"]
    assert [one["properties"]["location_basis"] for one in features] == [
        "coordinates",
        "coordinates",
        "address",
        "none",
        "coordinates",
    ]
    assert features[3]["geometry"] is None
    assert features[4]["geometry"] is not None
    assert features[4]["properties"]["adcode"] is None
    assert content["provenance"]["inputs"]["table"]["file"] == table.name
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["rows"], report["placed"], report["repaired"], report["refused"]) == (5, 2, 2, 1)
    assert [one["line"] for one in report["rows_told"]] == [2, 3, 4, 5, 6]
    assert report["reasons"]["swapped"]["rows"] == 1


def test_pipes_csv_and_a_report_of_rows(jjj, table, tmp_path):
    ran = jjj("-q", "locate", "-", stdin=table.read_bytes())
    assert ran.code == 0
    assert ran.err == ""
    assert len(json.loads(ran.out)["features"]) == 5
    ran = jjj("locate", table, "-o", "out.csv", "--report", "r.csv", "--to", "prefectures")
    assert ran.code == 0
    frame = pd.read_csv(
        tmp_path / "out.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False
    )
    assert frame["备注"].tolist()[:3] == ["'=cmd", "{{x}}", "<b>"]
    assert frame["adcode"].tolist() == ["110000", "110000", "130100", "", ""]
    assert len(pd.read_csv(tmp_path / "r.csv")) == 5


def test_parquet_and_geopackage(jjj, table, tmp_path):
    for name in ("out.parquet", "out.gpkg"):
        assert jjj("locate", table, "-o", name).code == 0
    assert gpd.read_parquet(tmp_path / "out.parquet")["county"].tolist()[:3] == [
        "朝阳区",
        "朝阳区",
        "桥西区",
    ]
    assert len(gpd.read_file(tmp_path / "out.gpkg")) == 5


def test_a_shapefile_in_gbk_and_its_losses(jjj, table, tmp_path):
    ran = jjj("locate", table, "-o", "out.shp", "--output-encoding", "GBK")
    assert ran.code == 0
    assert "location_accuracy_m → location_a" in ran.err
    assert (tmp_path / "out.cpg").read_text() == "GBK"
    back = gpd.read_file(tmp_path / "out.shp")
    assert back["企业名称"].tolist() == ["示例甲", "示例乙", "示例丙", "示例丁", "示例戊"]
    for words, code, said in (
        (("-o", "out.gpkg"), 1, "out.gpkg: only .csv and .shp are written in GBK"),
        (("-o", "parts", "--parts"), 2, "--output-encoding works without it"),
    ):
        ran = jjj("locate", table, *words, "--output-encoding", "GBK")
        assert (ran.code, said in ran.err) == (code, True)
    assert {one.suffix for one in tmp_path.iterdir()} == {
        ".csv", ".shp", ".shx", ".dbf", ".prj", ".cpg",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("名称,地址\n甲,上海市浦东新区\n乙,\n", "none of its 2 rows can be placed"),
        ("名称,经度,纬度\n甲,0,0\n", "none of its 1 rows can be placed: the point is (0, 0)"),
        ("a,b\n1,2\n", "no column says where a row is"),
        ("", "is empty"),
    ],
)
def test_what_cannot_be_placed_is_one_line_and_no_output(jjj, tmp_path, content, words):
    path = tmp_path / "坏.csv"
    path.write_text(content, encoding="utf-8")
    ran = jjj("locate", path, "-o", "out.geojson", "--report", "r.json")
    assert ran.code == 1
    assert words in ran.line
    assert "坏.csv" in ran.line
    assert sorted(one.name for one in tmp_path.iterdir()) == ["坏.csv"]


def test_a_report_that_cannot_be_written_leaves_no_layer_either(jjj, table, tmp_path):
    ran = jjj("locate", table, "-o", "out.geojson", "--report", "nowhere/r.json")
    assert ran.code == 1
    assert not (tmp_path / "out.geojson").exists()
    (tmp_path / "out.geojson").write_text("old")
    assert jjj("locate", table, "-o", "out.geojson").code == 1
    assert (tmp_path / "out.geojson").read_text() == "old"


def test_named_columns_and_usage(jjj, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("p,q,r\n116.512345,39.912345,x\n")
    assert jjj("locate", path, "--lon", "p", "--lat", "q", "-o", "o.geojson").code == 0
    assert jjj("locate", path, "--lat", "q").code == 2
    ran = jjj("locate", path, "--lon", "z", "--lat", "q")
    assert (ran.code, "unknown column 'z'" in ran.line) == (1, True)
    ran = jjj("locate", path, "--lon", "p", "--lat", "q", "--datum", "mars")
    assert (ran.code, "'mars'" in ran.line) == (1, True)
    ran = jjj("locate", path, "--to", "countis")
    assert ran.code == 1


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".parquet", ".geojsonl"])
def test_a_large_table_goes_through_in_pieces(jjj, tmp_path, suffix):
    rows = 210_000
    lines = [
        f"N{at},{114 + at % 5000 / 1000:.4f}5,{37 + at // 50 % 5000 / 1000:.4f}5"
        for at in range(rows)
    ]
    lines[200_123] = "N200123,0,0"
    path = tmp_path / "大.csv"
    path.write_text("编号,经度,纬度\n" + "\n".join(lines), encoding="utf-8")
    ran = jjj("locate", path, "-o", f"o{suffix}", "--report", "r.json")
    assert ran.code == 0
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["rows"], report["refused"]) == (rows, 1)
    assert report["reasons"]["null_island"]["first_lines"] == [200_125]
    if suffix == ".parquet":
        frame = gpd.read_parquet(tmp_path / "o.parquet")
        assert frame["编号"].tolist() == [f"N{at}" for at in range(rows)]
        assert frame.geometry.isna().sum() == 1
    else:
        assert (tmp_path / "o.geojsonl").read_bytes().count(b"\n") == rows
