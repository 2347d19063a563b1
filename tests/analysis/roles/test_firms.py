"""Functional specialisation, the role triangle, concentration beside coverage."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.roles.firms import (
    concentration,
    firm_roles,
    functional_specialisation,
    role_triangle,
)
from geo.errors import InputError
from geo.layers import read, read_table


def test_functional_specialisation_of_the_whole_is_zero():
    table = pd.DataFrame({"region": list("ab"), "management": [2, 4], "production": [3, 6]})
    assert functional_specialisation(table).values.fs.tolist() == pytest.approx([0, 0])


def test_functional_specialisation_by_year_and_refusals():
    table = pd.DataFrame(
        {
            "region": list("abab"),
            "year": [2010, 2010, 2020, 2020],
            "management": [1, 1, 3, 1],
            "production": [1, 1, 1, 3],
        }
    )
    found = functional_specialisation(table)
    assert found.values.fs.loc[2020].tolist() == pytest.approx([2, -2 / 3])
    with pytest.raises(InputError, match="twice"):
        functional_specialisation(table.drop(columns="year"))
    with pytest.raises(InputError, match="lacks"):
        functional_specialisation(table.assign(production=0))
    with pytest.raises(InputError, match="negative"):
        functional_specialisation(table.assign(production=-1))


def sites(counts):
    rows = [
        (city, role)
        for city, row in counts.items()
        for role, n in zip(("research", "manufacturing", "application"), row, strict=True)
        for _ in range(n)
    ]
    return pd.DataFrame(rows, columns=["region", "role"])


def test_corners_centre_and_leading_role():
    found = role_triangle(
        sites({"brain": (6, 0, 0), "hand": (0, 6, 0), "ground": (0, 0, 6), "even": (2, 2, 2)})
    ).values
    assert found.loc["brain", ["x", "y"]].tolist() == [0, 0]
    assert found.loc["hand", ["x", "y"]].tolist() == [1, 0]
    assert found.loc["ground", ["x", "y"]].tolist() == pytest.approx([0.5, np.sqrt(3) / 2])
    assert found.loc["even", ["x", "y"]].tolist() == pytest.approx([0.5, np.sqrt(3) / 6])
    assert found.leading.to_dict() == {
        "brain": "brain",
        "hand": "hand",
        "ground": "ground",
        "even": None,
    }


def test_few_sites_get_no_position_and_other_roles_are_counted():
    table = pd.concat(
        [sites({"a": (2, 1, 1)}), pd.DataFrame({"region": ["a"] * 9, "role": "transport"})]
    )
    found = role_triangle(table)
    assert found.n == 4
    assert found.n_dropped == {"other role (transport)": 9}
    assert np.isnan(found.values.x["a"])
    assert found.values.leading["a"] is None
    assert "1 city has fewer than five" in found.caveat.en


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3).filter(any), min_size=1, max_size=6))
def test_shares_sum_to_one_and_lie_in_the_triangle(counts):
    found = role_triangle(sites({f"c{k}": row for k, row in enumerate(counts)})).values
    assert found[["brain", "hand", "ground"]].sum(axis=1).to_numpy() == pytest.approx(1)
    inside = found.dropna(subset=["x"])
    edge = np.sqrt(3) * np.minimum(inside.x, 1 - inside.x)
    assert (inside.y <= edge + 1e-12).all()
    # relative shares average to one, weighted by sites
    for corner in ("brain", "hand", "ground"):
        relative = found[f"{corner}_relative"]
        if relative.notna().all():
            assert (relative * found.n).sum() / found.n.sum() == pytest.approx(1)


def test_roles_of_the_shipped_facilities_put_beijing_nearest_the_brain():
    facilities = read("facilities").rename(columns={"city": "region"})
    found = role_triangle(facilities)
    assert found.n + sum(found.n_dropped.values()) == len(facilities)
    assert found.values.brain.drop(index=["北京市"]).max() < 1.01
    assert found.values.leading["北京市"] == "brain"


def test_no_role_at_all_is_refused():
    with pytest.raises(InputError, match="no site has one of the roles"):
        role_triangle(pd.DataFrame({"region": ["a"], "role": ["transport"]}))


def test_concentration_prints_coverage_beside_the_share():
    facilities = read("facilities").assign(province_adcode=lambda f: f.adcode.str[:2] + "0000")
    found = concentration(facilities, read_table("coverage")).values
    universities = found.loc["university"]
    assert universities.listed.to_dict() == {"110000": 33, "120000": 13, "130000": 21}
    assert universities.coverage.to_dict() == pytest.approx(
        {"110000": 33 / 92, "120000": 13 / 56, "130000": 21 / 128}
    )
    # the list gives Beijing half, the published totals a third
    assert universities.share_of_list["110000"] > 0.49
    assert universities.share_of_total["110000"] == pytest.approx(92 / 276)
    # laboratories: three definitions, so no share of a total
    assert found.loc["national_laboratory_or_key_lab"].share_of_total.isna().all()
    assert found.loc["hsr_station"].coverage.isna().all()


def test_concentration_refuses_a_total_that_occurs_twice():
    one = pd.DataFrame({"category": ["a"], "province_adcode": ["1"]})
    totals = one.assign(published_total=1, total_year=2020)
    with pytest.raises(InputError, match="twice"):
        concentration(one, pd.concat([totals, totals]))


def test_a_corner_held_by_a_handful_of_sites_does_not_lead():
    found = role_triangle(sites({"a": (5, 5, 2), "b": (50, 0, 0)})).values
    # ground is rarest in the list, but a has two sites of it
    assert found.ground_relative["a"] == found.loc["a", "ground_relative"] > 4
    assert found.leading.to_dict() == {"a": "hand", "b": "brain"}


def test_roles_of_the_shipped_firms():
    firms = read("firms")
    roles = firm_roles(firms)
    assert (roles == "manufacturing").sum() == firms.industry.str.startswith("C ").sum()
    found = role_triangle(firms.assign(role=roles, region=firms.city))
    assert found.n + sum(found.n_dropped.values()) == len(firms)
    with pytest.raises(InputError, match="industry"):
        firm_roles(pd.DataFrame({"x": []}))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=8).filter(
        lambda rows: all(sum(one) > 0 for one in zip(*rows, strict=True))
    ),
    st.integers(2, 9),
)
def test_functions_do_not_mind_the_unit_and_average_to_zero(rows, factor):
    table = pd.DataFrame(rows, columns=["management", "production"])
    table["region"] = [f"r{k}" for k in range(len(table))]
    one = functional_specialisation(table).values
    other = functional_specialisation(table.assign(management=table.management * factor)).values
    assert other.fs.tolist() == pytest.approx(one.fs.tolist(), nan_ok=True)
    # weighted by production, the ratios of places with production give back management
    known = one.dropna()
    whole = one.management.sum() / one.production.sum()
    assert ((known.fs + 1) * known.production).sum() * whole == pytest.approx(
        known.management.sum()
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from("123")), min_size=1, max_size=30))
def test_shares_of_the_list_sum_to_one_and_a_province_without_sites_is_a_zero(rows):
    sites_ = pd.DataFrame(rows, columns=["category", "province_adcode"])
    totals = pd.DataFrame(
        [(c, p, 40, 2020) for c in "xy" for p in "123"],
        columns=["category", "province_adcode", "published_total", "total_year"],
    )
    found = concentration(sites_, totals).values
    assert found.share_of_list.groupby("category").sum().to_numpy() == pytest.approx(1)
    assert found.listed.sum() == len(sites_)
    assert (found.groupby("category").size() == 3).all()
    assert found.share_of_total.to_numpy() == pytest.approx(1 / 3)


def test_concentration_by_year_and_without_a_place():
    sites_ = pd.DataFrame(
        {"category": list("xxx"), "province_adcode": ["1", "2", None], "year": [2010, 2020, 2020]}
    )
    totals = pd.DataFrame(
        {"category": ["x"], "province_adcode": ["1"], "published_total": [2], "total_year": [2020]}
    )
    found = concentration(sites_, totals)
    assert found.years == (2010, 2020)
    assert found.n_dropped == {"no category or province": 1}
    assert found.values.loc[(2020, "x", "1"), "coverage"] == 0


def test_a_lead_that_one_site_decides_is_none():
    # 6 of 9 against 66 of 100 in all: 5 of 8 would be below
    found = role_triangle(sites({"a": (6, 3, 0), "b": (60, 31, 0)})).values
    assert found.brain_relative["a"] > 1
    assert found.leading["a"] is None
    assert role_triangle(sites({"a": (6, 1, 0), "b": (60, 31, 0)})).values.leading["a"] == "brain"
