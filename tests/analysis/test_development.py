"""Synergy degree and the statistics bureau's index."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.analysis.development import development_index, synergy_degree
from geo.errors import InputError
from geo.layers import read_table

FOLDER = Path(__file__).parents[1] / "golden"
SYNERGY = json.loads((FOLDER / "g_entropy_synergy.json").read_text(encoding="utf-8"))
NBS = json.loads((FOLDER / "g_nbs_jjj_index.json").read_text(encoding="utf-8"))


def order(table):
    return pd.DataFrame(table, index=pd.Index([2010, 2020], name="year"))


def test_golden_synergy_of_g_entropy_synergy():
    degrees = SYNERGY["order_parameter_degree_t0_t1"]
    found = synergy_degree(order(degrees))
    assert found.values.synergy[2020] == pytest.approx(SYNERGY["synergy"], abs=1e-9)
    assert found.years == (2010, 2020)


def test_one_decline_makes_it_negative():
    rise = order({"a": [0.1, 0.2], "b": [0.1, 0.3]})
    fall = order({"a": [0.2, 0.1], "b": [0.1, 0.3]})
    assert synergy_degree(rise).values.synergy[2020] > 0
    assert synergy_degree(fall).values.synergy[2020] == pytest.approx(
        -synergy_degree(rise).values.synergy[2020]
    )
    still = order({"a": [0.1, 0.1], "b": [0.1, 0.3]})
    assert synergy_degree(still).values.synergy[2020] == 0
    # two declines multiply to a positive product and must still be negative
    both = order({"a": [0.2, 0.1], "b": [0.3, 0.1]})
    assert synergy_degree(both).values.synergy[2020] < 0


def test_golden_g_nbs_jjj_index_total_is_the_mean_of_five():
    rows = [
        {"year": int(year), "base": one["base"], "component": name, "value": value}
        for year, one in NBS["years"].items()
        for name, value in [*one["sub"].items(), ("total", one["total"])]
    ]
    found = development_index(pd.DataFrame(rows)).values.reset_index().set_index("year")
    for year, one in NBS["years"].items():
        if "mean_of_five" in one:
            assert found.mean_of_five[int(year)] == pytest.approx(one["mean_of_five"], abs=1e-9)
            assert abs(found.difference[int(year)]) <= 0.05
    assert np.isnan(found.mean_of_five[2022])
    assert found.n[2022] == 4


def test_bases_of_the_shipped_table_stay_apart():
    found = development_index(read_table("development_index", numbers=("value",)))
    assert found.values.index.names == ["base", "year"]
    assert "2010" in found.caveat.en
    assert "2014" in found.caveat.en


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(InputError, match="a change needs two"):
        synergy_degree(order({"a": [0.1, None], "b": [0.1, 0.3]}))
    with pytest.raises(InputError, match="outside 0…1"):
        synergy_degree(order({"a": [0.1, 2], "b": [0.1, 0.3]}))
    with pytest.raises(InputError, match="a year occurs twice"):
        synergy_degree(pd.concat([order({"a": [0.1, 1], "b": [0.1, 0.3]})] * 2))
    row = {"year": 2024, "base": "2014=100", "component": "open", "value": 1}
    with pytest.raises(InputError, match="occurs twice"):
        development_index(pd.DataFrame([row, row]))
