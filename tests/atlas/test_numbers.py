"""What a page says in words is what its CSV holds, and what the program writes from the same data."""

import re

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import to_analysis
from shapely import Point

from geo.atlas.context import Context
from geo.atlas.jjj import PAGES, coordination, innovation, xiongan

PROVINCES = ("110000", "120000", "130000")
TEXT = {"adcode": str, "province_adcode": str, "site_id": str}


@pytest.fixture(scope="module")
def context():
    return Context()


@pytest.fixture(scope="module")
def composed(context):
    return {page.page_id: page.compose(context) for page in PAGES}


@pytest.fixture(scope="module")
def said(composed):
    """Return the sentence of each page."""
    return {page_id: built.sentence for page_id, built in composed.items()}


@pytest.fixture(scope="module")
def caveats(composed):
    return {page_id: built.caveat for page_id, built in composed.items()}


@pytest.fixture(scope="module")
def table(folder):
    def read(name):
        return pd.read_csv(folder / f"{name}.csv", dtype=TEXT)

    return read


def numbers(text):
    """Return the numbers of a sentence as they are printed, those in 万 as they are in English."""
    text = re.sub(r"(\d+(?:\.\d+)?) ?万", lambda found: f"{float(found[1]) * 1e4:.0f}", text)
    return re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d)[, \u202f](?=\d{3}\b)", "", text))


def test_overview(said, table):
    roles = table("overview-roles").set_index("role")
    research, made = roles.loc["research"], roles.loc["manufacturing"]
    expected = [
        f"{research.total}",
        f"{research['110000'] / research.total:.0%}"[:-1],
        f"{made.total}",
        f"{made['130000'] / made.total:.0%}"[:-1],
    ]
    for text in said["overview"].described().values():
        assert numbers(text) == expected
    counts = table("overview-counts").set_index("category").drop(index="firms")
    assert roles.total.sum() == counts[list(PROVINCES)].to_numpy().sum()


def test_innovation(said, table):
    rate = table("innovation-laboratories").set_index("province_adcode").per_million
    expected = [f"{rate['110000']:.1f}", f"{rate['120000']:.1f}", f"{rate['130000']:.2f}"]
    for text in said["innovation"].described().values():
        assert numbers(text.replace("100万人", "百万人")) == expected


def test_laboratories_are_published_totals_over_the_census(context):
    table = innovation.laboratories(context).set_index("province_adcode")
    # 145 of Beijing (end of 2025) over 21,893,095 residents
    assert table.per_million["110000"] == pytest.approx(145 / 21.893095, abs=1e-4)
    assert table.published_total.to_dict() == {"110000": 145, "120000": 17, "130000": 4}


def test_rd_names_seven_cities_and_bounds_the_others(context):
    spent = innovation.rd_intensity(context)
    panel = context.table("city_panel", numbers=("value",))
    own = panel[(panel.indicator == "rd_intensity_pct") & (panel.year == "2023")]
    own = own[own.vintage == "preliminary"].set_index("adcode").value
    assert len(spent) == 13
    assert spent.percent.dropna().to_dict() == own.drop("130000").to_dict()
    assert (
        spent.percent.dropna()[lambda one: one.index.str.startswith("13")] > own["130000"]
    ).all()
    assert spent.at_most.dropna().eq(own["130000"]).all()
    assert (spent.percent.isna() == spent.at_most.notna()).all()
    assert spent.band.eq("below").sum() == 6


def test_counties(said, table):
    rows = table("counties-counties")
    ten = rows.facilities.nlargest(10).sum() / rows.facilities.sum()
    expected = {f"{ten:.0%}"[:-1], str(rows.facilities.max()), str((rows.facilities == 0).sum())}
    for text in said["counties"].described().values():
        assert set(numbers(text)) - {"10", "199"} == expected
    assert len(rows) == 199


def test_coordination(said, table):
    rows = table("coordination-degrees").dropna(subset=["degree"]).sort_values("year")
    first, last = rows.groupby("adcode").first(), rows.groupby("adcode").last()
    for text in said["coordination"].described().values():
        found = re.findall(r"(\d\.\d\d)→(\d\.\d\d)", text)
        assert found == [(f"{first.degree[p]:.2f}", f"{last.degree[p]:.2f}") for p in PROVINCES]
    apart = (last.output - last.input).loc[list(PROVINCES)]
    assert apart["120000"] < -coordination.IN_STEP
    assert apart["130000"] > coordination.IN_STEP
    assert abs(apart["110000"]) <= coordination.IN_STEP
    lags = "output lags behind input in Tianjin and input lags behind output in Hebei"
    assert lags in said["coordination"].en
    assert "天津产出落后于投入，河北投入落后于产出" in said["coordination"].zh


