"""Tables of flows: matrices in every shape."""

import numpy as np
import pandas as pd
import pytest
from thirteen import FIXTURE, UNITS

from geo.analysis.flows.table import check_flows, from_matrix, named_columns
from geo.errors import InputError


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


@pytest.mark.parametrize(
    "columns",
    [
        ("origin", "destination", "weight"),
        ("起点", "终点", "流量"),
        ("出发城市", "到达城市", "人次"),
        ("src", "dst", "count"),
        ("from", "to", "value"),
        ("startCity", "endCity", "trains_per_day"),
        ("from_adcode", "to_adcode", "n"),
    ],
)
def test_columns_of_strangers_are_read_by_what_they_mean(columns):
    table = pd.DataFrame([["110000", "120000", 5]], columns=list(columns))
    assert named_columns(table).columns.tolist() == ["origin", "destination", "weight"]


def test_a_code_goes_before_a_name_and_two_weights_are_refused():
    codes = pd.DataFrame(
        {"from": ["x"], "from_code": ["1"], "to": ["y"], "to_code": ["2"], "n": [3]}
    )
    found = named_columns(codes)
    assert found[["origin", "destination", "weight"]].to_numpy().tolist() == [["1", "2", 3]]
    two = pd.DataFrame({"src": ["a"], "dst": ["b"], "count": [1], "value": [2]})
    with pytest.raises(InputError, match="count, value could all be the weight"):
        named_columns(two, name="od.csv")
    matrix = pd.DataFrame({"": ["a", "b"], "a": [0, 1], "b": [1, 0]})
    assert named_columns(matrix) is matrix


def test_places_inside_units_count_for_them_and_pairs_are_summed():
    table = pd.DataFrame(
        {"origin": ["北京西", "北京"], "destination": ["天津西", "天津"], "weight": [3, 4]}
    )
    inside = {"北京西": "110000", "天津西": "120000"}
    found = check_flows(table, UNITS, inside=inside)
    assert found.pairs.weight.tolist() == [7.0]
    assert found.unknown.empty
