"""Comparing lines: by hand, by property, and the axes of the three documents."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from metres import ANALYSIS_CRS

from geo.analysis.plan.agreement import (
    RankAgreement,
    compare_axes,
    compare_documents,
    rank_agreement,
)
from geo.errors import CRSError, InputError
from geo.layers import read


def _lines(**named):
    shapes = [shapely.LineString(one) for one in named.values()]
    return gpd.GeoDataFrame(index=list(named), geometry=shapes, crs=ANALYSIS_CRS)


def test_parallel_lines_by_hand():
    base = _lines(a=[(0, 0), (100e3, 0)])
    other = _lines(near=[(0, 3e3), (100e3, 3e3)], half=[(0, 5e3), (50e3, 5e3)])
    table = compare_axes(base, other, width_km=4.0).set_index("drawn")
    assert table.overlap_found["near"] == 1.0
    assert table.hausdorff_km["near"] == pytest.approx(3.0)
    assert table.frechet_km["near"] == pytest.approx(3.0)
    assert table.overlap_found["half"] == 0.0
    wide = compare_axes(base, other, width_km=5.0).set_index("drawn")
    # 50 km alongside: the end cap of a ribbon as wide as the gap adds nothing
    assert wide.overlap_found["half"] == pytest.approx(0.5, abs=0.01)
    assert wide.overlap_drawn["half"] == pytest.approx(1.0, abs=1e-3)
    assert wide.hausdorff_km["half"] == pytest.approx((50**2 + 5**2) ** 0.5)
    assert table.best.to_dict() == {"near": True, "half": False}


def test_direction_of_drawing_does_not_matter():
    one = _lines(a=[(0, 0), (40e3, 9e3), (100e3, 0)])
    back = _lines(a=[(100e3, 0), (40e3, 9e3), (0, 0)])
    assert compare_axes(one, back).frechet_km.tolist() == pytest.approx([0.0], abs=1e-9)


coordinate = st.integers(-100, 100).map(lambda one: one * 1000.0)
line = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=5, unique=True)


@settings(max_examples=40, deadline=None)
@given(line, line)
def test_measures_are_in_range_and_symmetric(left, right):
    one, other = _lines(a=left), _lines(b=right)
    there, back = compare_axes(one, other).iloc[0], compare_axes(other, one).iloc[0]
    assert 0 <= there.overlap_found <= 1
    assert there.overlap_found == pytest.approx(back.overlap_drawn)
    assert there.hausdorff_km == pytest.approx(back.hausdorff_km)
    assert there.frechet_km == pytest.approx(back.frechet_km)
    assert there.frechet_km >= there.hausdorff_km - 1e-9
    assert compare_axes(one, one).hausdorff_km.iloc[0] == 0


def test_the_documents_axes_against_each_other():
    axes = read("axes", crs="analysis")
    study = axes[axes.axis_set == "study-coauthorship"]
    outline = axes[axes.axis_set == "outline-2015"]
    best = compare_axes(study, outline).query("best").set_index("found").drawn
    assert best.to_dict() == {
        "study-main": "outline-jingjin", "study-secondary": "outline-jingbaoshi",
    }  # fmt: skip


def test_ranks():
    order = pd.Series({"a": 3.0, "b": 2.0, "c": 1.0})
    assert rank_agreement(order, order * 10).tau == 1
    assert rank_agreement(order, -order).tau == -1
    # by hand: of three pairs one is turned, so (2 - 1) / 3
    assert rank_agreement(order, pd.Series({"a": 3, "b": 1, "c": 2})).tau == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("right", "n", "dropped", "reason"),
    [
        ({"d": 1.0}, 0, 4, "no axis in common"),
        ({"a": 1.0, "d": 2.0}, 1, 3, "one axis in common has no order"),
        ({"a": 1.0, "b": 1.0, "c": 1.0}, 3, 0, "all ranks are equal"),
    ],
)
def test_where_there_is_no_order_the_reason_is_said(right, n, dropped, reason):
    order = pd.Series({"a": 3.0, "b": 2.0, "c": 1.0})
    assert rank_agreement(order, pd.Series(right)) == RankAgreement(None, n, dropped, reason)


def test_documents_are_compared_apart():
    found = _lines(main=[(0, 0), (100e3, 0)], side=[(0, 0), (0, 90e3)]).assign(share=[0.5, 0.2])
    drawn = _lines(
        s1=[(0, 0), (0, 100e3)], s2=[(0, 1e3), (100e3, 1e3)], t1=[(0, 0), (70e3, 70e3)],
        u1=[(0, 2e3), (100e3, 2e3)], u2=[(500e3, 0), (600e3, 0)],
    ).assign(axis_set=["s", "s", "t", "u", "u"])  # fmt: skip
    pairs, documents = compare_documents(found, drawn)
    assert len(pairs) == 10
    assert pairs[pairs.matched].set_index("drawn").found.to_dict() == {
        "s1": "side", "s2": "main", "u1": "main",
    }  # fmt: skip
    # the flows put s2 first, document s lists s1 first
    assert documents.tau.fillna(9).to_dict() == {"s": -1.0, "t": 9.0, "u": 9.0}
    assert documents.n_matched.to_dict() == {"s": 2, "t": 0, "u": 1}
    assert documents.reason.tolist() == [
        None, "no axis in common", "one axis in common has no order",
    ]  # fmt: skip


def test_nothing_found_matches_nothing():
    found = _lines(a=[(0, 0), (1, 0)]).assign(share=[1.0]).iloc[:0]
    drawn = _lines(a=[(0, 0), (1, 0)]).assign(axis_set="s")
    pairs, documents = compare_documents(found, drawn)
    assert pairs.empty
    assert documents.to_dict("index") == {
        "s": {"n_drawn": 1, "n_found": 0, "n_matched": 0, "tau": pytest.approx(float("nan"), nan_ok=True),
              "reason": "no axis in common"}
    }  # fmt: skip


def test_what_cannot_be_compared_is_named():
    good = _lines(a=[(0, 0), (1, 0)])
    assert compare_axes(good.iloc[:0], good).empty
    with pytest.raises(CRSError, match="drawn"):
        compare_axes(good, good.set_crs(4326, allow_override=True))
    with pytest.raises(InputError, match="not a line with a length"):
        compare_axes(good, _lines(a=[(0, 0), (0, 0)]))
    with pytest.raises(InputError, match="one id"):
        compare_axes(good, pd.concat([good, good]))
    with pytest.raises(InputError, match="width of 0"):
        compare_axes(good, good, width_km=0)
