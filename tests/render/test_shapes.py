"""Points come back to half a metre in either form, wherever on the world they are."""

import numpy as np
import pytest
import shapely
from blocks import places
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.render.drawing.shapes import point_parts, z_order
from geo.render.encode import block

LON = st.integers(-18_000_000, 18_000_000)
LAT = st.integers(-8_500_000, 8_500_000)


def back(grid):
    found = places(block(point_parts(shapely.points(np.array(grid) / 1e5))))
    return np.column_stack([found["x"], found["y"]]).tolist()


@settings(max_examples=80)
@given(st.lists(st.tuples(LON, LAT), min_size=1, max_size=30))
def test_points_come_back_in_any_order_and_along_the_curve(grid):
    shapes = shapely.points(np.array(grid) / 1e5)
    assert back(grid) == [list(one) for one in grid]
    order = z_order(shapes)
    assert sorted(order.tolist()) == list(range(len(grid)))
    ordered = [list(grid[at]) for at in order]
    assert [name for name, _, _ in point_parts(shapes[order])] == ["corner", "z"]
    assert back(ordered) == ordered


def test_the_corners_of_the_world_fit():
    world = [[-18_000_000, -9_000_000], [18_000_000, 9_000_000]]
    assert back(world) == world


def test_neighbours_on_the_curve_are_neighbours_in_place():
    random = np.random.default_rng(11)
    xy = random.random((4_000, 2))
    ordered = xy[z_order(shapely.points(xy))]
    steps = np.hypot(*np.diff(ordered, axis=0).T)
    assert np.median(steps) < 2 / np.sqrt(4_000)  # of the order of the distance between neighbours


def test_the_order_by_hand():
    # a Z over the four quarters: west south, east south, west north, east north
    square = shapely.points([[1, 1], [0, 1], [1, 0], [0, 0]])
    assert z_order(square).tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize("n", [0, 1])
def test_none_and_one_point(n):
    assert back(np.zeros((n, 2)).astype(int) + 7) == [[7, 7]] * n
