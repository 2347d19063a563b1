"""Density and change of flows by year."""

import pytest
from thirteen import FIXTURE, GOLDEN, UNITS, table

from geo.analysis.flows import measures as flow_measures
from geo.analysis.flows.table import check_flows


def test_golden_totals_and_density():
    """golden/b_network_jjj13_fixture.json (synthetic)."""
    assert (len(FIXTURE.pairs), len(FIXTURE.units)) == (GOLDEN["m"], GOLDEN["n"])
    assert FIXTURE.pairs.weight.sum() == GOLDEN["total_weight"]
    assert flow_measures.density(FIXTURE) == pytest.approx(GOLDEN["density_unweighted"], abs=1e-9)


def test_a_gap_in_the_years_is_no_change_of_one_year():
    rows = [("北京", "天津", 1), ("北京", "天津", 4)]
    found = check_flows(table(*rows, year=[2013, 2016]), UNITS)
    assert flow_measures.by_year(found).change.isna().all()
