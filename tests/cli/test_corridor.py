"""jjj corridor: ids, files and pipes; profile and decay; refusals that name the nearest."""

import io
import json

import pandas as pd
import pytest

AXIS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"axis_id": "mine"},
            "geometry": {"type": "LineString", "coordinates": [[116.4, 39.9], [117.2, 39.1]]},
        }
    ],
}
ADDED = ["axis_id", "chainage_km", "offset_km", "side", "inside"]


def feature(lon, lat, **properties):
    place = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "properties": properties, "geometry": place}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_shipped_points_on_a_shipped_axis(jjj):
    ran = jjj("corridor", "facilities", "--axis", "plan-jingjin")
    assert ran.code == 0
    found = json.loads(ran.out)
    assert len(found["features"]) == 315
    first = found["features"][0]["properties"]
    assert list(first)[-6:] == [*ADDED, "beyond_end"]
    assert first["facility_id"]
    provenance = found["provenance"]
    assert provenance["parameters"] == {"axis": "plan-jingjin", "width_km": 10.0}
    assert [one["id"] for one in provenance["formulas"]] == ["corridor-membership"]
    assert "schematic" in provenance["inputs"]["axes"]["caveat"]["en"].lower()
    assert "315 points" in ran.err


def test_a_pipe_and_an_axis_from_a_file(jjj, tmp_path):
    (tmp_path / "axis.geojson").write_text(json.dumps(AXIS))
    text = collection(
        feature(116.4, 39.9, name="起点", side="A"), feature(117.2, 39.1, name="终点")
    )
    ran = jjj("corridor", "-", "--axis", "axis.geojson", "-o", "out.csv", stdin=text)
    assert ran.code == 0, ran.err
    found = pd.read_csv(tmp_path / "out.csv")
    assert found.axis_id.tolist() == ["mine", "mine"]
    assert found.chainage_km.iloc[0] == pytest.approx(0.0, abs=1e-3)
    assert found.chainage_km.iloc[1] == pytest.approx(112.3, abs=0.5)
    assert found.inside.tolist() == [True, True]
    assert found.side_in.iloc[0] == "A"


def test_a_set_measures_the_nearest_and_lists_ties(jjj):
    ran = jjj("corridor", "plan_nodes", "--axis", "plan-2026")
    found = [one["properties"] for one in json.loads(ran.out)["features"]]
    shared = next(one for one in found if one["node_id"] == "gov-tiananmen")
    assert shared["tied_axis_ids"] == "plan-jingjin plan-jingxiong"


def test_each_axis_of_a_set_has_its_profile_and_its_chart_on_the_map(jjj, tmp_path):
    words = ("--axis", "plan-2026", "-o", "o.csv", "--profile", "p.csv", "--map", "m.html")
    ran = jjj("corridor", "facilities", *words)
    assert ran.code == 0, ran.err
    profile = pd.read_csv(tmp_path / "p.csv")
    alone = jjj(
        "corridor", "facilities", "--axis", "plan-jingxiong", "--profile", "-", "-o", "x.csv"
    )
    own = pd.read_csv(io.StringIO(alone.out))
    mine = profile[profile.axis_id == "plan-jingxiong"].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, own)
    assert list(dict.fromkeys(profile.axis_id)) == ["plan-jingjin", "plan-jingxiong"]
    text = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "京雄走廊：沿线分布" in text
    assert "雄安新区启动区" in text


def test_profile_and_decay_beside_the_layer(jjj, tmp_path):
    words = ("--axis", "plan-jingjin", "-o", "o.geojson", "--profile", "p.csv", "--decay", "d.json")
    ran = jjj("corridor", "facilities", *words, "--by", "category")
    assert ran.code == 0, ran.err
    profile = pd.read_csv(tmp_path / "p.csv")
    rows = json.loads((tmp_path / "o.geojson").read_text())["features"]
    assert profile["count"].sum() == sum(one["properties"]["inside"] is True for one in rows)
    assert profile.category.nunique() == 12
    decay = json.loads((tmp_path / "d.json").read_text())
    assert decay["beta_low"] < decay["beta_per_km"] < decay["beta_high"]
    assert decay["n_blurred"] > 0
    assert decay["provenance"]["inputs"]["points"]["layer"] == "facilities"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("facilities", "--axis", "plan-jinjin"), "unknown axis 'plan-jinjin'; nearest: plan-jingjin"),
        (("facility", "--axis", "plan-jingjin"), "facility: neither a file nor a layer of the region jjj (nearest: facilities; "),
        (("facilities", "--axis", "plan-jingjin", "--width-km", "-3"), "width_km is -3.0"),
        (("counties", "--axis", "plan-jingjin"), "199 of 199 shapes are not points"),
        (("firms", "--axis", "plan-2026", "--decay", "d.json"), "2 axes are given where one is needed"),
        (("firms", "--axis", "plan-jingjin", "--profile", "p.csv", "--by", "indstry"), "unknown column 'indstry'; nearest: industry"),
        (("-", "--axis", "plan-jingjin"), "nothing came on standard input"),
    ],
)  # fmt: skip
def test_refusals_are_one_line_and_write_nothing(jjj, tmp_path, words, message):
    ran = jjj("corridor", *words, "-o", "out.geojson", stdin=b"")
    assert ran.code == 1
    assert message in ran.line
    assert list(tmp_path.iterdir()) == []


