"""Backbone and dominant flows: the golden network, ties, any order of rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thirteen import FIXTURE, GOLDEN, UNITS, short, table

from geo.analysis.flows import backbone
from geo.analysis.flows.table import check_flows
from geo.errors import InputError


def test_golden_disparity_filter():
    """golden/b_network_jjj13_fixture.json: α of all 29 edges, and the backbone at four levels."""
    found = backbone.disparity_filter(FIXTURE)
    names = UNITS.name_zh.str.removesuffix("市")
    pairs = {
        frozenset((names[row.origin], names[row.destination])): row for row in found.itertuples()
    }
    for edge in GOLDEN["disparity"]:
        row = pairs.pop(frozenset((edge["u"], edge["v"])))
        assert row.alpha == pytest.approx(edge["alpha"], abs=1e-9)
        assert row.share == pytest.approx(edge["share"], abs=1e-9)
        ends = sorted([row.alpha_origin, row.alpha_destination])
        assert ends == pytest.approx(sorted([edge["alpha_u"], edge["alpha_v"]]), abs=1e-9)
    assert not pairs
    for level, edges in GOLDEN["backbone_by_alpha"].items():
        kept = backbone.disparity_filter(FIXTURE, alpha=float(level)).query("backbone")
        found_pairs = {
            frozenset((names[row.origin], names[row.destination])) for row in kept.itertuples()
        }
        assert found_pairs == {frozenset(edge) for edge in edges}


def test_golden_netbone_agrees_where_it_was_run():
    """golden/b_network_jjj13_fixture.json: netbone's p-values of six edges."""
    found = backbone.disparity_filter(FIXTURE)
    names = UNITS.name_zh.str.removesuffix("市")
    alphas = {
        frozenset((names[row.origin], names[row.destination])): row.alpha
        for row in found.itertuples()
    }
    for edge in GOLDEN["crosscheck"]["netbone"]:
        pair = frozenset((edge["source"], edge["target"]))
        assert alphas[pair] == pytest.approx(edge["p_value"], abs=1e-9)


def test_golden_dominant_flows():
    """golden/b_network_jjj13_fixture.json."""
    found = short(backbone.dominant_flows(FIXTURE))
    names = UNITS.name_zh.str.removesuffix("市")
    for city, expected in GOLDEN["dominant_flow"].items():
        row = found.loc[city]
        assert names[row.largest_to] == expected["largest_to"]
        assert row.flow == expected["flow"]
        assert row.nodal == expected["nodal"]
        assert (None if row.parent is None else names[row.parent]) == expected["parent"]
        assert row.tied is None
    roots = found.index[found.parent.isna() & found.largest_to.notna()]
    assert roots.tolist() == GOLDEN["roots"]


def test_ties_of_the_largest_flow_are_listed():
    rows = [("北京", "天津", 5), ("北京", "保定", 5), ("天津", "唐山", 1)]
    found = backbone.dominant_flows(check_flows(table(*rows), UNITS))
    assert found.loc["110000", "tied"] == "120000 130600"
    assert found.loc["110000", "largest_to"] == "120000"


@pytest.mark.parametrize("alpha", [0.0, -1.0, 1.5, np.nan])
def test_levels_out_of_range_are_refused(alpha):
    with pytest.raises(InputError, match="give a level above 0 and at most 1"):
        backbone.disparity_filter(FIXTURE, alpha=alpha)


cities = st.sampled_from(UNITS.index.tolist())
edges = st.dictionaries(
    st.tuples(cities, cities).filter(lambda pair: pair[0] < pair[1]),
    st.integers(1, 1000),
    min_size=3,
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(edges=edges, scale=st.floats(0.01, 100), seed=st.integers(0, 99))
def test_structure_does_not_depend_on_order_or_unit(edges, scale, seed):
    rows = table(*[(*pair, weight) for pair, weight in edges.items()])
    found = backbone.disparity_filter(check_flows(rows, UNITS))
    assert found.alpha.between(0, 1).all()
    assert found.share.sum() == pytest.approx(1.0)
    mixed = rows.sample(frac=1, random_state=seed).assign(weight=lambda one: one.weight * scale)
    turned = mixed.rename(columns={"origin": "destination", "destination": "origin"})
    again = backbone.disparity_filter(check_flows(turned, UNITS))
    key = ["origin", "destination"]
    pd.testing.assert_frame_equal(
        again.sort_values(key)[[*key, "alpha", "share"]].reset_index(drop=True),
        found.sort_values(key)[[*key, "alpha", "share"]].reset_index(drop=True),
    )
    parents = backbone.dominant_flows(check_flows(rows, UNITS))
    assert parents.loc[parents.parent.notna(), "root"].notna().all()
