"""Ellison and Glaeser's index against the published values."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.roles.specialisation import ellison_glaeser, employment_excess
from geo.errors import InputError

FOLDER = Path(__file__).parents[2] / "golden"
REAT = json.loads((FOLDER / "f_specialisation_REAT.json").read_text(encoding="utf-8"))


def test_golden_single_industry_of_f_specialisation_reat():
    wanted = REAT["ellison_glaeser_single"]
    plants = pd.DataFrame({"region": wanted["regions"], "industry": "x", "value": wanted["firms"]})
    regions = pd.DataFrame(list(wanted["region_emp"].items()), columns=["region", "value"])
    one = ellison_glaeser(plants, regions).values.loc["x"]
    assert one.gamma == pytest.approx(wanted["gamma"], abs=1e-9)
    assert one.g == pytest.approx(wanted["G"], abs=1e-9)
    assert one.h == pytest.approx(wanted["H"], abs=1e-9)
    assert one.gamma == pytest.approx(0.05990628, abs=5e-9)  # as REAT's help prints it


def test_golden_four_industries_of_f_fk2014_firms():
    firms = pd.read_csv(FOLDER / "f_FK2014_firms.csv")
    plants = firms.rename(columns={"emp_firm": "value"})
    regions = firms.drop_duplicates("region").rename(columns={"emp_region": "value"})
    found = ellison_glaeser(plants, regions[["region", "value"]]).values
    wanted = REAT["ellison_glaeser_4industries"]["by_industry"]
    assert set(found.index) == set(wanted)
    for industry, row in wanted.items():
        assert found.gamma[industry] == pytest.approx(row["gamma"], abs=1e-9)
        assert found.g[industry] == pytest.approx(row["G"], abs=1e-9)
        assert found.h[industry] == pytest.approx(row["H"], abs=1e-9)


def test_plants_thrown_at_random_give_zero_on_average():
    rng = np.random.default_rng(8)
    regions = pd.DataFrame({"region": list("abc"), "value": [50, 30, 20]})
    gammas = [
        ellison_glaeser(
            pd.DataFrame(
                {
                    "region": rng.choice(list("abc"), 30, p=[0.5, 0.3, 0.2]),
                    "industry": "x",
                    "value": rng.integers(1, 50, 30),
                }
            ),
            regions,
        ).values.gamma["x"]
        for _ in range(150)
    ]
    assert abs(np.mean(gammas)) < 0.01


def test_degenerate_and_hostile_cases():
    plants = pd.DataFrame({"region": ["a", "a"], "industry": ["x", "x"], "value": [1, 1]})
    one_region = pd.DataFrame({"region": ["a"], "value": [5]})
    assert np.isnan(ellison_glaeser(plants, one_region).values.gamma["x"])
    with pytest.raises(InputError, match="without employment: a"):
        ellison_glaeser(plants, pd.DataFrame({"region": ["b"], "value": [5]}))
    with pytest.raises(InputError, match="above zero"):
        ellison_glaeser(plants, pd.DataFrame({"region": ["a", "b"], "value": [5, 0]}))
    dropped = ellison_glaeser(
        plants.assign(value=[1, None]), pd.DataFrame({"region": ["a", "b"], "value": [5, 5]})
    )
    assert dropped.n_dropped == {"no employment": 1}
    assert np.isnan(dropped.values.gamma["x"])


plants_drawn = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(1, 50)),
    min_size=1,
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(plants_drawn, st.integers(2, 9))
def test_squares_of_the_excess_sum_to_g_and_size_does_not_matter(rows, factor):
    plants = pd.DataFrame(rows, columns=["region", "industry", "value"])
    regions = pd.DataFrame({"region": list("abc"), "value": [50, 30, 20]})
    one = ellison_glaeser(plants, regions).values
    other = ellison_glaeser(
        plants.assign(value=plants.value * factor), regions.assign(value=regions.value * factor)
    ).values
    assert other.gamma.tolist() == pytest.approx(one.gamma.tolist(), nan_ok=True)
    each = employment_excess(plants, regions).values
    assert each.contribution.groupby("industry").sum().tolist() == pytest.approx(one.g.tolist())
    assert each.excess.groupby("industry").sum().tolist() == pytest.approx([0] * len(one))


def test_each_year_has_its_own_regions():
    plants = pd.DataFrame({"region": list("aa"), "industry": "x", "value": 1, "year": [2010, 2020]})
    regions = pd.DataFrame(
        {"region": list("abab"), "value": [1, 1, 3, 1], "year": [2010, 2010, 2020, 2020]}
    )
    found = ellison_glaeser(plants, regions).values
    assert found.g.tolist() == pytest.approx([0.5, 0.125])
    with pytest.raises(InputError, match="no employment of 2020"):
        ellison_glaeser(plants, regions[regions.year == 2010])
    with pytest.raises(InputError, match="plants have none"):
        ellison_glaeser(plants.drop(columns="year"), regions)