def test_degrees_equal_what_jjj_coordination_writes(table, context, jjj_run, tmp_path):
    panel = context.table("city_panel")
    own = panel[panel.source.str.endswith("jingjinji-education-network")]
    wide = own[own.adcode.isin(PROVINCES)].pivot(
        index=["adcode", "year"], columns="indicator", values="value"
    )
    wide.reset_index().to_csv(tmp_path / "panel.csv", index=False)
    both = [f"--subsystem=input={','.join(coordination.INPUT)}"]
    both += [f"--subsystem=output={','.join(coordination.OUTPUT)}"]
    columns = ["--unit", "adcode", "--year", "year"]
    jjj_run("coordination", tmp_path / "panel.csv", *columns, *both, "-o", tmp_path / "out.csv")
    theirs = pd.read_csv(tmp_path / "out.csv", dtype={"unit": str, "adcode": str})
    theirs = theirs.rename(columns={"unit": "adcode"}).set_index(["adcode", "year"]).sort_index()
    ours = table("coordination-degrees").set_index(["adcode", "year"]).sort_index()
    pd.testing.assert_series_equal(ours.degree, theirs.degree.round(4))


def test_xiongan(said, table):
    firms = table("xiongan-sites").query("kind == 'firm'")
    counts = firms.status.value_counts()
    expected = [str(len(firms)), str(counts["present"]), str(counts["not_moved_yet"])]
    for text in said["xiongan"].described().values():
        assert numbers(text) == expected
    assert (firms.position_accuracy_m > 1000).all()  # "none has a known address"


def test_corridors(said, table):
    sites = table("corridors-sites")
    own = sites[(sites.axis_id == "plan-jingjin") & (sites.kind == "facility")]
    inside = own.inside.astype(str)
    counts = [len(own), (inside == "True").sum(), own.inside.isna().sum()]
    share = f"{counts[1] / counts[0]:.0%}"[:-1]
    for text in said["corridors"].described().values():
        assert sorted(numbers(text)) == sorted([*map(str, counts), share, "10"])


def test_caveats_say_the_numbers_of_the_layers(caveats, context):
    axis, firms = context.frame("axes").loc["plan-jingjin"], context.present_firms()
    km = [f"{axis.length_km:.0f}", f"{axis.published_length_km:.0f}"]
    for text in caveats["corridors"].described().values():
        assert sorted(numbers(text)) == sorted([*km, str(len(firms)), str(firms.has_site.sum())])
    circle = context.frame("circles").loc["commuting-list"]
    km2 = [f"{one:.0f}" for one in (round(circle.area_km2, -2), circle.published_area_km2)]
    for text in caveats["circles"].described().values():
        assert sorted(numbers(text)) == sorted([*km2, f"{circle.n_unconfirmed:.0f}"])


def test_the_empty_stretch_of_a_corridor_has_no_facility_in_its_table(table, composed):
    profile = table("corridors-profile").query("axis_id == 'plan-jingxiong'")
    gap = composed["corridors"].content.notes[1].payload["text"]["en"]
    start, end = map(float, numbers(gap))
    within = profile[(profile.from_km >= start) & (profile.to_km <= end)]
    assert within.to_km.max() - within.from_km.min() == end - start
    assert within[["facilities", "facilities_unknown"]].to_numpy().sum() == 0


def test_flows(said, table):
    trains = table("flows-trains")
    top = trains.loc[trains.weight.idxmax()]
    share = f"{top.weight / trains.weight.sum():.0%}"[:-1]
    for text in said["flows"].described().values():
        assert {f"{top.weight:.0f}", share, "2016", "10"} <= set(numbers(text))


