"""Flows: every kind of bad row named, nothing left out in silence."""

import numpy as np
import pandas as pd
import pytest
from thirteen import EDGES, UNITS, table

from geo.analysis.flows import measures as flow_measures
from geo.analysis.flows.table import check_flows
from geo.errors import InputError


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
