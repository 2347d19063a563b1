"""Nearest facility and distance to axes: a million points."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from benchmarks.data import points
from benchmarks.metres import ANALYSIS_CRS, project
from benchmarks.report import Report
from geo.join._distance import _ask
from geo.join._grid import Edges, chain_edges
from geo.layers import read


def run(report: Report) -> None:
    x, y = project(*points(report.size(1_000_000)))
    _nearest(report, x, y)
    _lines(report, x, y)


def _near(truth: np.ndarray) -> Callable[[str, Any], str]:
    def check(_: str, answer: Any) -> str:
        worst = float(np.abs(np.asarray(answer)[: len(truth)] - truth).max())
        assert worst < 1e-6, f"off by {worst} m"
        return f"within {worst:.0e} m"

    return check


def _nearest(report: Report, x: Any, y: Any) -> None:
    tx, ty = project(*points(5_000))
    none = np.zeros(len(tx), dtype=np.int64)
    spots = np.column_stack([x, y])
    truth = cKDTree(np.column_stack([tx, ty])).query(spots)[0]
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=ANALYSIS_CRS)
    targets = gpd.GeoDataFrame(geometry=gpd.points_from_xy(tx, ty), crs=ANALYSIS_CRS)

    def tree() -> Any:
        shapes = frame.geometry.to_numpy()
        return shapely.STRtree(targets.geometry.to_numpy()).query_nearest(
            shapes, return_distance=True, all_matches=False
        )[1]

    def joined() -> Any:
        found = gpd.sjoin_nearest(frame, targets, distance_col="d")
        return found.groupby(level=0)["d"].first()

    report.compare(
        f"Nearest of 5,000, {len(x):,} points, index build included",
        {"jingjinji": lambda: _ask(Edges(none, tx, ty, tx, ty), x, y)[0]},
        {
            "scipy cKDTree": lambda: cKDTree(np.column_stack([tx, ty])).query(spots)[0],
            "shapely STRtree.query_nearest": tree,
            "geopandas.sjoin_nearest": joined,
        },
        check=_near(truth),
        goals={"scipy cKDTree": 3.0},
    )


def _lines(report: Report, x: Any, y: Any) -> None:
    axes = read("rail_lines", crs="analysis")
    lines, owner = shapely.get_parts(axes.geometry.to_numpy(), return_index=True)
    edges = chain_edges(shapely.segmentize(lines, 20_000), owner)
    edges = Edges(*(one[:177] for one in (edges.owner, edges.ax, edges.ay, edges.bx, edges.by)))
    whole = shapely.multilinestrings(
        shapely.linestrings(
            np.stack(
                [np.column_stack([edges.ax, edges.ay]), np.column_stack([edges.bx, edges.by])],
                axis=1,
            )
        )
    )
    frame = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=ANALYSIS_CRS)
    few = slice(0, 20_000)
    truth = frame[few].distance(whole).to_numpy()

    def per_segment() -> Any:
        least = np.full(len(x), np.inf)
        for ax, ay, bx, by in zip(edges.ax, edges.ay, edges.bx, edges.by, strict=True):
            dx, dy = bx - ax, by - ay
            share = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1)
            away = (x - ax - share * dx) ** 2 + (y - ay - share * dy) ** 2
            np.minimum(least, away, out=least)
        return np.sqrt(least)

    report.compare(
        f"Distance to {len(edges)} segments, {len(x):,} points, index build included",
        {"jingjinji": lambda: _ask(edges, x, y)[0]},
        {
            "numpy, segment by segment": per_segment,
            "GeoSeries.distance": lambda: frame.distance(whole).to_numpy(),
        },
        check=_near(truth),
        goals={"numpy, segment by segment": 10.0},
    )
