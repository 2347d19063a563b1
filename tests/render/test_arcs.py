"""Shared borders are kept once, and every ring comes back as it was."""

import numpy as np
import pytest
import shapely
from blocks import unpack
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from geo.layers import load
from geo.render.drawing.shapes import area_parts, simplified
from geo.render.encode import block


def rings_back(shapes):
    """Put polygons together again, as the page does."""
    found = unpack(block(area_parts(np.asarray(shapes, dtype=object))))
    begin = np.concatenate([[0], np.cumsum(found["alen"])])
    arcs = np.column_stack([found["ax"], found["ay"]]) / 1e5
    rings, at = [], 0
    for count in found["rlen"]:
        ring = []
        for ref in found["ref"][at : at + count]:
            arc = arcs[begin[ref >> 1] : begin[(ref >> 1) + 1]]
            ring += (arc[::-1] if ref & 1 else arc)[:-1].tolist()
        rings.append(ring)
        at += count
    polygons, at = [], 0
    for count in found["own"]:
        mine = [Polygon(ring) for ring in rings[at : at + count]]
        at += count
        area = mine[0]
        for one in mine[1:]:
            area = area.symmetric_difference(one)
        polygons.append(area)
    return polygons, found


def test_two_squares_share_one_arc():
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    back, found = rings_back(shapes)
    assert len(found["alen"]) == 3
    assert [one.equals(other) for one, other in zip(back, shapes, strict=True)] == [True, True]


@pytest.mark.parametrize(
    "shapes",
    [
        [box(0, 0, 9, 9)],
        [Polygon(box(0, 0, 9, 9).exterior, [box(3, 3, 6, 6).exterior]), box(3, 3, 6, 6)],
        [MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2)]), box(1, 0, 2, 1), box(0, 1, 1, 2)],
        [box(0, 0, 1, 1), box(0, 0, 1, 1)],
        [Polygon([(0, 0), (2, 0), (1, 1)]), Polygon([(1, 1), (2, 2), (0, 2)])],
    ],
)
def test_islands_holes_corners_and_copies_come_back(shapes):
    back, _ = rings_back(shapes)
    for one, other in zip(back, shapes, strict=True):
        assert one.symmetric_difference(other).area < 1e-9


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 30))
def test_any_tiling_comes_back(seed, n):
    random = np.random.default_rng(seed)
    cells = shapely.voronoi_polygons(
        shapely.multipoints(random.uniform(0, 10, (n, 2))), extend_to=box(0, 0, 10, 10)
    )
    shapes = shapely.set_precision(list(cells.geoms), 1e-5)
    back, _ = rings_back(shapes)
    for one, other in zip(back, shapes, strict=True):
        assert one.symmetric_difference(other).area < 1e-6


def test_the_counties_come_back_and_borders_are_kept_once():
    shapes = load("counties").frame.geometry.to_numpy()
    back, found = rings_back(shapes)
    area = sum(
        one.symmetric_difference(other).area for one, other in zip(back, shapes, strict=True)
    )
    assert area / shapely.union_all(shapes).area < 1e-4
    assert len(found["ax"]) < 0.65 * shapely.get_num_coordinates(shapes).sum()


def test_thinning_keeps_neighbours_neighbours():
    shapes = load("counties").frame.geometry.to_numpy()
    thin = simplified(shapes, 2_000)
    assert shapely.get_num_coordinates(thin).sum() < shapely.get_num_coordinates(shapes).sum() / 2
    assert shapely.coverage_is_valid(shapely.set_precision(thin, 0), gap_width=0)
    assert not shapely.is_empty(thin).any()
