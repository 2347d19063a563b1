"""The index answers exactly what GEOS answers, on the points that find bugs."""

from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

import geo
from geo.errors import CRSError, InputError
from geo.join import locate
from geo.join._grid import build_grid
from geo.join.index import NOWHERE, content_hash, locate_xy, unit_index

NUMPY, COMPILED = 10**9, 0
loops = pytest.mark.parametrize("compile_from", [NUMPY, COMPILED], ids=["numpy", "compiled"])


def frame(shapes, ids=None) -> gpd.GeoDataFrame:
    ids = [f"{at:03d}" for at in range(len(shapes))] if ids is None else ids
    return gpd.GeoDataFrame(index=pd.Index(ids, name="adcode"), geometry=shapes, crs="EPSG:4326")


def truth(lon, lat, units) -> np.ndarray:
    """Ask GEOS of every pair, without preparation or tree."""
    shapes = units.sort_index().geometry.to_numpy()
    spots = shapely.points(
        np.where(np.isfinite(lon + lat), lon, 1e6), np.where(np.isfinite(lat + lon), lat, 1e6)
    )
    held = shapely.intersects(shapes[:, None], spots[None, :])
    return np.where(held.any(axis=0), held.argmax(axis=0), NOWHERE)


def hard_points(units, grid, random, n_random=200) -> tuple[np.ndarray, np.ndarray]:
    """Vertices, points along edges, cell corners and borders, and float neighbours of each."""
    xy = shapely.get_coordinates(units.geometry.to_numpy())
    step = max(1, len(xy) // 60)
    vertices = xy[::step]
    pairs = np.stack([xy[:-1], xy[1:]], axis=1)[::step]
    share = random.choice([0.25, 0.5, 0.75, 1 / 3], size=(len(pairs), 1))
    along = pairs[:, 0] * (1 - share) + pairs[:, 1] * share
    mixed = np.column_stack([random.choice(xy[:, 0], 60), random.choice(xy[:, 1], 60)])
    rows = random.integers(0, grid.n_rows * 16, 40)
    columns = random.integers(0, grid.n_columns * 16, 40)
    corners = np.column_stack([grid.x0 + columns / grid.per_unit, grid.y0 + rows / grid.per_unit])
    on_border = np.column_stack([corners[:, 0], random.choice(xy[:, 1], 40)])
    west, south, east, north = units.total_bounds
    spread = random.uniform((west - 0.1, south - 0.1), (east + 0.1, north + 0.1), (n_random, 2))
    base = np.concatenate([vertices, along, mixed, corners, on_border, spread])
    moved = [base]
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1), (1, 1), (-1, 1)):
        x = np.nextafter(base[:, 0], np.inf * dx) if dx else base[:, 0]
        y = np.nextafter(base[:, 1], np.inf * dy) if dy else base[:, 1]
        moved.append(np.column_stack([x, y]))
    every = np.concatenate(moved)
    return every[:, 0], every[:, 1]


def assert_exact(units, seed=0, n_random=200) -> None:
    index = unit_index(units)
    lon, lat = hard_points(units, index.grid, np.random.default_rng(seed), n_random)
    wanted = truth(lon, lat, units)
    for compile_from in (NUMPY, COMPILED):
        found = index.codes(lon, lat, compile_from=compile_from)
        wrong = np.flatnonzero(found != wanted)
        assert not len(wrong), [
            (float(lon[at]), float(lat[at]), int(found[at]), int(wanted[at])) for at in wrong[:5]
        ]
    assert_both_ways_lay_one_grid(index.grid.edges, len(units))


def assert_both_ways_lay_one_grid(edges, n_units) -> None:
    plain, laid = build_grid(edges, n_units), build_grid(edges, n_units, compiling=True)
    for name in ("coarse", "blocks", "start", "unit", "cell"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(laid, name), err_msg=name)
    assert (plain.overlapping is None) == (laid.overlapping is None)


