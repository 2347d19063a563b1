"""The axis rule: the golden answer, the honest "none", and how firm either is."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from metres import ANALYSIS_CRS, to_analysis

from geo.analysis.flows import axes, verdicts
from geo.analysis.flows import axes as robustness
from geo.analysis.flows import lines as flow_lines
from geo.analysis.flows import report as flow_report
from geo.analysis.flows.table import check_flows
from geo.errors import CRSError, InputError
from geo.formats import json_value
from geo.layers import read_table
from geo.layers.places import city_seats

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden" / "b_network_jjj13_fixture.json").read_text()
)
SEATS = to_analysis(city_seats())
EDGES = pd.DataFrame(GOLDEN["edges"], columns=["origin", "destination", "weight"])
FIXTURE = check_flows(EDGES, SEATS)


def trains():
    rows = read_table("city_trains", numbers=("trains_per_day",))
    names = {"from_city": "origin", "to_city": "destination", "trains_per_day": "weight"}
    return check_flows(rows.rename(columns=names), SEATS)


def around(*places, weights):
    """Units placed at (bearing, kilometres) around the first, and flows from it."""
    xy = [(0.0, 0.0)] + [
        (km * 1e3 * np.sin(np.radians(deg)), km * 1e3 * np.cos(np.radians(deg)))
        for deg, km in places
    ]
    ids = [str(at) for at in range(len(xy))]
    names = {f"name_{one}": ids for one in ("zh", "en", "ja")}
    points = gpd.GeoDataFrame(names, index=ids, geometry=shapely.points(xy), crs=ANALYSIS_CRS)
    rows = pd.DataFrame({"origin": "0", "destination": ids[1:], "weight": weights})
    return rows, points


def test_golden_core_main_and_secondary():
    """golden/b_network_jjj13_fixture.json with METHODS 2b: 北京, 北京–天津, 北京–保定–石家庄."""
    found = axes.find_axes(FIXTURE, SEATS, alpha=0.05)
    assert found.core == "110000"
    assert found.main.units == ("110000", "120000")
    assert found.main.shares[0] == pytest.approx(GOLDEN["disparity"][0]["share"], abs=1e-9)
    assert [one.units for one in found.secondary] == [("110000", "130600", "130100")]
    assert [round(one) for one in found.secondary[0].bearings_deg] == [215, 219]
    assert found.secondary[0].distances_km[0] < found.secondary[0].distances_km[1]
    kept = [edge for edge in GOLDEN["disparity"] if edge["alpha"] < 0.05]
    assert found.backbone_weight_share == pytest.approx(sum(one["share"] for one in kept))


def test_the_train_table_has_no_secondary_axis_at_the_usual_level():
    found = axes.find_axes(trains(), SEATS)
    assert found.main.units == ("110000", "120000")
    assert found.secondary == ()
    wider = axes.find_axes(trains(), SEATS, alpha=0.1)
    assert [one.units for one in wider.secondary] == [("110000", "130600", "130100")]


def test_one_partner_in_a_direction_is_no_axis():
    rows, points = around(
        (90, 100), (200, 100), (215, 200), (0, 100), weights=[900, 500, 400, 3]
    )  # fmt: skip
    ends = pd.DataFrame({"origin": ["2", "3"], "destination": ["4", "4"], "weight": [1, 1]})
    flows = check_flows(pd.concat([rows, ends]), points)
    found = axes.find_axes(flows, points, alpha=0.2, width_deg=15.1)
    assert [one.units for one in found.secondary] == [("0", "2", "3")]
    assert axes.find_axes(flows, points, alpha=0.2, width_deg=14.0).secondary == ()


def test_bearings_agree_across_north():
    weights = np.zeros((6, 6))
    weights[0, 1:] = weights[1:, 0] = [900, 500, 400, 300, 1]
    weights[2, 5] = weights[5, 2] = weights[3, 5] = weights[5, 3] = weights[4, 5] = weights[
        5, 4
    ] = 1
    bearing = np.tile([0.0, 180.0, 355.0, 5.0, 20.0, 90.0], (6, 1))
    found = axes.apply_rule(weights, bearing, alpha=0.2, width_deg=15.0)
    assert found.main == 1
    assert found.secondary == ((2, 3),)
    assert found.weakest == (400.0,)


def test_an_even_network_has_no_core_and_says_so():
    rows, points = around((0, 9), (120, 9), (240, 9), weights=[5, 5, 5])
    more = pd.DataFrame({"origin": list("112"), "destination": list("233"), "weight": 5})
    flows = check_flows(pd.concat([rows, more]), points)
    found = axes.find_axes(flows, points)
    assert (found.core, found.main, found.secondary) == (None, None, ())
    text = verdicts.verdict(found, flows.units)
    assert "No unit stands out" in text.en
    assert "没有单元突出" in text.zh
    assert verdicts.record(found, flows.units)["main_axis"] is None


def test_a_core_without_backbone_has_no_main_axis():
    rows, points = around((0, 9), (90, 9), (180, 9), (270, 9), weights=[7, 6, 5, 5])
    more = pd.DataFrame({"origin": list("123"), "destination": list("234"), "weight": 4})
    flows = check_flows(pd.concat([rows, more]), points)
    found = axes.find_axes(flows, points, alpha=0.01)
    assert found.core == "0"
    assert found.main is None
    assert "no main axis is named" in verdicts.verdict(found, flows.units).en


def test_two_units_have_no_core():
    rows, points = around((0, 9), weights=[7])
    flows = check_flows(rows, points)
    found = axes.find_axes(flows, points)
    assert found.core is None
    assert flow_report.report(flows, points, found)["core_periphery_max"] is None


def test_directed_flows_weigh_both_ways():
    half = EDGES.assign(weight=EDGES.weight / 2)
    turned = half.rename(columns={"origin": "destination", "destination": "origin"})
    flows = check_flows(pd.concat([half, turned]), SEATS, directed=True)
    found = axes.find_axes(flows, SEATS)
    expected = axes.find_axes(FIXTURE, SEATS)
    assert found.secondary == expected.secondary
    assert found.main == expected.main


def test_bad_places_and_widths_are_named():
    with pytest.raises(CRSError, match="places is in WGS 84"):
        axes.find_axes(FIXTURE, city_seats())
    with pytest.raises(InputError, match="no point for 131100"):
        axes.find_axes(FIXTURE, SEATS.iloc[:-1])
    lost = SEATS.copy()
    lost.geometry = [None, *SEATS.geometry[1:]]
    with pytest.raises(InputError, match="110000 has no point"):
        axes.find_axes(FIXTURE, lost)
    with pytest.raises(InputError, match="degrees above 0 and below 180"):
        axes.find_axes(FIXTURE, SEATS, width_deg=0.0)


def test_confidence_and_sensitivity():
    sure = robustness.confidence(FIXTURE, SEATS, n=20)
    assert (sure.core, sure.main, sure.secondary) == (1.0, 1.0, (1.0,))
    assert 0 <= sure.by_chance < 0.3
    assert sure == robustness.confidence(FIXTURE, SEATS, n=20)
    fractions = check_flows(EDGES.assign(weight=EDGES.weight / 7), SEATS)
    without = robustness.confidence(fractions, SEATS, n=20)
    assert np.isnan(without.core)
    assert without.note == "weights are not counts: no draws, only shuffles"
    levels = robustness.sensitivity(FIXTURE, SEATS)
    assert len(levels) == 12
    assert levels.main.eq("110000 120000").all()
    at = levels.set_index(["alpha", "width_deg"]).secondary
    assert pd.isna(at[0.01, 15.0])
    assert at[0.05, 15.0] == "110000 130600 130100"
    with pytest.raises(InputError, match="take at least 20"):
        robustness.confidence(FIXTURE, SEATS, n=5)


def test_weak_counts_make_a_weak_axis():
    few = check_flows(EDGES.assign(weight=(EDGES.weight / 200).round()), SEATS)
    found = axes.find_axes(few, SEATS, alpha=0.2)
    sure = robustness.confidence(few, SEATS, alpha=0.2, n=40)
    assert found.main is not None
    assert sure.main < 1.0 or any(one < 1.0 for one in sure.secondary) or sure.none < 1.0


def test_flow_lines_carry_year_backbone_and_axis():
    both = pd.concat([EDGES.assign(year=2013), EDGES.assign(year=2014, weight=EDGES.weight * 2)])
    flows = check_flows(both, SEATS)
    found = axes.find_axes(flows, SEATS)
    assert found.years == (2013, 2014)
    lines = flow_lines.flow_lines(flows, SEATS, found=found)
    assert len(lines) == 58
    assert lines.groupby("year").share.sum().tolist() == pytest.approx([1.0, 1.0])
    roles = lines[lines.year == 2014].set_index("destination").axis.dropna()
    assert roles.to_dict() == {
        "120000": "main",
        "130600": "secondary-1",
        "130100": "secondary-1",
    }
    first = lines.iloc[0]
    assert first.origin_zh == "北京市"
    assert first.geometry.coords[0] == SEATS.geometry["110000"].coords[0]
    assert lines.crs == ANALYSIS_CRS


def test_the_sentence_speaks_three_languages():
    text = verdicts.verdict(axes.find_axes(FIXTURE, SEATS), FIXTURE.units)
    assert "副轴为北京—保定—石家庄（12.9%、11.3%）" in text.zh
    assert "secondary axis: Beijing–Baoding–Shijiazhuang (12.9%, 11.3%)" in text.en
    assert "副軸は北京―保定―石家荘" in text.ja
    none = verdicts.verdict(axes.find_axes(FIXTURE, SEATS, alpha=0.01), FIXTURE.units)
    assert "未发现副轴" in none.zh
    assert "no secondary axis" in none.en
    assert "副軸は見いだされない" in none.ja


def test_the_report_is_whole_and_is_json():
    years = pd.concat([EDGES.assign(year=2013), EDGES.assign(year=2015)])
    flows = check_flows(years, SEATS)
    made = flow_report.report(flows, SEATS, axes.find_axes(flows, SEATS))
    text = json.dumps(json_value(made), allow_nan=False, ensure_ascii=False)
    again = json.loads(text)
    assert again["core"] == "北京"
    assert again["main_axis"] == ["北京", "天津"]
    assert again["secondary_axes"] == [["北京", "保定", "石家庄"]]
    assert again["years"] == [2013, 2015]
    assert again["n_nodes"] == 13
    assert again["communities"]["significant"] is False
    assert again["growth_of_total"]["cagr"] == 0.0
    assert len(again["units"]) == 13
