"""Chain links across provinces against chance."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.roles.chains import chain_cross_share, chain_pairs
from geo.errors import InputError

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden" / "f_chain_linkage.json").read_text(encoding="utf-8")
)


def links(rows):
    return pd.DataFrame(rows, columns=["origin", "destination", "stage", "weight"])


def test_golden_f_chain_linkage():
    found = chain_cross_share(links(GOLDEN["links"])).values
    whole = found.loc["all"]
    assert [whole.total, whole.cross] == [GOLDEN["total"], GOLDEN["cross"]]
    assert whole["share"] == pytest.approx(GOLDEN["cross_share"], abs=1e-9)
    assert whole.expected == pytest.approx(GOLDEN["expected_cross_share_if_independent"], abs=1e-9)
    assert whole.ratio == pytest.approx(GOLDEN["cross_ratio_to_expected"], abs=1e-9)
    assert whole.ei == pytest.approx(GOLDEN["krackhardt_EI_index"], abs=1e-9)
    for stage, row in GOLDEN["by_stage"].items():
        assert found.loc[stage, ["total", "cross", "share"]].tolist() == pytest.approx(
            [row["total"], row["cross"], row["share"]], abs=1e-9
        )


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.just("s"), st.integers(1, 99)),
        min_size=1,
        max_size=30,
    )
)
def test_ranges_and_independence(rows):
    one = chain_cross_share(links(rows)).values.loc["all"]
    assert 0 <= one["share"] <= 1
    assert -1 <= one.ei <= 1
    assert one.expected + 1e-12 >= 0
    table = links(rows)
    out = table.groupby("origin").weight.sum()
    into = table.groupby("destination").weight.sum()
    product = [(o, d, "s", out[o] * into[d]) for o in out.index for d in into.index]
    independent = chain_cross_share(links(product)).values.loc["all"]
    assert independent["share"] == pytest.approx(one.expected, abs=1e-9)
    assert independent.ratio == pytest.approx(1) or np.isnan(independent.ratio)


def test_years_drops_and_degenerate_cases():
    table = links([("a", "a", "s", 1), ("a", None, "s", 1), ("a", "b", "s", 0)]).assign(year=2020)
    found = chain_cross_share(table)
    assert found.n_dropped == {"no origin or destination": 1, "no weight": 1}
    assert np.isnan(found.values.loc[(2020, "all"), "ratio"])
    with pytest.raises(InputError, match="no link"):
        chain_cross_share(links([("a", None, "s", 1)]))
    with pytest.raises(InputError, match="negative"):
        chain_cross_share(links([("a", "b", "s", -1)]))


def test_pairs_of_f_chain_linkage_sum_to_its_wholes():
    together = links(GOLDEN["links"]).drop(columns="stage")
    found = chain_pairs(together).values
    assert found.weight.sum() == GOLDEN["total"]
    assert found.weight[found.crosses].sum() == GOLDEN["cross"]
    assert found.expected[found.crosses].sum() / GOLDEN["total"] == pytest.approx(
        GOLDEN["expected_cross_share_if_independent"], abs=1e-9
    )
    assert found.loc[("all", "北京", "天津"), "expected"] == pytest.approx(125 * 60 / 225)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.sampled_from("abc")] * 2, st.sampled_from("st"), st.integers(1, 99)),
        min_size=1,
        max_size=30,
    )
)
def test_expected_weights_have_the_margins_of_the_links(rows):
    found, whole = chain_pairs(links(rows)).values, chain_cross_share(links(rows)).values
    for end in ("origin", "destination"):
        summed = found[["weight", "expected"]].groupby(["stage", end]).sum()
        assert summed.expected.tolist() == pytest.approx(summed.weight.tolist())
    for stage in found.index.unique("stage"):
        part = found.loc[stage]
        expected = part.expected[part.crosses].sum() / part.weight.sum()
        assert expected == pytest.approx(whole.expected[stage], abs=1e-9)


def test_a_link_without_a_stage_is_counted_where_others_have_one():
    table = links([("a", "b", "s", 1), ("a", "b", None, 1)])
    assert chain_cross_share(table).n_dropped == {"no stage": 1}
    assert chain_pairs(table).values.index.tolist() == [("s", "a", "b")]