def voronoi(seed: int, n: int, decimals: int) -> list[Polygon]:
    random = np.random.default_rng(seed)
    spots = np.unique(np.round(random.uniform((110, 35), (120, 45), (n, 2)), decimals), axis=0)
    cells = shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=box(105, 30, 125, 50))
    parts = shapely.intersection(shapely.get_parts(cells), box(110, 35, 120, 45))
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 60), st.integers(0, 12))
def test_random_partitions(seed, n, decimals):
    shapes = voronoi(seed, n, decimals)
    if shapes:
        assert_exact(frame(shapes), seed)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 8)] * 4), min_size=1, max_size=8),
    st.sampled_from([1.0, 0.1, 1 / 3, 1e-4]),
    st.integers(0, 999),
)
def test_boxes_that_share_lines_corners_and_ground(corners, size, seed):
    shapes = [
        box(
            116 + min(a, c) * size,
            39 + min(b, d) * size,
            116 + max(a, c) * size,
            39 + max(b, d) * size,
        )
        for a, b, c, d in corners
        if a != c and b != d
    ]
    if shapes:
        assert_exact(frame(shapes), seed)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 40))
def test_holes_enclaves_and_parts(seed, n):
    shapes = voronoi(seed, n, 6)
    holes = [shape.buffer(-0.3) for shape in shapes]
    rings = [
        shape.difference(hole) if not hole.is_empty else shape
        for shape, hole in zip(shapes, holes, strict=True)
    ]
    inner = [hole for hole in holes if hole.geom_type == "Polygon" and not hole.is_empty]
    # every second enclave belongs to one multipolygon of many parts
    units = [*rings, *inner[1::2], *([MultiPolygon(inner[::2])] if inner else [])]
    assert_exact(frame(units), seed)


@pytest.mark.parametrize("turn", [0, 17, 45, 90])
def test_slivers_spikes_and_dense_vertices(turn):
    sliver = Polygon([(116, 39), (117, 39 + 1e-13), (117, 39), (116.5, 39 - 1e-13)])
    needle = Polygon([(116, 39.5), (118, 39.5), (116, 39.5 + 1e-9)])
    comb = Polygon(
        [(116, 40), *((116 + at * 1e-4, 40.2 + 0.1 * (at % 2)) for at in range(200)), (116.02, 40)]
    )
    star = Point(117, 41).buffer(0.3, quad_segs=500)
    around = box(115, 38, 119, 42).difference(shapely.union_all([comb, star]))
    shapes = [
        shapely.affinity.rotate(one, turn, origin=(117, 40))
        for one in (sliver, needle, comb, star, around)
    ]
    assert_exact(frame(shapes), turn)


@loops
def test_the_last_border_cell_holds_what_is_in_it(compile_from):
    """A crossing that is rounded to the cell after the last one is not one of the last's."""
    units = frame(voronoi(0, 24, 1))
    found = unit_index(units).codes([119.99], [44.99], compile_from=compile_from)
    assert found.tolist() == truth(np.array([119.99]), np.array([44.99]), units).tolist() == [23]


def test_cells_that_are_full_of_edges():
    """Where every fine cell is a border there is no reference to count from."""
    teeth = [(116 + at * 1e-4, 40.0 + 0.9 * (at % 2)) for at in range(4_000)]
    comb = Polygon([(116, 39.9), *teeth, (116.4, 39.9)])
    units = frame([comb, box(115, 39, 119, 42).difference(comb)])
    laid = build_grid(unit_index(units).grid.edges, 2, compiling=True)
    assert (laid.lists.parity == 2).any()
    assert_exact(units)


