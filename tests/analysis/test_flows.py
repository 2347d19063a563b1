"""Flows: the golden network, and every kind of bad row named."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis import backbone, centrality, communities, core_periphery, flow_measures
from geo.analysis.flow_table import from_matrix
from geo.analysis.flows import check_flows
from geo.errors import InputError
from geo.layers.seats import city_seats

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "golden" / "b_network_jjj13_fixture.json").read_text()
)
UNITS = pd.DataFrame(city_seats()[["name_zh", "name_en", "name_ja"]])
EDGES = pd.DataFrame(GOLDEN["edges"], columns=["origin", "destination", "weight"])
FIXTURE = check_flows(EDGES, UNITS)


def short(values):
    """Index a measure by the short Chinese names that the golden file uses."""
    return values.rename(index=lambda adcode: UNITS.at[adcode, "name_zh"].removesuffix("市"))


def table(*rows, **columns):
    made = pd.DataFrame(rows, columns=["origin", "destination", "weight"])
    return made.assign(**columns)


def test_golden_totals_and_density():
    """golden/b_network_jjj13_fixture.json (synthetic)."""
    assert (len(FIXTURE.pairs), len(FIXTURE.units)) == (GOLDEN["m"], GOLDEN["n"])
    assert FIXTURE.pairs.weight.sum() == GOLDEN["total_weight"]
    assert flow_measures.density(FIXTURE) == pytest.approx(GOLDEN["density_unweighted"], abs=1e-9)


def test_golden_strength_and_centralities():
    """golden/b_network_jjj13_fixture.json."""
    found = short(centrality.centrality(FIXTURE))
    for name, golden in {
        "degree": "degree",
        "strength": "strength",
        "strength_share": "strength_share",
        "betweenness": "betweenness_weighted_dist_inverse",
        "betweenness_unweighted": "betweenness_unweighted",
        "closeness": "closeness_dist_inverse",
        "eigenvector": "eigenvector_weighted",
    }.items():
        expected = pd.Series(GOLDEN[golden], dtype=float)
        assert np.allclose(found[name].loc[expected.index], expected, atol=1e-6), name
    assert centrality.centralisation(FIXTURE) == pytest.approx(
        GOLDEN["freeman_degree_centralization"], abs=1e-9
    )


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


def test_golden_core_periphery_names_its_ideal():
    """golden/b_network_jjj13_fixture.json: two ideals, two answers."""
    expected = GOLDEN["core_periphery_borgatti_everett"]
    for ideal, key in (("core-core", "cc"), ("max", "max")):
        found = core_periphery.core_periphery(FIXTURE, ideal=ideal)
        assert found.correlation == pytest.approx(expected[key]["corr"], abs=1e-9)
        assert short(UNITS.loc[list(found.units)]).index.tolist() == expected[key]["core"]
        assert (found.ideal, found.exhaustive) == (ideal, True)
    with pytest.raises(InputError, match="give core-core or max"):
        core_periphery.core_periphery(FIXTURE, ideal="min")


def test_golden_communities_are_no_more_than_chance():
    """golden/b_network_jjj13_fixture.json: Q = 0.0215, which is no community structure."""
    found = communities.communities(FIXTURE, n_seeds=20, n_null=40)
    groups = [sorted(short(UNITS.loc[list(group)]).index) for group in found.groups]
    assert groups == [sorted(one) for one in GOLDEN["louvain"]["communities"]]
    assert found.modularity == pytest.approx(GOLDEN["louvain"]["Q"], abs=1e-9)
    assert not found.significant
    assert found == communities.communities(FIXTURE, n_seeds=20, n_null=40)


def test_two_blocks_are_a_community_structure():
    cities = UNITS.index[:8].tolist()
    rows = [(a, b, 50) for at in (0, 4) for a in cities[at : at + 4] for b in cities[at : at + 4]]
    rows = [row for row in rows if row[0] < row[1]] + [(cities[0], cities[4], 1)]
    found = communities.communities(check_flows(table(*rows), UNITS), n_seeds=5, n_null=40)
    assert found.significant
    assert set(found.groups[:2]) == {tuple(cities[:4]), tuple(cities[4:])}


def test_names_codes_and_numbers_mean_the_same():
    rows = [("北京", "天津市", 3), ("Baoding", 110000.0, 4), ("石家荘市", "shijiazhuang", 9)]
    found = check_flows(table(*rows), UNITS)
    assert found.pairs[["origin", "destination", "weight"]].to_numpy().tolist() == [
        ["110000", "120000", 3.0],
        ["110000", "130600", 4.0],
    ]
    assert found.loops.unit.tolist() == ["130100"]


def test_both_directions_are_summed_or_kept():
    rows = [("北京", "天津", 3), ("天津", "北京", 4), ("北京", "保定", 1)]
    assert check_flows(table(*rows), UNITS).pairs.weight.tolist() == [7.0, 1.0]
    kept = check_flows(table(*rows), UNITS, directed=True)
    assert kept.pairs.weight.tolist() == [3.0, 4.0, 1.0]
    assert flow_measures.density(kept) == pytest.approx(3 / (13 * 12))
    sums = flow_measures.strength(kept)
    assert sums.loc["110000", ["outflow", "inflow", "strength"]].tolist() == [4.0, 4.0, 8.0]


def test_equal_weights_both_ways_are_warned_about(caplog):
    rows = [("北京", "天津", 3), ("天津", "北京", 3)]
    assert check_flows(table(*rows), UNITS).pairs.weight.tolist() == [6.0]
    assert "all weights are doubled" in caplog.text


def test_what_is_left_out_is_reported():
    rows = [("北京", "天津", 3), ("北京", "北京", 5), ("济南", "天津", 2), ("天津", "保定", 0)]
    found = check_flows(table(*rows), UNITS)
    assert found.loops.weight.tolist() == [5.0]
    assert found.unknown.origin.tolist() == ["济南"]
    assert found.zeros == 1
    said = found.summary()
    for part in ("1 loops left out (北京市)", "1 rows with unknown units (济南)", "1 rows of weight 0", "石家庄市"):  # fmt: skip
        assert part in said
    assert len(found.without_flows) == 11


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ([("北京", "天津", -3)], {}, r"negative in 1 rows \(first -3 in row 1, 北京 to 天津\)"),
        ([("北京", "天津", 1), ("北京", "保定", None)], {}, r"missing or no number in 1 rows \(first empty in row 2"),
        ([("北京", "天津", "many")], {}, "first many in row 1"),
        ([("北京", "天津", np.inf)], {}, "first inf in row 1"),
        ([("北京", "天津", 1), ("北京市", "120000", 2)], {}, "1 pairs occur more than once, first 北京市 to 天津市"),
        ([("北京", "天津", 1)], {"year": "spring"}, "1 years are no year, first 'spring' in row 1"),
        ([("北京", "北京", 1)], {}, "no flow between two units is left of 1 rows"),
        ([("甲", "乙", 1)], {}, "1 with unknown units: 甲, 乙"),
    ],
)  # fmt: skip
def test_bad_rows_are_named(rows, columns, message):
    with pytest.raises(InputError, match=message):
        check_flows(table(*rows, **columns), UNITS)


def test_a_name_of_several_units_is_not_guessed(caplog):
    two = pd.concat([UNITS, UNITS.loc[["110000"]].set_index(pd.Index(["999999"]))])
    found = check_flows(table(("北京", "天津", 1), ("天津", "石家庄", 2)), two)
    assert found.unknown.origin.tolist() == ["北京"]
    assert "北京 names several units: 110000, 999999; give the code" in caplog.text
    assert "1 rows with unknown units (北京)" in found.summary()


def test_missing_columns_are_named():
    with pytest.raises(
        InputError, match="no column weight; the columns are origin, destination, n"
    ):
        check_flows(EDGES.rename(columns={"weight": "n"}), UNITS)


def test_a_year_with_one_pair_is_named_and_the_units_stay(caplog):
    rows = [("北京", "天津", 1), ("北京", "保定", 2), ("北京", "天津", 4)]
    found = check_flows(table(*rows, year=[2013, 2013, 2014]), UNITS)
    assert "2014: flows between 2 of 13 units only" in caplog.text
    yearly = flow_measures.by_year(found)
    assert yearly.density.tolist() == pytest.approx([2 / 78, 1 / 78])
    assert yearly.change.iloc[1] == pytest.approx(1 / 3)
    with pytest.raises(InputError, match="flows: no flows in 2020; years with flows: 2013, 2014"):
        found.matrix(2020)


def test_a_gap_in_the_years_is_no_change_of_one_year():
    rows = [("北京", "天津", 1), ("北京", "天津", 4)]
    found = check_flows(table(*rows, year=[2013, 2016]), UNITS)
    assert flow_measures.by_year(found).change.isna().all()


def test_a_network_in_two_parts_has_harmonic_closeness():
    rows = [("北京", "天津", 2), ("石家庄", "邢台", 4)]
    flows = check_flows(table(*rows), UNITS)
    assert flows.parts == 2
    assert "the network is in 2 parts that are not connected" in flows.summary()
    found = centrality.centrality(flows)
    assert found.loc["110000", "harmonic"] == 2.0
    assert found.loc["130100", "harmonic"] == 4.0
    assert found.loc["131100", ["harmonic", "closeness", "betweenness"]].tolist() == [0, 0, 0]
    dominant = backbone.dominant_flows(check_flows(table(*rows), UNITS))
    assert dominant.loc["131100", "largest_to"] is None


def test_ties_of_the_largest_flow_are_listed():
    rows = [("北京", "天津", 5), ("北京", "保定", 5), ("天津", "唐山", 1)]
    found = backbone.dominant_flows(check_flows(table(*rows), UNITS))
    assert found.loc["110000", "tied"] == "120000 130600"
    assert found.loc["110000", "largest_to"] == "120000"


@pytest.mark.parametrize("shape", ["whole", "upper", "lower"])
def test_matrices_whole_and_triangular(shape):
    names = [name.removesuffix("市") for name in UNITS.name_zh]
    heavy = FIXTURE.matrix()
    cut = {"whole": heavy / 2, "upper": np.triu(heavy), "lower": np.tril(heavy)}[shape]
    square = pd.DataFrame(cut, columns=names)
    square.insert(0, "城市", names)
    found = check_flows(from_matrix(square), UNITS)
    assert np.array_equal(found.matrix(), heavy)


def test_matrices_of_codes_as_numbers_and_by_index():
    codes = [int(code) for code in UNITS.index]
    square = pd.DataFrame(np.triu(FIXTURE.matrix()), columns=codes)
    square.insert(0, "adcode", codes)
    assert np.array_equal(check_flows(from_matrix(square), UNITS).matrix(), FIXTURE.matrix())
    indexed = square.set_index("adcode")
    assert np.array_equal(check_flows(from_matrix(indexed), UNITS).matrix(), FIXTURE.matrix())


def test_a_table_that_is_no_matrix_is_refused():
    with pytest.raises(InputError, match="neither a table with origin"):
        from_matrix(pd.DataFrame({"city": ["北京"], "gdp": [3.0]}))


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


def test_a_large_network_finds_its_core_without_trying_all_subsets():
    random = np.random.default_rng(3)
    weights = random.uniform(0, 1, (30, 30))
    weights[:4, :4] = 50
    weights = np.triu(weights, 1) + np.triu(weights, 1).T
    members, fit = core_periphery.best_core(weights)
    assert np.flatnonzero(members).tolist() == [0, 1, 2, 3]
    assert fit > 0.99
    pattern = np.zeros((30, 30))
    pattern[:4, :4] = 1
    above = np.triu_indices(30, 1)
    assert fit == pytest.approx(np.corrcoef(weights[above], pattern[above])[0, 1])
    covered, loose = core_periphery.best_core(weights, ideal="max")
    whole = np.maximum.outer(covered, covered)[above].astype(float)
    assert loose == pytest.approx(np.corrcoef(weights[above], whole)[0, 1])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999), n=st.integers(3, 7), ideal=st.sampled_from(["core-core", "max"]))
def test_no_subset_fits_better_than_the_one_found(seed, n, ideal):
    random = np.random.default_rng(seed)
    weights = np.triu(random.integers(0, 50, (n, n)), 1).astype(float)
    weights += weights.T
    members, fit = core_periphery.best_core(weights, ideal=ideal)
    above = np.triu_indices(n, 1)
    if np.ptp(weights[above]) == 0:
        assert not members.any()
        return
    fits = []
    for bits in range(1, 2**n - 1):
        inside = (bits >> np.arange(n)) & 1
        meet = np.minimum if ideal == "core-core" else np.maximum
        pattern = meet.outer(inside, inside)[above]
        if 0 < pattern.mean() < 1:
            fits.append(np.corrcoef(weights[above], pattern)[0, 1])
    assert fit == pytest.approx(max(fits))
