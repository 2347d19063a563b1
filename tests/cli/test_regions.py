"""``--region``: every command over a region of two levels in the south, and over one across 180°."""

import csv
import json

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import smoke
from pyproj import Geod
from toy_regions import make_bare, make_toy

GEOD = Geod(ellps="WGS84")
TABLES = {
    "od.csv": "origin,destination,weight,year\nA,B,9,2019\nB,A,4,2020\n",
    "sectors.csv": "region,industry,value\nA,x,3\nA,y,5\nB,x,9\nB,y,1\n",
    "functions.csv": "region,management,production\nA,3,5\nB,1,9\n",
    "roles.csv": "region,role\nA,research\nA,manufacturing\nB,application\n",
    "chains.csv": "origin,destination,stage,weight\nA,B,x,2\nB,A,x,3\nA,A,x,4\n",
    "branches.csv": "headquarters,branch\nA,B\nB,A\n",
    "cities.csv": "region,population,gdp\nA,3,4\nB,5,6\n",
    "totals.csv": "region,origins,destinations\nA,3,4\nB,4,3\n",
    "pairs.csv": "origin,destination,cost\nA,B,9\nB,A,9\nA,A,1\nB,B,1\n",
    "inequality.csv": "region,value,weight\nA,3,1\nB,5,2\n",
    "plants.csv": "region,industry,value\nA,x,3\nB,x,9\nA,x,1\nB,y,4\n",
    "jobs.csv": "region,value\nA,30\nB,90\n",
    "panel.csv": "city,x,y\nA,1,2\nB,3,4\n",
}
RUNS = {
    "access": "access --to facilities -o o.geojson --isochrones i.geojson",
    "atlas": "atlas -o pages",
    "coordination": "coordination panel.csv --unit city --subsystem a=x --subsystem b=y -o o.csv",
    "corridor": "corridor facilities --axis spine -o o.csv --summary s.json --map m.html "
    "--profile p.csv --decay d.json --by category",
    "flows": "flows od.csv -o o.geojson --verdict v.json",
    "interaction gravity": "interaction gravity cities.csv -o o.geojson",
    "interaction wilson": "interaction wilson totals.csv --pairs pairs.csv --beta 0.1 -o o.csv",
    "layers check": "layers check",
    "layers export": "layers export districts -o o.dxf",
    "layers info": "layers info districts",
    "layers list": "layers list",
    "leastcost": "leastcost --from 146.2,-42.2 --to Bindi -o o.tif --axis spine",
    "locate": "locate region/facilities.csv -o o.csv --report r.json",
    "map": "map facilities districts axes terrain -o o.html --summary s.json",
    "plan alternatives": "plan alternatives --circle inner -o o.csv",
    "plan axes": "plan axes od.csv -o o.csv",
    "plan circles": "plan circles facilities -o o.csv --map o.html",
    "plan elements": "plan elements -o o.geojson",
    "plan fit": "plan fit facilities -o o.csv",
    "raster clip": "raster clip terrain -o o.tif",
    "raster hillshade": "raster hillshade terrain -o o.tif",
    "raster zonal": "raster zonal terrain -o o.csv",
    "roles agglomeration": "roles agglomeration plants.csv --regions jobs.csv -o o.csv",
    "roles branches": "roles branches branches.csv -o o.geojson",
    "roles chains": "roles chains chains.csv -o o.csv",
    "roles functions": "roles functions functions.csv -o o.geojson",
    "roles inequality": "roles inequality inequality.csv -o o.csv",
    "roles specialisation": "roles specialisation sectors.csv -o o.geojson",
    "roles triangle": "roles triangle roles.csv -o o.csv",
    "structure": "structure facilities --measure moran -o o.geojson",
    "surface": "surface facilities -o o.tif --year year",
}
OF_CHINA = {
    "claims",
    "codes upgrade",
    "roles concentration",
}  # need tables that the region does not have: refused by name
REGIONLESS = {"check growth", "explain", "layers build", "plan scorecard"}


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return make_toy(tmp_path_factory.mktemp("regions") / "toy")


@pytest.fixture(scope="module")
def fiji(tmp_path_factory):
    return make_bare(tmp_path_factory.mktemp("regions") / "fiji", "fiji", 179.2, -18.0)