def test_vertices_on_the_middles_of_rows():
    """Rows are counted along their middles: a vertex there, or an edge, must be counted once."""
    grid = unit_index(frame([box(0, 0, 1, 1), box(0, 0, 1, 1)])).grid
    rows = np.arange(100, 900) + 0.5
    middles = grid.y0 + rows / grid.per_unit
    assert ((middles - grid.y0) * grid.per_unit == rows).all()
    random = np.random.default_rng(0)
    for _ in range(5):
        y = np.repeat(random.choice(middles, 40), random.integers(1, 3, 40))
        hills = np.column_stack([np.sort(random.uniform(0.01, 0.99, len(y))), y])
        below = Polygon([(0, 0), (0, 0.5), *hills, (1, 0.5), (1, 0)])
        units = frame([below, box(0, 0, 1, 1).difference(below)])
        lon, lat = random.uniform(0, 1, (2, 3_000))
        wanted = truth(lon, lat, units)
        for compile_from in (NUMPY, COMPILED):
            found = unit_index(units).codes(lon, lat, compile_from=compile_from)
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("slope", [1, 2, 3, 0.5, 1 / 3, 0.7])
def test_edges_through_the_corners_of_cells(slope):
    """Where an edge leaves a cell is off by a rounding error at times."""
    whole = box(-0.5, -0.5, 0.5, 0.5)
    grid = unit_index(frame([whole, whole])).grid
    columns = np.arange(520, 900)
    corners = np.column_stack(
        [
            grid.x0 + columns / grid.per_unit,
            grid.y0 + (520 + (columns - 520) * slope) / grid.per_unit,
        ]
    )
    corners = corners[(np.abs(corners) < 0.5).all(axis=1)]
    random = np.random.default_rng(0)
    for _ in range(10):
        a, b = corners[[0, -1]] + random.integers(-3, 4, (2, 2)) * 2.0**-54
        left = Polygon([(-0.5, -0.5), a, b, (0.5, 0.5), (-0.5, 0.5)])
        right = Polygon([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), b, a])
        units = frame([left, right])
        index = unit_index(units)
        assert (index.grid.x0, index.grid.per_unit) == (grid.x0, grid.per_unit)
        moves = random.integers(-9, 10, (20, len(corners), 2)) * 2.0**-54
        lon, lat = np.concatenate(corners + moves).T.copy()
        for compile_from in (NUMPY, COMPILED):
            found = index.codes(lon, lat, compile_from=compile_from)
            np.testing.assert_array_equal(found, truth(lon, lat, units))


def side(p, a, b) -> int:
    """Say on which side of a→b a point lies, in rational numbers."""
    (px, py), (ax, ay), (bx, by) = ([Fraction(one) for one in xy] for xy in (p, a, b))
    turn = (ax - px) * (by - py) - (bx - px) * (ay - py)
    return (turn > 0) - (turn < 0)


@loops
@settings(max_examples=30, deadline=None)
@given(
    st.tuples(st.floats(-9, -1), st.floats(-9, 9)),
    st.tuples(st.floats(1, 9), st.floats(-9, 9)),
    st.integers(0, 10**6),
)
def test_nearer_to_an_edge_than_rounding(compile_from, a, b, seed):
    """Near the origin floats are finer than the rounding error of an orientation.

    Below 1e-10 GEOS itself, with its 106 bits, is not exact any more.
    """
    apex = (0.0, 30.0)
    drop = a[1] - a[0] * (b[1] - a[1]) / (b[0] - a[0])
    a, b = (a[0], a[1] - drop), (b[0], b[1] - drop)  # through the origin, nearly
    random = np.random.default_rng(seed)
    x = random.uniform(-1, 1, 40) * 10.0 ** random.integers(-9, -1, 40)
    slope = (Fraction(b[1]) - Fraction(a[1])) / (Fraction(b[0]) - Fraction(a[0]))
    y = np.array([float(Fraction(a[1]) + slope * (Fraction(one) - Fraction(a[0]))) for one in x])
    x, y = np.tile(x, 3), np.concatenate([y, np.nextafter(y, -np.inf), np.nextafter(y, np.inf)])
    upper, lower = Polygon([a, b, apex]), Polygon([a, (0.0, -30.0), b])
    found = unit_index(frame([upper, lower])).codes(x, y, compile_from=compile_from)
    sides = [side(p, a, b) for p in zip(x, y, strict=True)]
    assert found.tolist() == [1 if one == side((0.0, -30.0), a, b) else 0 for one in sides]


def test_shipped_counties_exactly():
    assert_exact(geo.layers.read("counties"), 7, n_random=3_000)


def test_many_random_points_of_the_shipped_counties():
    units = geo.layers.read("counties")
    random = np.random.default_rng(5)
    lon, lat = random.uniform(113.4, 119.9, 30_000), random.uniform(36, 42.7, 30_000)
    which, unit = units.sort_index().sindex.query(shapely.points(lon, lat), predicate="intersects")
    wanted = np.full(len(lon), 10**6)
    np.minimum.at(wanted, which, unit)
    wanted[wanted == 10**6] = NOWHERE
    index = unit_index(units)
    assert (index.codes(lon, lat, compile_from=NUMPY) == wanted).all()
    assert (index.codes(lon, lat, compile_from=COMPILED) == wanted).all()


