"""The compiled facts under audit: identities, codes, places, lines, plan units."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from metres import to_analysis
from pyproj import Geod

from geo.crs import STORAGE_CRS
from geo.layers import read
from geo.layers.specs import spec
from geo.region import open_region
from geo.sources.packages import source_path
from geo.sources.registry import source

GEOD = Geod(ellps="WGS84")
KEYS = {
    "axes": ["axis_id", "order"],
    "city_panel": ["adcode", "year", "indicator", "vintage"],
    "city_trains": ["from_city", "to_city"],
    "claims": ["figure_id"],
    "code_changes": ["old_code", "new_code", "year"],
    "coverage": ["category", "province_adcode"],
    "date_kinds": ["subject"],
    "development_index": ["year", "component"],
    "facilities": ["facility_id"],
    "firms": ["firm_id"],
    "plan_units": ["circle", "adcode"],
    "population": ["adcode"],
    "rail_lines": ["line_id", "order"],
    "roles": ["unit_id"],
    "tech_contracts": ["record_id"],
    "unit_names": ["level", "adcode"],
    "vocabulary": ["vocabulary", "code"],
}


def table(name, *numbers):
    return open_region().table(name, numbers=numbers)


def by_city(adcodes):
    """Name the prefecture-level unit that each county belongs to."""
    return adcodes.map(read("counties").city_adcode).map(read("prefectures").name_zh)


def places(frame):
    points = gpd.GeoSeries(gpd.points_from_xy(frame.lon, frame.lat), crs=STORAGE_CRS)
    return to_analysis(points).to_numpy()


@pytest.mark.parametrize("name", open_region().tables)
def test_no_row_is_there_twice(name):
    frame = open_region().table(name)
    keys = KEYS.get(name) or [spec(name).schema.index]  # a table that is a layer of its own
    assert not frame.duplicated(keys).any()
    assert (frame[keys] != "").all(axis=None)


def test_the_kind_of_every_year_is_said_and_every_rule_is_used():
    kinds = open_region().table("date_kinds").set_index("subject")
    layer = read("facilities")
    dated = layer[layer.status_year.notna()]
    assert layer.date_kind.notna().equals(layer.status_year.notna())
    assert set(kinds.index) <= set(dated.category) | set(dated.index)
    assert set(dated.category) <= set(kinds.index)
    assert (kinds.basis[kinds.date_kind == "unstated"] == "unconfirmed").all()
    assert dated.date_kind.value_counts().to_dict() == {
        "opened": 92, "founded": 67, "unstated": 60,
    }  # fmt: skip
    assert dated.date_kind["uni-nankai"] == "founded"
    assert dated.date_kind["uni-nankai-jinnan"] == "opened"


def test_most_stations_opened_with_a_line():
    lines = open_region().table("rail_lines")
    opened = lines.groupby("station_facility_id").opened.agg(lambda days: {day[:4] for day in days})
    sites = (
        open_region().table("facilities").query("category == 'hsr_station' and status_year != ''")
    )
    years = sites.set_index("facility_id").status_year
    same = [year in opened.get(one, ()) for one, year in years.items()]
    assert (sum(same), len(same)) == (51, 64)  # as layers/tables/date_kinds.csv says


def test_what_firms_do_and_axes_rest_on_is_said_in_three_languages():
    words = open_region().table("vocabulary").set_index(["vocabulary", "code"])
    assert set(words.loc["business"].index) == set(open_region().table("firms").industry_detail)
    rests = {*read("axes").source, *read("circles").source, *read("facilities").source}
    assert set(words.loc["source"].index) == {one for one in rests if " " in one}  # no mere address
    business = words.loc["business"]
    assert not business.name_en.str.contains("NOT YET MOVED").any()
    assert business.name_zh[business.index.str.contains("NOT YET")].str.contains("尚未迁入").all()
    assert not words.name_zh.str.contains("[ぁ-んァ-ヶ]").any()


@pytest.mark.parametrize("name", open_region().tables)
def test_every_row_says_what_it_rests_on(name):
    frame = open_region().table(name)
    source = {
        "city_trains": "timetable_date",
        "code_changes": "year",  # GB/T 2260 of that year; see layers/tables/README.md
        "coverage": "note",
        "date_kinds": "reason",
        "firms": "position_basis",
        "population": "source_2020",
        "rail_lines": "opened",
        "tech_contracts": "origin",
        "unit_names": "level",
        "vocabulary": "name_zh",  # words, no facts
    }.get(name, "source")
    missing = frame[frame[source] == ""]
    if name == "claims":
        assert set(missing.verdict) <= {"unconfirmed"}
    elif name == "population":
        assert (missing.pop_2020 == "").all()
    elif name == "coverage":
        assert (missing.published_total != "").all()
    else:
        assert missing.empty


@pytest.mark.parametrize("name", ["facilities", "firms"])
def test_city_and_code_agree(name):
    frame = open_region().table(name)
    own = by_city(frame.adcode).where(frame.city != "雄安新区", "雄安新区")
    assert frame.city.tolist() == own.tolist()
    assert set(frame[frame.city == "雄安新区"].adcode) <= {"130629", "130632", "130638"}
    assert frame.name_zh.is_unique
    assert frame.name_en.is_unique


def test_facilities_fit_their_ids_categories_and_roles():
    frame = table("facilities", "status_year", "position_accuracy_m")
    prefix = frame.facility_id.str.split("-").str[0]
    assert frame.category.groupby(prefix).nunique().eq(1).all()
    assert prefix.nunique() == frame.category.nunique() == 12
    assert frame.status_year.dropna().between(1880, 2026).all()
    assert set(frame.position_accuracy_m) == {200, 500, 1000, 3000}
    # rows at one point are a host and its laboratory, or share a quarter that is said to be one
    for _, group in frame.groupby(["lon", "lat"]):
        if len(group) > 1:
            hosted = group.facility_id.str.match(r"(uni|zone|lsf-tju)").any()
            assert hosted or (group.position_accuracy_m == 3000).all(), list(group.facility_id)


def test_what_was_checked_agrees_with_the_accuracy_that_is_stated():
    frame = table("facilities", "position_accuracy_m")
    said = frame.checked_against.str.extract(
        r"(?:^|; )(?:station list|3A hospital list|city2010 "
        r"point|university POI|HSR list) (\d+) m"
    )[0]
    found = pd.to_numeric(said).dropna()
    over = found - frame.position_accuracy_m.loc[found.index]
    assert len(found) > 80
    assert frame.facility_id[over.index[over > 200]].tolist() == []


@pytest.mark.sources
def test_airports_agree_with_airportsdata(data_packages):
    airportsdata = pytest.importorskip("airportsdata", reason="pip install '.[sources]'")
    codes = {
        "air-bpe": "ZBDH", "air-cde": "ZBCD", "air-hdg": "ZBHD", "air-pek": "ZBAA",
        "air-pkx": "ZBAD", "air-sjw": "ZBSJ", "air-tsn": "ZBTJ", "air-tvs": "ZBSN",
    }  # fmt: skip
    known = airportsdata.load("ICAO")
    frame = table("facilities", "lon", "lat").set_index("facility_id")
    far = {
        one: GEOD.inv(frame.lon[one], frame.lat[one], known[code]["lon"], known[code]["lat"])[2]
        for one, code in codes.items()
    }
    assert sorted(far.values())[3] < 20.0
    # the capital's fields are kilometres long; the table points at the terminals
    assert {one for one, metres in far.items() if metres > 30.0} == {"air-pek", "air-pkx"}
    assert max(far.values()) < 1500.0


def test_stations_lie_on_openstreetmaps_tracks_unless_it_is_said():
    frame = table("facilities", "lon", "lat", "position_accuracy_m")
    frame = frame[frame.category == "hsr_station"]
    tracks = shapely.union_all(to_analysis(read("rail_network")).geometry.to_numpy())
    metres = pd.Series(shapely.distance(places(frame), tracks), index=frame.facility_id)
    said = frame.set_index("facility_id").checked_against.str.extract(r"OSM rail (\d+) m")[0]
    said = pd.to_numeric(said)
    assert (metres[said.notna()] - said.dropna()).abs().max() < 30.0
    # the network has no track there, or one edge of 57 km: see docs/data.md, doubts
    assert set(said.index[said.isna()]) == {"hsr-miyun", "hsr-taizicheng"}


def test_firms_in_a_district_stand_inside_it_with_the_radius_of_its_area():
    frame = table("firms", "lon", "lat", "position_accuracy_m")
    frame = frame[frame.position_basis.str.startswith("district-centroid")]
    counties = to_analysis(read("counties")).geometry.loc[frame.adcode]
    assert shapely.intersects(places(frame), counties.to_numpy()).all()
    radius_m = np.sqrt(counties.area.to_numpy() / np.pi)
    assert np.abs(frame.position_accuracy_m / radius_m - 1).max() < 0.13


def test_firms_are_classified_by_one_spelling_of_a_section():
    sections = open_region().table("firms").industry.unique()
    letters = [one.split(" ")[0] for one in sections]
    assert len(set(letters)) == len(sections)
    assert set(letters) <= set("ABCDEFGHIJKLMNOPQRST")


def test_listed_firms_are_listed_after_their_board_opened():
    frame = open_region().table("firms")
    listed = frame[frame.firm_id.str.fullmatch(r"\d{6}")]
    year = listed.founded_or_listed.str.extract(r"^listed (\d{4})$")[0].astype(int)
    opened = listed.firm_id.str[:3].map({"688": 2019, "300": 2009, "002": 2004, "605": 2020})
    assert (year >= opened.fillna(1990)).all()
    assert year.max() <= 2022


def test_rail_lines_name_stations_in_an_order_without_detours():
    stations = table("facilities", "lon", "lat").set_index("facility_id")
    lines = table("rail_lines", "order").sort_values("order")
    for line_id, rows in lines.groupby("line_id"):
        assert rows.order.tolist() == list(range(1, len(rows) + 1))
        stops = rows.station_facility_id
        assert stops.is_unique
        assert (stations.category[stops] == "hsr_station").all()
        for column in ("name_zh", "name_en", "opened", "design_speed_kmh"):
            assert rows[column].nunique() == 1
        xy = shapely.get_coordinates(places(stations.loc[stops]))
        steps = np.diff(xy, axis=0)
        turn = [
            np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
            for a, b in itertools.pairwise(steps)
        ]
        assert max(turn, default=0.0) < 90.0, line_id
        drawn = np.linalg.norm(steps, axis=1).sum()
        for at in range(1, len(xy) - 2):  # no swap of neighbours makes the line shorter
            swapped = xy.copy()
            swapped[[at, at + 1]] = swapped[[at + 1, at]]
            assert np.linalg.norm(np.diff(swapped, axis=0), axis=1).sum() > drawn, line_id


def test_stations_are_on_a_line_or_known_to_be_on_none():
    stations = open_region().table("facilities").query("category == 'hsr_station'").facility_id
    rest = set(stations) - set(open_region().table("rail_lines").station_facility_id)
    assert rest == {"hsr-beijing", "hsr-beijing-fengtai", "hsr-shanhaiguan"}


def test_axes_run_through_facilities_and_keep_their_sets_apart():
    nodes = table("axes", "order", "lon", "lat")
    sites = table("facilities", "lon", "lat").set_index("facility_id")
    for node in nodes.itertuples():
        site = sites.loc[node.node_id]
        assert (node.lon, node.lat, node.node_name_zh) == (site.lon, site.lat, site.name_zh)
    for _, rows in nodes.groupby("axis_id"):
        assert rows.sort_values("order").order.tolist() == list(range(1, len(rows) + 1))
        assert rows.axis_set.nunique() == 1
        assert rows.sort_values("order").basis.iloc[0] == "stated"
    # geodesic lengths of layers/tables/README.md; stated for 京津走廊: about 220 km
    wanted = {
        "outline-jingbaoshi": 265.6,
        "outline-jingjin": 156.3,
        "outline-jingtangqin": 287.2,
        "plan-jingjin": 218.8,
        "plan-jingxiong": 174.4,
        "study-main": 114.4,
        "study-secondary": 264.6,
    }
    for axis_id, rows in nodes.sort_values("order").groupby("axis_id"):
        km = GEOD.line_length(rows.lon, rows.lat) / 1000.0
        assert km == pytest.approx(wanted[axis_id], abs=0.05)
        assert read("axes").length_km[axis_id] == pytest.approx(km, rel=2e-4)


def test_plan_units_nest_and_fill_the_areas_stated():
    units = open_region().table("plan_units")
    counties = read("counties")
    assert (units.name_zh == counties.name_zh[units.adcode].to_numpy()).all()
    own = {circle: set(rows.adcode) for circle, rows in units.groupby("circle")}
    assert own["commuting"] < own["functional"] < own["industry"] == set(counties.index)
    area = {circle: counties.area_km2[list(codes)].sum() for circle, codes in own.items()}
    assert area["commuting"] == pytest.approx(27_440, abs=1)  # stated: about 27,000
    assert area["functional"] == pytest.approx(41_856, abs=1)  # stated: about 42,000
    stated = units[units.basis == "stated"].groupby("circle").size().to_dict()
    assert stated == {"commuting": 16, "functional": 35, "industry": 199}
    ring = units[(units.circle == "commuting") & (units.basis == "unconfirmed")]
    assert len(ring) == 12


def test_code_changes_lead_to_units_of_today():
    changes = open_region().table("code_changes")
    counties = read("counties").name_zh
    plain = changes.new_name.str.replace(r"\(.*\)$", "", regex=True)
    assert plain.tolist() == counties[changes.new_code].tolist()
    old = set(changes.old_code)
    still = {one for one in old if one in counties.index}
    # a code that lives on kept it through a rename, or gave away a part
    for code in still:
        kinds = set(changes[changes.old_code == code].kind)
        assert kinds & {"rename", "partial-transfer"}, code


def test_code_changes_agree_with_the_ministrys_lists(golden):
    # golden k_crosswalk_2009_to_2024: MCA data via yescallop/areacodes (CC0)
    crosswalk = pd.read_csv(golden / "k_crosswalk_2009_to_2024.csv", dtype=str)
    known = crosswalk[crosswalk.kind != "unchanged"]
    pairs = {
        (row.code_2009, new) for row in known.itertuples() for new in row.codes_2024.split(";")
    }
    changes = open_region().table("code_changes")
    own = set(zip(changes.old_code, changes.new_code, strict=True))
    # who gives away a part keeps its code, and the table lists the receiver only
    assert {new for old, new in pairs - own if old != new} == set()
    assert {old for old, _ in pairs - own} == {"120106", "130207", "130427"}
    # the crosswalk begins at the end of 2009, with Binhai's merger done
    assert {old for old, _ in own - pairs} == {"120107", "120108", "120109"}


def test_names_of_units_are_complete_and_end_alike():
    names = open_region().table("unit_names")
    for level, layer in (("county", "counties"), ("prefecture", "prefectures")):
        rows = names[names.level == level].set_index("adcode")
        assert set(rows.index) == set(read(layer).index)
    county = names[names.level == "county"]
    assert (county.name_ja.str[-1] == county.name_zh.str[-1].replace("县", "県")).all()
    district = county.name_en.str.endswith("District") | (county.adcode == "120116")  # New Area
    assert (district == county.name_zh.str.endswith("区")).all()
    twice = names[names.duplicated(["level", "name_en"], keep=False)].name_en.unique()
    assert sorted(twice) == [
        "Jizhou District",
        "Qiaoxi District",
        "Weixian County",
        "Xinhua District",
    ]


@pytest.mark.sources
def test_city_seats_are_near_geonames_seats(data_packages):
    import json

    cities = json.loads(source_path(source("geonames")).read_text(encoding="utf-8")).values()
    seats = table("facilities", "lon", "lat").set_index("facility_id")
    for city in (
        "baoding",
        "cangzhou",
        "chengde",
        "handan",
        "hengshui",
        "langfang",
        "qinhuangdao",
        "shijiazhuang",
        "tangshan",
        "tianjin",
        "xingtai",
        "zhangjiakou",
    ):
        known = [
            one for one in cities
            if one["countrycode"] == "CN" and one["name"].lower().startswith(city)
            and one["population"] > 100_000
        ]  # fmt: skip
        site = seats.loc[f"gov-{city}"]
        far = [GEOD.inv(site.lon, site.lat, one["longitude"], one["latitude"])[2] for one in known]
        assert min(far) < 8000.0, city
