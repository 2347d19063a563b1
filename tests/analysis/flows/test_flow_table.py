"""Tables of flows: matrices in every shape."""

import numpy as np
import pandas as pd
import pytest
from thirteen import FIXTURE, UNITS

from geo.analysis.flows.table import check_flows, from_matrix
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
