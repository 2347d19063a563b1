"""Headquarters, branches, interlocking offices."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.roles.chains import headquarters_branches, interlocking_network
from geo.errors import InputError


def test_two_hundred_and_sixty_firms_of_which_65_percent_from_beijing():
    # METHODS §2g: 0.65 × 260 = 169
    rows = pd.DataFrame({"headquarters": ["北京"] * 169 + ["保定"] * 91, "branch": "雄安"})
    found = headquarters_branches(rows)
    assert found.n == 260
    assert found.values.loc[("北京", "雄安"), "weight"] == 169
    assert found.values.loc[("北京", "雄安"), "share_of_branch_place"] == pytest.approx(0.65)


def test_shares_sum_to_one_at_each_end_and_inside_pairs_count():
    rows = pd.DataFrame(
        {
            "headquarters": list("aabbc"),
            "branch": list("abbca"),
            "weight": [1, 2, 3, 4, 5],
            "year": [2020] * 5,
        }
    )
    found = headquarters_branches(rows).values
    assert found.share_of_branch_place.groupby("branch").sum().to_numpy() == pytest.approx(1)
    assert found.share_of_headquarters_place.groupby("headquarters").sum().to_numpy() == (
        pytest.approx(1)
    )
    assert (2020, "a", "a") in found.index


def test_interlocking_is_the_matrix_product_off_the_diagonal():
    rng = np.random.default_rng(2)
    service = rng.integers(0, 4, (6, 4))
    offices = pd.DataFrame(
        [(f"f{f}", f"c{c}", service[f, c]) for f in range(6) for c in range(4)],
        columns=["firm", "region", "weight"],
    )
    found = interlocking_network(offices).values
    product = service.T @ service
    for (a, b), row in found.iterrows():
        assert row.weight == product[int(a[1]), int(b[1])]
    assert found.weight.sum() == np.triu(product, 1).sum()


def test_offices_without_a_value_count_as_one_each():
    offices = pd.DataFrame({"firm": list("ffg"), "region": list("abb")})
    found = interlocking_network(offices).values
    assert found.weight.to_dict() == {("a", "b"): 1}
    alone = interlocking_network(offices.iloc[:1]).values
    assert alone.empty
    assert list(alone.columns) == ["weight", "n_firms"]


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(InputError, match="no row"):
        headquarters_branches(pd.DataFrame({"headquarters": [None], "branch": ["a"]}))
    with pytest.raises(InputError, match="no office"):
        interlocking_network(pd.DataFrame({"firm": [None], "region": ["a"]}))
    with pytest.raises(InputError, match="no column branch"):
        headquarters_branches(pd.DataFrame({"headquarters": []}))


rows_drawn = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.integers(1, 9)),
    min_size=1,
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(rows_drawn, st.integers(2, 9))
def test_shares_do_not_mind_the_unit_and_ties_grow_with_its_square(rows, factor):
    table = pd.DataFrame(rows, columns=["headquarters", "branch", "weight"])
    one = headquarters_branches(table).values
    more = headquarters_branches(table.assign(weight=table.weight * factor)).values
    shares = ["share_of_branch_place", "share_of_headquarters_place"]
    assert more[shares].to_numpy() == pytest.approx(one[shares].to_numpy())
    assert one.share_of_branch_place.groupby("branch").sum().to_numpy() == pytest.approx(1)
    offices = table.rename(columns={"headquarters": "firm", "branch": "region"})
    ties = interlocking_network(offices).values.weight
    grown = interlocking_network(offices.assign(weight=offices.weight * factor)).values.weight
    assert grown.to_numpy() == pytest.approx(ties.to_numpy() * factor**2)
