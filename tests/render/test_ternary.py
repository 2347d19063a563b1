"""Triangles of three shares: what they hold, and which tables they refuse."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError, UnknownIdError
from geo.render import Axis, Discs, Link, Reference, ternary


def make(table, **changes):
    wanted = {
        "title": "t",
        "rows": Axis("Row", "row"),
        "corners": {"a": "A", "b": "B", "c": "C"},
        "shares": Axis("Share"),
    }
    return ternary(table, **wanted | changes).payload


TABLE = pd.DataFrame(
    {"row": ["x", "y"], "a": [50, 20.0], "b": [25, 30.0], "c": [25, 50.0], "n": [1, 4]}
)


def test_a_triangle_holds_shares_colours_sizes_and_links():
    found = make(
        TABLE.assign(kind=["k", "other"]),
        discs=Discs("kind", {"k": "#123456"}, Axis("Sites", "n")),
        reference=Reference("all", (2, 1, 1)),
        link=Link("layer", "row"),
    )
    assert found["total"] == 100
    assert [one["values"] for one in found["series"]] == [[50, 20], [25, 30], [25, 50]]
    assert found["tones"] == ["#123456", "#9a9a9a"]
    assert (found["size"]["values"], found["size"]["most"]) == ([1, 4], 4)
    assert found["reference"] == {"label": "all", "values": [2.0, 1.0, 1.0]}
    assert found["link"] == {"layer": "layer", "keys": [["x"], ["y"]]}


@given(st.lists(st.tuples(*[st.integers(0, 1000)] * 3).filter(sum), min_size=1, max_size=20))
def test_whole_rows_of_any_composition_are_taken(rows):
    shares = pd.DataFrame(rows, columns=["a", "b", "c"]).pipe(
        lambda t: t.div(t.sum(axis=1), axis=0)
    )
    found = make(shares.assign(row=[str(at) for at in range(len(rows))]))
    assert found["total"] == 1
    assert len(found["x"]["values"]) == len(rows)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"a": [50, 60.0]}, r"row 'y': shares \[60.0, 30.0, 50.0\] add up to 140"),
        ({"a": [50, -20.0], "b": [25, 70.0]}, "not negative"),
        ({"a": [50, 0.2], "b": [25, 0.3], "c": [25, 0.5]}, "add up to 100"),
        ({"a": [None, None]}, "no numbers|no row has all three"),
        ({"a": [float("inf"), 20.0]}, "infinite"),
        ({"a": ["u", "v"]}, "no numbers"),
        ({"n": [0, 0]}, "holds no sizes"),
    ],
)
def test_a_table_that_is_not_of_shares_is_refused(changed, message):
    with pytest.raises(InputError, match=message):
        make(TABLE.assign(**changed), discs=Discs(size=Axis("n", "n")))


def test_two_corners_a_missing_column_and_an_empty_reference_are_refused():
    with pytest.raises(InputError, match="three corners"):
        make(TABLE, corners={"a": "A", "b": "B"})
    with pytest.raises(UnknownIdError, match="'d'"):
        make(TABLE, corners={"a": "A", "b": "B", "d": "D"})
    for shares in ((0, 0, 0), (1, -1, 1), (1, 1)):
        with pytest.raises(InputError, match="a reference"):
            make(TABLE, reference=Reference("r", shares))