@loops
def test_lowest_id_wins_on_borders_and_overlaps(compile_from, caplog):
    units = frame([box(0, 0, 2, 2), box(1, 0, 3, 2), box(3, 0, 4, 2)], ["c", "a", "b"])
    index = unit_index(units)
    lon, lat = [0.5, 1.0, 1.5, 2.0, 3.0, 3.5], [1.0] * 6
    assert [index.ids[at] for at in index.codes(lon, lat, compile_from=compile_from)] == list(
        "caaaab"
    )
    assert "a and c overlap" in caplog.text or compile_from == COMPILED  # built once, said once


def test_partitions_do_not_warn(caplog):
    unit_index(geo.layers.read("counties"))
    assert not caplog.records


@loops
def test_nowhere(compile_from):
    index = unit_index(frame([box(116, 39, 117, 40)]))
    lon = [np.nan, 116.5, np.inf, -np.inf, 1e308, 115.9, -1e18, 116.5]
    lat = [39.5, np.nan, 39.5, 39.5, 1e308, 39.5, -1e18, 40.1]
    assert index.codes(lon, lat, compile_from=compile_from).tolist() == [NOWHERE] * 8
    assert index.codes([], [], compile_from=compile_from).tolist() == []


def test_empty_and_missing_units_hold_nothing():
    units = frame([box(0, 0, 1, 1), None, Polygon(), box(1, 0, 2, 1)])
    assert locate_xy([0.5, 1.5], [0.5, 0.5], units).tolist() == [0, 3]
    assert locate_xy([0.5], [0.5], frame([None, Polygon()])).tolist() == [NOWHERE]
    assert locate_xy([0.5], [0.5], frame([])).tolist() == [NOWHERE]


def test_order_of_units_does_not_matter():
    units = geo.layers.read("provinces")
    lon, lat = np.linspace(114, 119, 500), np.linspace(37, 42, 500)
    assert (locate_xy(lon, lat, units) == locate_xy(lon, lat, units[::-1])).all()
    assert content_hash(units) == content_hash(units[::-1])
    assert content_hash(units) != content_hash(units[1:])


def test_built_once_for_equal_content():
    units = geo.layers.read("provinces")
    assert unit_index(units) is unit_index(units.copy())


@pytest.mark.parametrize(
    ("units", "error", "said"),
    [
        (frame([LineString([(0, 0), (1, 1)])]), InputError, "unit 000 is a LineString"),
        (frame([box(0, 0, 1, 1)] * 2, ["x", "x"]), InputError, "not unique"),
        (frame([box(0, 0, 1, 1)]).set_crs(3857, allow_override=True), CRSError, "units is in"),
        (frame([Polygon([(0, 0), (1, np.inf), (1, 0)])]), InputError, "not finite"),
    ],
)
def test_bad_units_raise(units, error, said):
    with pytest.raises(error, match=said):
        unit_index(units)


def test_unequal_lengths_raise():
    with pytest.raises(InputError, match="two lists of one length"):
        locate_xy([1.0, 2.0], [1.0], geo.layers.read("provinces"))


def test_far_from_the_origin_and_tiny():
    """Coordinates of many digits: the grid's own rounding must not decide."""
    shapes = [box(116 + at * 1e-9, 39, 116 + (at + 1) * 1e-9, 39 + 1e-9) for at in range(3)]
    assert_exact(frame(shapes))


def test_locate_uses_the_same_rule():
    units = frame([box(116, 39, 117, 40), box(117, 39, 118, 40)], ["b", "a"])
    points = gpd.GeoSeries([Point(117, 39.5), Point(116.2, 39.5), None, Point()], crs="EPSG:4326")
    assert locate(points, units).adcode.isna().tolist() == [False, False, True, True]
    assert locate(points, units).adcode.tolist()[:2] == ["a", "b"]
