"""cost_distance against the golden 5 × 5 case and an independent Dijkstra."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.corridors.least_cost import cost_distance
from geo.errors import InputError

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden/c_least_cost_corridor.json").read_text(encoding="utf-8")
)
loops = pytest.mark.parametrize("compile_from", [0, 10**12], ids=["compiled", "scipy"])


@loops
def test_golden_costs_path_and_corridor(compile_from):
    a = cost_distance(GOLDEN["friction"], GOLDEN["A"], compile_from=compile_from)
    b = cost_distance(GOLDEN["friction"], GOLDEN["B"], compile_from=compile_from)
    np.testing.assert_allclose(a.cost, GOLDEN["cost_distance_A"], atol=1e-9)
    np.testing.assert_allclose(b.cost, GOLDEN["cost_distance_B"], atol=1e-9)
    assert a.path(4, 4) == [tuple(cell) for cell in GOLDEN["lcp_cells"]]
    slack = a.cost + b.cost - a.cost[4, 4]
    np.testing.assert_allclose(slack, GOLDEN["corridor_A_plus_B_minus_lcp"], atol=1e-9)
    assert (slack < 1e-9).sum() == GOLDEN["cells_within"]["0"]


@loops
def test_golden_wall_stays_unreached(compile_from):
    wall = GOLDEN["wall_case"]
    done = cost_distance(wall["friction"], GOLDEN["A"], compile_from=compile_from)
    np.testing.assert_allclose(done.cost, np.array(wall["cost_from_A"], dtype=float), atol=1e-9)
    with pytest.raises(InputError, match="no path leads to cell \\(3, 0\\)"):
        done.path(3, 0)


@loops
def test_golden_cells_that_are_not_square(compile_from):
    done = cost_distance(
        GOLDEN["friction"], GOLDEN["A"], cell_m=(40.0, 30.0), compile_from=compile_from
    )
    np.testing.assert_allclose(
        done.cost, GOLDEN["rectangular_cell_sampling_40x30_cost_A"], atol=1e-9
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    shape=st.tuples(st.integers(1, 25), st.integers(1, 25)),
    kind=st.sampled_from(["uniform", "zeros", "holes", "wild"]),
    n_sources=st.integers(1, 4),
)
def test_both_ways_agree_and_paths_cost_what_they_say(seed, shape, kind, n_sources):
    random = np.random.default_rng(seed)
    friction = {
        "uniform": lambda: random.uniform(1, 10, shape),
        "zeros": lambda: random.choice([0.0, 0.0, 1.0, 7.0], shape),
        "holes": lambda: random.choice([1.0, 2.0, -1.0, np.nan, np.inf], shape),
        "wild": lambda: np.exp(random.normal(0, 8, shape)),
    }[kind]()
    sources = np.column_stack([random.integers(0, one, n_sources) for one in shape])
    friction[tuple(sources.T)] = 1.0
    cells = (30.0, 50.0)
    done = cost_distance(friction, sources, cell_m=cells, compile_from=0)
    other = cost_distance(friction, sources, cell_m=cells, compile_from=10**9)
    np.testing.assert_allclose(done.cost, other.cost, rtol=1e-12)
    reached = np.argwhere(np.isfinite(done.cost))
    for row, column in reached[:: max(1, len(reached) // 10)].tolist():
        for one in (done, other):
            path = np.array(one.path(row, column))
            assert path[0].tolist() in sources.tolist()
            steps = np.diff(path, axis=0)
            assert (np.abs(steps) <= 1).all()
            worn = friction[tuple(path.T)]
            lengths = np.hypot(steps[:, 0] * cells[0], steps[:, 1] * cells[1])
            cost = ((worn[1:] + worn[:-1]) / 2 * lengths).sum()
            assert cost == pytest.approx(one.cost[row, column], rel=1e-9)
    blocked = ~(np.isfinite(friction) & (friction >= 0))
    assert np.isinf(done.cost[blocked]).all()


@loops
def test_several_sources_take_the_nearest(compile_from):
    done = cost_distance(np.ones((1, 7)), [(0, 0), (0, 6)], compile_from=compile_from)
    assert done.cost.tolist() == [[0, 1, 2, 3, 2, 1, 0]]
    assert done.path(0, 5) == [(0, 6), (0, 5)]


def test_argument_is_not_changed():
    friction = np.array([[1.0, -1.0], [2.0, np.nan]])
    before = friction.copy()
    cost_distance(friction, (0, 0))
    np.testing.assert_array_equal(friction, before)


@pytest.mark.parametrize(
    ("friction", "sources", "cell_m", "said"),
    [
        ([1.0, 2.0], (0, 0), (1, 1), "two dimensions, not 1"),
        ([[1.0, -1.0]], (0, 1), (1, 1), "source \\(0, 1\\) is on an impassable cell"),
        ([[1.0, 1.0]], (0, 2), (1, 1), "off the surface of 1 by 2"),
        ([[1.0, 1.0]], (-1, 0), (1, 1), "off the surface"),
        ([[1.0, 1.0]], [], (1, 1), "whole \\(row, column\\) pairs"),
        ([[1.0, 1.0]], (0.0, 0.5), (1, 1), "whole \\(row, column\\) pairs"),
        ([[1.0, 1.0]], (0, 0), (0, 1), "some metres high and wide"),
    ],
)
def test_nonsense_raises(friction, sources, cell_m, said):
    with pytest.raises(InputError, match=said):
        cost_distance(friction, sources, cell_m=cell_m)


def test_path_off_the_surface_raises():
    with pytest.raises(InputError, match="cell \\(0, 5\\) is off the surface"):
        cost_distance([[1.0, 1.0]], (0, 0)).path(0, 5)
