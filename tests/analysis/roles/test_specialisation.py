"""Location quotient, Krugman, Herfindahl, UNIDO against REAT's values and by property."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.roles.specialisation import (
    herfindahl,
    krugman,
    location_quotient,
    unido_similarity,
)
from geo.errors import InputError, UnknownIdError

FOLDER = Path(__file__).parents[2] / "golden"
REAT = json.loads((FOLDER / "f_specialisation_REAT.json").read_text(encoding="utf-8"))
JJJ = json.loads((FOLDER / "f_jjj_2023_sectors.json").read_text(encoding="utf-8"))


def cells(values):
    return pd.DataFrame(
        [(r, i, v) for r, row in values.items() for i, v in enumerate(row)],
        columns=["region", "industry", "value"],
    )


def goettingen():
    rest = np.subtract(REAT["germany2017"], REAT["goettingen2017"])
    return cells({"goettingen": REAT["goettingen2017"], "rest": rest})


def jjj():
    return cells(JJJ["values"])


def test_golden_f_specialisation_reat():
    # the published quotients divide by totals that the sections do not sum to
    share = np.array(REAT["goettingen2017"]) / REAT["totals"][0]
    assert (share / (np.array(REAT["germany2017"]) / REAT["totals"][1])).tolist() == pytest.approx(
        REAT["LQ"], abs=1e-9
    )
    found = location_quotient(goettingen()).values.lq.loc["goettingen"].to_numpy()
    sums = sum(REAT["goettingen2017"]), sum(REAT["germany2017"])
    scale = (REAT["totals"][0] / sums[0]) / (REAT["totals"][1] / sums[1])
    assert found == pytest.approx(np.array(REAT["LQ"]) * scale, abs=1e-9)
    assert herfindahl(goettingen()).values.herfindahl["goettingen"] == pytest.approx(
        sum((np.array(REAT["goettingen2017"]) / sums[0]) ** 2), abs=1e-12
    )


def test_golden_krugman_herfindahl_unido_of_f_specialisation_reat():
    pair = cells({"g": REAT["goettingen2017"], "d": REAT["germany2017"]})
    found = unido_similarity(pair).values.iloc[0]
    assert found.krugman == pytest.approx(REAT["krugman"], abs=1e-6)
    assert found.similarity == pytest.approx(REAT["unido_similarity"], abs=1e-6)
    assert herfindahl(pair).values.herfindahl["g"] == pytest.approx(
        REAT["HHI_goettingen"], abs=1e-6
    )
    disjoint = cells({"a": [5, 0], "b": [0, 7]})
    assert krugman(disjoint).values.krugman.tolist() == [REAT["krugman_disjoint"]] * 2
    assert unido_similarity(disjoint).values.similarity.iloc[0] == REAT["unido_disjoint"]


def test_golden_f_jjj_2023_sectors():
    lq = location_quotient(jjj()).values.lq
    for region, wanted in JJJ["LQ"].items():
        assert lq.loc[region].tolist() == pytest.approx(wanted, abs=1e-9)
    pairs = unido_similarity(jjj())
    for (one, other), row in pairs.values.iterrows():
        name = f"{one}-{other}" if f"{one}-{other}" in JJJ["unido_pair"] else f"{other}-{one}"
        assert row.similarity == pytest.approx(JJJ["unido_pair"][name], abs=1e-9)
        assert row.krugman == pytest.approx(JJJ["krugman_pair"][name], abs=1e-9)
    for benchmark in ("region", "rest"):
        found = krugman(jjj(), benchmark=benchmark).values.krugman.to_dict()
        assert found == pytest.approx(JJJ[f"krugman_vs_{benchmark}"], abs=1e-9)


def test_similarity_below_ten_industries_warns_and_above_does_not():
    assert "Fewer than ten industries" in unido_similarity(jjj()).caveat.en
    assert "少于十个" in krugman(jjj()).caveat.zh
    assert unido_similarity(goettingen()).remarks == ()
    assert herfindahl(jjj()).remarks == ()


def test_interval_of_a_small_count_is_wide_and_holds_the_quotient():
    found = location_quotient(cells({"a": [2, 98], "b": [20, 980]}))
    assert "fewer than five" in found.caveat.en
    small, large = found.values.loc[("a", 0)], found.values.loc[("b", 0)]
    assert small.lq == pytest.approx(1)
    assert small.low < 1 < small.high
    assert small.high / small.low > large.high / large.low
    # Garwood's interval of 2 is 0.2422 to 7.2247
    assert [small.low * 2, small.high * 2] == pytest.approx([0.2422, 7.2247], abs=1e-4)


def test_an_industry_that_is_nowhere_is_missing_and_an_absent_one_zero():
    found = location_quotient(cells({"a": [1, 0, 5], "b": [1, 0, 0]})).values.lq
    assert np.isnan(found[("a", 1)])
    assert found[("b", 2)] == 0


tables = st.lists(
    st.lists(st.integers(0, 1000), min_size=4, max_size=4).filter(any), min_size=2, max_size=5
)


@settings(max_examples=40, deadline=None)
@given(tables, st.integers(2, 9))
def test_ranges_and_invariance_to_scale(rows, factor):
    table = cells({f"r{k}": row for k, row in enumerate(rows)})
    if sum(1 for row in rows if any(row)) < 2:
        return
    k = krugman(table).values.krugman
    own = krugman(table, benchmark="region").values.krugman
    s = unido_similarity(table).values.similarity
    h = herfindahl(table).values.herfindahl
    assert ((k >= 0) & (k <= 2 + 1e-12)).all()
    assert (own <= k + 1e-12).all()
    assert ((s >= -1e-12) & (s <= 1 + 1e-12)).all()
    assert ((h >= 0.25 - 1e-12) & (h <= 1 + 1e-12)).all()
    scaled = table.assign(value=table.value * factor)
    assert krugman(scaled).values.krugman.to_numpy() == pytest.approx(k.to_numpy(), abs=1e-12)
    lq = location_quotient(table).values
    weight = lq.value.groupby("industry").sum()
    share = lq.value.groupby("region").sum() / lq.value.sum()
    # the quotients of an industry average to one, weighted by the size of the regions
    mean = (
        (lq.lq * share.reindex(lq.index.get_level_values("region")).to_numpy())
        .groupby("industry")
        .sum()
    )
    assert mean[weight > 0].to_numpy() == pytest.approx(1)


def test_years_and_drops():
    table = pd.concat([jjj().assign(year=2010), jjj().assign(year=2020)], ignore_index=True)
    table.loc[0, "value"] = None
    found = herfindahl(table)
    assert found.years == (2010, 2020)
    assert found.n_dropped == {"no value (suppressed)": 1}
    assert found.values.index.names == ["year", "region"]


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(InputError, match="negative"):
        herfindahl(cells({"a": [-1, 2]}))
    with pytest.raises(InputError, match="region b has nothing"):
        herfindahl(cells({"a": [1, 2], "b": [0, 0]}))
    with pytest.raises(InputError, match="one region only"):
        krugman(cells({"a": [1, 2]}))
    with pytest.raises(InputError, match="no column region"):
        krugman(pd.DataFrame({"value": [1]}))
    with pytest.raises(InputError, match="no row"):
        krugman(cells({"a": [None]}))
    with pytest.raises(UnknownIdError, match="benchmark"):
        krugman(jjj(), benchmark="nation")
    with pytest.raises(InputError, match="confidence"):
        location_quotient(jjj(), confidence=95)