def test_an_axis_without_length_or_with_one_id_twice_is_named(jjj, tmp_path):
    flat = json.loads(json.dumps(AXIS))
    flat["features"][0]["geometry"]["coordinates"] = [[116.4, 39.9], [116.4, 39.9]]
    (tmp_path / "flat.geojson").write_text(json.dumps(flat))
    assert (
        "flat.geojson: axis mine has no length"
        in jjj("corridor", "towns", "--axis", "flat.geojson").line
    )
    (tmp_path / "twice.geojson").write_text(json.dumps({**AXIS, "features": AXIS["features"] * 2}))
    assert (
        "'mine' occurs more than once" in jjj("corridor", "towns", "--axis", "twice.geojson").line
    )


def test_an_axis_that_crosses_itself_is_named_once(jjj, tmp_path):
    cross = json.loads(json.dumps(AXIS))
    cross["features"][0]["geometry"]["coordinates"] = [[116, 39], [117, 40], [117, 39], [116, 40]]
    (tmp_path / "cross.geojson").write_text(json.dumps(cross))
    ran = jjj(
        "corridor", "stations", "--axis", "cross.geojson", "-o", "o.csv", "--profile", "p.csv"
    )
    assert ran.code == 0, ran.err
    assert ran.err.count("axis mine crosses itself") == 1
    assert "beyond the ends of the axis" in ran.err


def test_a_table_in_gcj02_is_read_with_its_datum(jjj, tmp_path):
    (tmp_path / "sites.csv").write_bytes(
        "名称,经度,纬度,年份,产值\n天安门,116.403694,39.909229,2020,5\n无,,,2021,1\n".encode(
            "gb18030"
        )
    )
    words = ("--axis", "plan-jingjin", "--datum", "gcj02", "-o", "o.csv")
    ran = jjj(
        "corridor", "sites.csv", *words, "--profile", "p.csv", "--year", "年份", "--weight", "产值"
    )
    assert ran.code == 0, ran.err
    found = pd.read_csv(tmp_path / "o.csv")
    assert found.offset_km.iloc[0] < 0.2
    assert found.inside.tolist()[0] is True
    assert pd.isna(found.inside.iloc[1])
    assert "1 of 2 rows used; left out: line 3: no coordinates" in ran.err
    assert pd.read_csv(tmp_path / "p.csv").weight_sum.sum() == 5


def test_a_shapefile_in_gbk(jjj, tmp_path):
    words = ("--axis", "plan-jingxiong", "-o", "a.shp", "--output-encoding", "GBK")
    ran = jjj("corridor", "facilities", *words)
    assert ran.code == 0
    assert "columns renamed" in ran.err
    assert (tmp_path / "a.cpg").read_text() == "GBK"


def test_csv_through_a_pipe(jjj):
    text = "name,lon,lat\na,116.40,39.91\n"
    ran = jjj("corridor", "-", "--axis", "plan-jingjin", stdin=text.encode())
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["features"][0]["properties"]["inside"] is True


def test_the_share_of_a_weight_stands_beside_that_of_the_points(jjj, tmp_path):
    place = [feature(116.8, 39.5, w=3), feature(116.4, 39.9, w=1), feature(114.0, 37.0, w=4)]
    words = ("-", "--axis", "axis.geojson", "--weight", "w", "-o", "o.csv", "--summary", "s.json")
    (tmp_path / "axis.geojson").write_text(json.dumps(AXIS))
    ran = jjj("corridor", *words, stdin=collection(*place))
    assert ran.code == 0, ran.err
    found = json.loads((tmp_path / "s.json").read_text())
    assert found["share"] == pytest.approx(2 / 3)
    assert found["of_weight"]["share"] == pytest.approx(4 / 8)


def test_summary_adds_up(jjj, tmp_path):
    ran = jjj("corridor", "firms", "--axis", "plan-jingjin", "-o", "o.csv", "--summary", "s.json")
    assert ran.code == 0, ran.err
    found = json.loads((tmp_path / "s.json").read_text())
    assert found["inside"] + found["outside"] + found["unknown"] + found["unplaced"] == 256
    assert found["land_of_region_km2"] < found["ribbon_km2"]
    assert 900 < found["rail_km"] < 1300
    assert found["share_low"] < found["share"] < found["share_high"]