@pytest.fixture
def here(toy, tmp_path):
    (tmp_path / "region").symlink_to(toy)
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def rows(path):
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_every_command_is_run_here():
    assert set(RUNS) | OF_CHINA | REGIONLESS == smoke.commands()


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(RUNS))
def test_a_region_of_two_levels_in_the_south_runs_every_command(jjj, here, command):
    ran = jjj("--region", "region", *RUNS[command].split())
    assert ran.code == 0, ran.err
    told = ran.out + ran.err
    for page in here.glob("**/*.html"):
        told += page.read_text(encoding="utf-8").replace("Jing-Jin-Ji", "")
    for borrowed in ("天地图", "Tianditu", "Beijing", "北京", "雄安", "tianditu"):
        assert borrowed not in told, command


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("codes upgrade od.csv --code origin --from 2010 -o o.csv", "gazetteer.names"),
        ("claims -o o.csv", "lacks pages"),
        ("layers build districts", "build.yaml"),
        ("roles concentration facilities -o o.csv", "coverage"),
    ],
)
def test_what_the_region_lacks_is_named(jjj, here, words, field):
    ran = jjj(*words.split(), "--region", "region")
    assert ran.code == 1
    assert field in ran.line
    assert not (here / "o.csv").exists()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("access --to sites.csv", "networks.road"),
        ("leastcost --from 179.5,-17.8 --to 179.9,-17.2 -o o.tif", "networks.rail"),
        ("plan circles", "lacks plan"),
        ("flows od.csv", "units.seats"),
        ("interaction gravity cities.csv", "units.seats"),
        ("corridor sites.csv --axis spine", "layers.axes"),
        ("raster zonal terrain", "terrain"),
    ],
)
def test_an_absent_field_is_refused_by_name_and_never_borrowed(jjj, fiji, tmp_path, words, field):
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "sites.csv").write_text("name,lon,lat\na,179.6,-17.6\nb,-179.9,-17.2\n")
    ran = jjj(*words.split(), env={"JJJ_REGION": str(fiji)} | env())
    assert ran.code == 1
    assert field in ran.line
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("o.")] == []


def env():
    import os

    return dict(os.environ)


@pytest.mark.slow
def test_a_region_across_180_degrees_is_whole(jjj, fiji, tmp_path):
    (tmp_path / "sites.csv").write_text(
        "name,lon,lat\nwest,179.31234,-17.61234\neast,-179.71234,-17.21234\nfar,0.51234,-17.51234\n"
    )
    (tmp_path / "axis.geojson").write_text(
        json.dumps({"type": "LineString", "coordinates": [[179.4, -17.5], [-179.6, -17.5]]})
    )
    assert jjj("--region", fiji, "locate", "sites.csv", "-o", "o.csv").code == 0
    found = rows(tmp_path / "o.csv")
    assert [one["adcode"] for one in found] == ["A-1", "B-3", ""]
    assert [one["city"] for one in found] == ["Aroha", "Bindi", ""]
    words = (
        "corridor",
        "sites.csv",
        "--axis",
        "axis.geojson",
        "-o",
        "c.csv",
        "--summary",
        "s.json",
    )
    assert jjj("--region", fiji, *words).code == 0
    told = json.loads((tmp_path / "s.json").read_text())
    true = GEOD.inv(179.4, -17.5, -179.6, -17.5)[2] / 1000
    assert told["length_km"] == pytest.approx(true, rel=1e-3)
    assert jjj("--region", fiji, "structure", "sites.csv", "-o", "st.csv").code == 0
    apart = GEOD.inv(179.31234, -17.61234, -179.71234, -17.21234)[2] / 2
    spread = rows(tmp_path / "st.csv")[0]["standard_distance_m"]
    assert float(spread) == pytest.approx(apart, rel=1e-3)
    for words in (
        "map sites.csv districts -o m.html",
        "atlas -o pages",
        "surface sites.csv -o s.tif",
    ):
        assert jjj("--region", fiji, *words.split()).code == 0, words
    with rasterio.open(tmp_path / "s.tif") as file:
        assert np.nanmax(file.read(1)) > 0


def test_the_option_stands_before_or_after_or_in_the_environment(jjj, toy):
    before = jjj("--region", toy, "layers", "list", "--plain").out
    after = jjj("layers", "list", "--plain", "--region", toy).out
    named = jjj("layers", "list", "--plain", env=env() | {"JJJ_REGION": str(toy)}).out
    assert before == after == named
    assert "districts" in before.split()
    assert "counties" in jjj("layers", "list", "--plain", "--region", "jjj").out.split()


def test_the_nearer_option_wins(jjj, toy, fiji):
    ran = jjj("--region", toy, "layers", "list", "--plain", "--region", fiji)
    assert ran.out.split() == ["districts", "provinces"]


