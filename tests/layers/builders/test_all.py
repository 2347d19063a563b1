"""The builders: the committed bytes come out again, and edge cases of the parts."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point, box

from geo.errors import InputError, LayerError, UnknownIdError
from geo.layers import catalogue, read
from geo.layers.builders import boundaries, build, lines, sites
from geo.layers.builders.recipe import recipe
from geo.layers.store import forget_catalogue
from geo.region import current_region, open_region
from geo.sources import packages

REGION = open_region()
WRITTEN_BY_HAND = {"region.yaml", "layers.json", "build.yaml"}


def contents(folder):
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


@pytest.mark.sources
@pytest.mark.slow
def test_build_makes_every_committed_byte_again(installation, data_packages):
    before = contents(installation)
    for name in before:
        if name.endswith((".geojson", ".tif")):
            (installation / name).write_bytes(b"damaged")
    forget_catalogue()
    told = []
    written = build(report=told.append)
    assert sorted(told) == sorted(catalogue()["layers"])
    assert {one.name for one in written} == {
        one for one in before if "/" not in one and one not in WRITTEN_BY_HAND
    }
    after = contents(installation)
    assert list(after) == list(before)
    assert [name for name in before if before[name] != after[name]] == []


@pytest.mark.sources
def test_build_of_one_layer_leaves_the_others(installation, data_packages):
    before = contents(installation)
    (installation / "terrain.tif").unlink()
    assert [one.name for one in build(["terrain"])] == [
        "terrain.tif",
        "catalog.json",
        "README.md",
    ]
    assert contents(installation) == before


def test_an_unknown_layer_is_not_built(installation):
    before = contents(installation)
    with pytest.raises(UnknownIdError, match="nearest: terrain"):
        build(["terrainn"])
    assert contents(installation) == before


def test_city_of():
    assert [
        boundaries._city_of(one, REGION) for one in ("120119", "110000", "130181", "130682")
    ] == [
        "120000",
        "110000",
        "130100",
        "130600",
    ]


def counties():
    return gpd.GeoDataFrame(
        index=pd.Index(["110101", "110102"], name="adcode"),
        geometry=[box(116, 39, 117, 40), box(117, 39, 118, 40)],
        crs=4326,
    )


def points(**columns):
    table = {"position_accuracy_m": [1000, 1000, 1000], **columns}
    where = [Point(116.5, 39.5), Point(117.012, 39.5), Point(117.5, 39.5)]
    return gpd.GeoDataFrame({"adcode": ["110101"] * 3, **table}, geometry=where, crs=4326)


def test_check_county_takes_the_error_of_point_and_border():
    # 0.012 degrees of longitude at 39.5° N are 1,032 m: within 1,000 + 300, not within 500 + 300
    assert sites.check_county(points(), counties(), REGION).tolist() == [
        "inside",
        "within_accuracy",
        "outside",
    ]
    near = sites.check_county(points(position_accuracy_m=[500] * 3), counties(), REGION)
    assert near.tolist() == ["inside", "outside", "outside"]


def test_check_county_of_an_unknown_county_is_outside():
    assert (
        sites.check_county(points(adcode=["999999"] * 3), counties(), REGION).tolist()
        == ["outside"] * 3
    )


def test_chinese_name_is_the_shortest_in_han_characters():
    assert sites._chinese(["Zhuozhou", "涿州市", "涿州", "Чжочжоу"]) == "涿州"
    assert sites._chinese(["Zhuozhou", ""]) is None
    assert sites._chinese([]) is None


def test_axes_and_nodes_keep_the_order_of_the_table():
    table = open_region().table("axes", numbers=("order", "lon", "lat"))
    for axis_id, line in read("axes").geometry.items():
        rows = table[table.axis_id == axis_id].sort_values("order")
        assert isinstance(line, LineString)
        np.testing.assert_array_equal(shapely.get_coordinates(line), rows[["lon", "lat"]])
    assert set(read("plan_nodes").index) == set(table.node_id)
    both = table.groupby("node_id").basis.agg(set)
    for node, basis in read("plan_nodes").basis.items():
        assert basis == ("stated" if "stated" in both[node] else "schematic")


def test_circles_by_list_are_the_sum_of_their_counties():
    units = open_region().table("plan_units")
    area = read("counties").area_km2
    frame = read("circles")
    for circle in recipe(REGION).circles.each:
        own = units[units.circle == circle.circle]
        row = frame.loc[f"{circle.circle}-list"]
        assert row.area_km2 == pytest.approx(area[own.adcode].sum(), abs=0.2)
        assert row.n_counties == len(own)
        assert row.n_unconfirmed == (own.basis == "unconfirmed").sum()
        disk = frame.loc[f"{circle.circle}-radius"]
        assert disk.area_km2 == pytest.approx(np.pi * circle.radius_km**2, rel=3e-4)


def test_rail_lines_run_through_their_stations():
    table = open_region().table("rail_lines", numbers=("order",))
    stations = read("stations")
    for line_id, row in read("rail_lines").iterrows():
        stops = table[table.line_id == line_id].sort_values("order").station_facility_id
        where = stations.geometry.loc[stops]
        np.testing.assert_array_equal(
            shapely.get_coordinates(row.geometry), shapely.get_coordinates(where.to_numpy())
        )
        assert row.n_stations == len(stops)
        for stop in stops:
            assert line_id in stations.line_ids[stop].split()


@pytest.mark.sources
def test_a_name_that_differs_from_the_source_stops_the_build(installation, data_packages):
    file = installation / "tables" / "unit_names.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("通州区", "通县"), encoding="utf-8")
    with pytest.raises(InputError, match="110112"):
        boundaries.counties(current_region())


@pytest.mark.sources
def test_network_cuts_at_the_box(data_packages):
    frame = lines.network("rail", "r", REGION)
    assert frame.index.is_unique
    assert frame.index[0] == "r00000"
    west, south, east, north = frame.total_bounds
    assert (west >= 112.9, south >= 35.5, east <= 120.4, north <= 43.2) == (True,) * 4


TABLES_ALONE = ("facilities", "firms", "stations", "circles", "axes", "plan_nodes", "rail_lines")


def test_layers_of_tables_build_without_the_data_packages(installation, monkeypatch):
    before = contents(installation)
    for name in [one for one in dir(packages) if one.startswith("read_")]:
        monkeypatch.setattr(packages, name, lambda *_: pytest.fail("a data package was asked for"))
    for one in TABLES_ALONE:
        (installation / f"{one}.geojson").unlink()
    told = []
    build(TABLES_ALONE, told.append)
    assert sorted(told) == sorted(TABLES_ALONE)
    assert contents(installation) == before


def test_what_a_layer_needs_is_built_where_it_is_missing(installation):
    for one in ("facilities", "stations"):
        (installation / f"{one}.geojson").unlink()
    told = []
    build(["stations"], told.append)
    assert told == ["facilities", "stations"]
    assert (installation / "stations.geojson").is_file()
    assert not (installation / "facilities.geojson").exists()  # was not asked for


ROWS = """tree_id,adcode,lon,lat,position_accuracy_m,felled,height_m,note
t2,110101,116.41,39.92,100,true,,
t1,110101,116.42,39.91,50,false,12.5,old
"""
COLUMNS = [
    {"name": "adcode", "kind": "text", "meaning": "county", "pattern": r"[1-9]\d{5}"},
    {"name": "position_accuracy_m", "kind": "integer", "meaning": "accuracy", "unit": "m"},
    {"name": "felled", "kind": "flag", "meaning": "gone"},
    {"name": "height_m", "kind": "number", "meaning": "height", "unit": "m", "nullable": True},
    {"name": "note", "kind": "text", "meaning": "remark", "nullable": True},
    {"name": "county_check", "kind": "text", "meaning": "point against county"},
]


def with_layer(folder, rows=ROWS, **more):
    """Describe one more layer of points, and lay its table beside the others."""
    file = folder / "layers.json"
    listed = json.loads(file.read_text(encoding="utf-8"))
    names = {"zh": "树", "en": "Trees", "ja": "木"}
    listed["layers"].append(
        {"id": "trees", "title": names, "method": "Compiled.", "sources": ["facts"],
         "index": "tree_id", "geometry": ["Point"], "columns": COLUMNS} | more
    )  # fmt: skip
    file.write_text(json.dumps(listed), encoding="utf-8")
    (folder / "tables" / "trees.csv").write_text(rows, encoding="utf-8")
    return open_region("jjj")


def test_a_table_of_points_is_a_layer_without_a_builder(installation):
    own = with_layer(installation)
    build(["trees"], region=own)
    frame = read("trees", region=own)
    assert frame.index.tolist() == ["t1", "t2"]
    assert list(frame.columns) == [*[one["name"] for one in COLUMNS], "geometry"]
    assert frame.felled.tolist() == [False, True]
    assert frame.note.tolist() == ["old", None]
    assert frame.county_check.tolist() == ["inside", "inside"]
    assert frame.geometry.x.tolist() == [116.42, 116.41]
    assert "trees" in catalogue(own)["tables"]
    assert "Trees" in (installation / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "rows,said",
    [
        (ROWS.replace("lon,lat", "x,y"), "unknown column 'lon'"),
        (ROWS.replace("tree_id", "id"), "unknown column 'tree_id'"),
        (ROWS.replace("116.41", "far"), "lon is no number, 'far' in line 2"),
    ],
)
def test_a_table_that_makes_no_points_is_named(installation, rows, said):
    with pytest.raises((InputError, UnknownIdError), match=said):
        build(["trees"], region=with_layer(installation, rows))


def test_every_defect_of_such_a_table_is_named_at_once(installation):
    rows = ROWS.replace("felled", "gone").replace(",50,", ",50.5,")
    with pytest.raises(LayerError) as error:
        build(["trees"], region=with_layer(installation, rows))
    found = str(error.value)
    assert all(
        one in found
        for one in ("felled is missing", "gone is not in the schema", "position_accuracy_m: 1 are")
    )


def test_a_layer_that_nothing_makes_is_named(installation):
    own = with_layer(installation, geometry=["Polygon"])
    with pytest.raises(InputError, match="trees, which nothing makes"):
        build(["trees"], region=own)