def test_openings_sum_to_the_lines_of_the_layer(table, context):
    rows, lines = table("flows-openings"), context.frame("rail_lines")
    assert rows.new_km.sum() == pytest.approx(lines.length_km.sum(), abs=0.01)
    assert rows.year.tolist() == list(range(2008, int(lines.opened.max()[:4]) + 1))
    assert sorted(" ".join(rows.lines.dropna()).split()) == sorted(lines.index)
    by_hand = lines[lines.opened <= "2016-12-31"].length_km.sum()
    then = rows[rows.year == 2016].iloc[0]
    assert then.before_km + then.new_km == pytest.approx(by_hand, abs=0.01)
    assert then.share == pytest.approx(by_hand / lines.length_km.sum(), abs=1e-5)


def test_roles(said, table):
    rows = table("roles-cities")
    assert f"仅 {rows.ground_sites.sum():.0f} 处" in said["roles"].zh
    for corner, before in (("brain", "偏重研发的是"), ("hand", "偏重制造的是")):
        names = rows.name_zh[rows.leading == corner].tolist()
        assert before + "、".join(names) in said["roles"].zh
        assert all(one in said["roles"].en for one in rows.name_en[rows.leading == corner])


def test_circles(said, table, context):
    own = table("circles-shares").query("kind == 'facility'").set_index("circle").loc["commuting"]
    circle = context.frame("circles").loc["commuting-list"]
    shares = [f"{one:.0%}"[:-1] for one in (own.list_share, own.radius_share)]
    expected = sorted([f"{circle.radius_km:.0f}", *shares])
    for text in said["circles"].described().values():
        assert sorted(numbers(text)) == expected


def test_claims(said, table):
    verdicts = table("claims-claims").verdict.value_counts()
    sure, corrected = verdicts["confirmed"], verdicts["confirmed-with-correction"]
    total = verdicts.sum()
    expected = sorted(map(str, (total, sure, corrected, total - sure - corrected)))
    for text in said["claims"].described().values():
        assert sorted(numbers(text)) == expected


def test_roles_equal_what_jjj_roles_triangle_writes(table, context, jjj_run, tmp_path):
    sites = pd.DataFrame(
        {
            "region": context.frame("facilities").adcode.map(context.frame("counties").city_adcode),
            "role": context.frame("facilities").role,
        }
    )
    sites = sites[sites.role.isin(["research", "manufacturing", "application"])]
    sites.to_csv(tmp_path / "sites.csv", index=False)
    jjj_run("roles", "triangle", tmp_path / "sites.csv", "-o", tmp_path / "out.csv")
    theirs = pd.read_csv(tmp_path / "out.csv", dtype={"region": str}).set_index("region")
    ours = table("roles-cities").set_index("adcode").loc[theirs.index]
    for corner in ("brain", "hand", "ground"):
        assert ours[corner].tolist() == theirs[corner].round(4).tolist()
    assert ours.sites.tolist() == theirs.n.tolist()


def test_dots_of_xiongan_stay_within_the_accuracy_of_their_place(context):
    firms = context.frame("firms")
    own = firms[firms.adcode.isin(["130629", "130632", "130638"])]
    shown = xiongan.spread(own)
    moved = to_analysis(shown).geometry.distance(to_analysis(own).geometry)
    assert (moved < own.position_accuracy_m).all()
    assert shown.geometry.to_wkt().is_unique
    assert shown.placed.value_counts().to_dict() == {"quarter": 4, "somewhere": 4, "waiting": 4}


@settings(max_examples=20)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([3500, 15000])), min_size=1, max_size=9))
def test_dots_never_share_a_place_whatever_the_mix(rows):
    frame = gpd.GeoDataFrame(
        {
            "status": ["present" if here else "not_moved_yet" for here, _ in rows],
            "position_accuracy_m": [metres for _, metres in rows],
        },
        geometry=[Point(115.985, 39.02)] * len(rows),
        crs="EPSG:4326",
    )
    assert xiongan.spread(frame).geometry.to_wkt(rounding_precision=5).is_unique


@pytest.mark.parametrize("page_id", [page.page_id for page in PAGES])
def test_callouts_say_numbers_of_the_page_in_three_languages(page_id, composed):
    content = composed[page_id].content
    for note in [] if isinstance(content, str) else content.notes:
        texts = note.payload["text"]
        assert set(texts) == {"zh", "en", "ja"}
        found = {tuple(sorted(numbers(text))) for text in texts.values()}
        assert len(found) == 1
        assert not re.search(r"nan|None|[{}]", " ".join(texts.values()))