@pytest.mark.parametrize("name", ["tokio", "/nowhere", "x" * 300])
def test_what_is_no_region_is_one_line(jjj, name):
    ran = jjj("--region", name, "layers", "list")
    assert ran.code == 1
    assert "unknown region" in ran.line
    assert "known: jjj" in ran.line


def test_a_folder_without_a_profile_is_no_region(jjj, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no region.yaml" in jjj("layers", "list", "--region", "empty").line


# -- the user's own axis, units and nodes define the study area


@pytest.fixture
def bay(tmp_path):
    spots = [(-122.41, 37.78), (-122.27, 37.80), (-121.89, 37.33), (-122.03, 37.55)]
    lines = ["name,weight,lon,lat"]
    lines += [f"s{at},{at + 1},{lon}1234,{lat}1234" for at, (lon, lat) in enumerate(spots)]
    (tmp_path / "sites.csv").write_text("\n".join(lines) + "\n")
    axis = {"type": "LineString", "coordinates": [[-122.4, 37.8], [-121.9, 37.3]]}
    (tmp_path / "axis.geojson").write_text(json.dumps(axis))
    squares = []
    for key, west in (("W", -122.6), ("E", -122.2)):
        ring = [[west, 37], [west + 0.4, 37], [west + 0.4, 38], [west, 38], [west, 37]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        properties = {"geoid": key, "name": f"County {key}"}
        squares.append({"type": "Feature", "properties": properties, "geometry": geometry})
    whole = {"type": "FeatureCollection", "features": squares}
    (tmp_path / "units.geojson").write_text(json.dumps(whole))
    return tmp_path


def test_an_axis_elsewhere_is_measured_where_it_lies_and_that_is_said(jjj, bay):
    words = "corridor sites.csv --axis axis.geojson -o o.csv --summary s.json"
    ran = jjj(*words.split())
    assert ran.code == 0
    assert (
        "axis.geojson lies outside the region jjj: measured in a projection of its own" in ran.err
    )
    told = json.loads((bay / "s.json").read_text())
    true = GEOD.inv(-122.4, 37.8, -121.9, 37.3)[2] / 1000
    assert told["length_km"] == pytest.approx(true, rel=1e-3)
    assert not {"rail_km", "road_km", "land_of_region_km2"} & set(told)
    assert all(one["chainage_km"] for one in rows(bay / "o.csv"))


def test_units_elsewhere_place_rows_by_their_own_id(jjj, bay):
    assert jjj("locate", "sites.csv", "--to", "units.geojson", "-o", "o.csv").code == 0
    found = rows(bay / "o.csv")
    assert [one["adcode"] for one in found] == ["W", "W", "E", "E"]
    assert {one["county"] for one in found} == {"County W", "County E"}
    assert not {"city", "province"} & set(found[0])
    assert [float(one["boundary_distance_m"]) > 1000 for one in found] == [True] * 4


@pytest.mark.parametrize(
    "words",
    [
        "surface sites.csv -o o.tif", "structure sites.csv -o o.csv", "access --to sites.csv -o o.csv",
        "locate sites.csv -o o.csv", "plan fit sites.csv -o o.csv", "plan circles sites.csv -o o.csv",
        "corridor sites.csv --axis plan-jingjin -o o.csv",
    ],
)  # fmt: skip
def test_what_uses_the_regions_own_layers_refuses_other_places(jjj, bay, words):
    ran = jjj(*words.split())
    assert ran.code == 1
    assert "sites.csv" in ran.err
    assert not list(bay.glob("o.*"))
    if not words.startswith("locate"):
        assert "--region" in ran.err


@pytest.mark.parametrize("land", ["none", "units.geojson"])
def test_a_surface_on_the_users_own_land(jjj, bay, land):
    ran = jjj("surface", "sites.csv", "--land", land, "-o", "o.tif")
    if land == "none":
        assert ran.code == 1  # the points alone define no study area
        return
    assert ran.code == 0, ran.err
    with rasterio.open(bay / "o.tif") as file:
        assert file.crs.to_dict()["lat_0"] == pytest.approx(37.5, abs=0.1)
        assert np.nansum(file.read(1)) > 0


def test_a_map_draws_anywhere(jjj, bay):
    assert jjj("map", "sites.csv", "axis.geojson", "units.geojson", "-o", "m.html").code == 0
    assert "天地图" not in (bay / "m.html").read_text(encoding="utf-8")


def test_ids_are_asked_for_where_several_columns_could_be(jjj, bay):
    units = gpd.read_file(bay / "units.geojson").rename(columns={"geoid": "plain", "name": "other"})
    units.to_file(bay / "two.geojson")
    ran = jjj("locate", "sites.csv", "--to", "two.geojson", "-o", "o.csv")
    assert ran.code == 1
    assert "several columns tell its units apart (plain, other); name the id with --id" in ran.line
    assert (
        jjj("locate", "sites.csv", "--to", "two.geojson", "--id", "other", "-o", "o.csv").code == 0
    )
    assert rows(bay / "o.csv")[0]["adcode"] == "County W"
    ran = jjj("locate", "sites.csv", "--to", "two.geojson", "--id", "nope", "-o", "p.csv")
    assert "unknown column 'nope'" in ran.line


def test_the_older_meaning_of_region_is_understood_and_said(jjj, tmp_path):
    (tmp_path / "t.csv").write_text("town,industry,value\n北京,x,3\n北京,y,5\n天津,x,9\n天津,y,1\n")
    ran = jjj("roles", "specialisation", "t.csv", "--region", "town", "-o", "o.csv")
    assert ran.code == 0
    assert "--region town was read as the column of cities; write --city town" in ran.err
    assert jjj("roles", "specialisation", "t.csv", "--city", "town", "-o", "p.csv").code == 0
    assert (tmp_path / "o.csv").read_bytes() == (tmp_path / "p.csv").read_bytes()
    ran = jjj("roles", "specialisation", "t.csv", "--region", "tokio", "-o", "q.csv")
    assert "unknown column 'tokio'" in ran.line


@pytest.mark.slow
def test_a_gallery_shows_no_picture_of_another_region(jjj, here):
    assert jjj("--region", "region", "atlas", "-o", "pages").code == 0
    index = (here / "pages" / "index.html").read_text(encoding="utf-8")
    assert "<img" not in index
    assert "6 districts, 2 provinces" in index
    assert "6 of 32 points" in index  # the finding of the corridors


@pytest.mark.slow
def test_an_island_far_off_leaves_the_rest_its_lengths(jjj, tmp_path, tmp_path_factory):
    """As Ogasawara belongs to Tokyo, a thousand kilometres out."""
    folder = make_bare(tmp_path_factory.mktemp("regions") / "isles", "isles", 139.0, 35.0)
    for name, key in (("districts.geojson", "A-9"), ("provinces.geojson", "A")):
        whole = json.loads((folder / name).read_text())
        ring = [[142, 26], [142.2, 26], [142.2, 26.2], [142, 26.2], [142, 26]]
        far = {"type": "Polygon", "coordinates": [ring]}
        if key == "A-9":
            told = {"unit_id": key, "parent_id": "A", "name_en": "Far island"}
            whole["features"].append({"type": "Feature", "properties": told, "geometry": far})
        else:
            one = next(f for f in whole["features"] if f["properties"]["unit_id"] == key)
            parts = [one["geometry"]["coordinates"], far["coordinates"]]
            one["geometry"] = {"type": "MultiPolygon", "coordinates": parts}
        (folder / name).write_text(json.dumps(whole))
    assert jjj("--region", folder, "layers", "check").code == 0
    (tmp_path / "sites.csv").write_text(
        "name,lon,lat\na,139.21234,35.21234\nb,139.71234,35.71234\n"
    )
    assert jjj("--region", folder, "locate", "sites.csv", "-o", "o.csv").code == 0
    found = rows(tmp_path / "o.csv")
    assert [one["adcode"] for one in found] == ["A-1", "B-2"]
    assert all(float(one["boundary_distance_m"]) > 1000 for one in found)


def test_rows_of_a_layer_that_nothing_tells_apart_are_counted(jjj, tmp_path, tmp_path_factory):
    folder = make_bare(tmp_path_factory.mktemp("regions") / "plain", "plain", 139.0, 35.0)
    (folder / "airports.csv").write_text("iata,name,lon,lat\nAAA,x,139.1,35.1\nBBB,x,139.2,35.2\n")
    (folder / "shops.csv").write_text("kind,lon,lat\nx,139.1,35.1\nx,139.2,35.2\n")
    with (folder / "region.yaml").open("a") as file:
        file.write("layers: {airports: airports.csv, shops: shops.csv}\n")
    for layer, ids in (("airports", ["AAA", "BBB"]), ("shops", ["shops-1", "shops-2"])):
        assert jjj("--region", folder, "layers", "export", layer, "-o", f"{layer}.csv").code == 0
        first = [next(iter(one.values())) for one in rows(tmp_path / f"{layer}.csv")]
        assert first == ids
