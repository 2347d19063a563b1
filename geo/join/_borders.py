"""Distance in metres from a point to the border of its own unit.

The border is the unit's rings with their vertices in equal-area metres and straight edges between
them. Its edges are boxed by eights, and these boxes by eights again; a point looks into the
nearest box first and skips every box that lies farther than what it has found.
"""

from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import STORAGE_CRS
from geo.join._grid import Edges, Floats, Ints, polygon_edges
from geo.join._kernels import border_distance
from geo.join.compiler import MANY, compiled

__all__ = ["Borders", "build_borders"]

_RUN: Final = 8  # edges in a box, and boxes in a larger one
Boxes = NDArray[np.float64]


@dataclass(frozen=True)
class Borders:
    """Spatial index of the borders of a partition; made by ``build_borders``.

    Attributes
    ----------
    lines
        Border of each unit in equal-area metres.
    edges
        Their edges, unit by unit, padded to whole boxes by repeating the last.
    per_square
        1 / length² of the edges.
    small, large
        West, south, east, north of the boxes of edges and of the boxes of boxes.
    first
        Where the large boxes of each unit begin.
    """

    lines: NDArray[np.object_] = field(repr=False)
    edges: Edges = field(repr=False)
    per_square: Floats = field(repr=False)
    small: Boxes = field(repr=False)
    large: Boxes = field(repr=False)
    first: Ints = field(repr=False)

    def distance(
        self, x: Floats, y: Floats, code: NDArray[np.int32], *, compile_from: int = MANY
    ) -> Floats:
        """Measure from points to the border of their unit.

        Parameters
        ----------
        x, y
            Points in equal-area metres, metres.
        code
            Unit of each point; negative gives NaN.
        compile_from
            Number of points from which the compiled loop is used, if it is installed. Both
            ways agree to a micrometre.

        Returns
        -------
        ndarray of float
            Metres.
        """
        away = np.full(len(x), np.nan)
        loop = compiled(border_distance) if len(x) >= compile_from else None
        if loop is not None:
            edges = self.edges
            loop(
                x, y, code, self.first, self.large, self.small,
                edges.ax, edges.ay, edges.bx, edges.by, self.per_square, away,
            )  # fmt: skip
            return away
        order = np.argsort(code, kind="stable")
        bounds = np.searchsorted(code[order], np.arange(len(self.lines) + 1))
        for unit in np.flatnonzero(np.diff(bounds)):
            here = order[bounds[unit] : bounds[unit + 1]]
            spots = shapely.points(x[here], y[here])
            away[here] = shapely.distance(self.lines[unit], spots)
        return away


def build_borders(shapes: NDArray[np.object_], ids: NDArray[np.object_], crs: CRS) -> Borders:
    """Build the index of the borders of units: bounding boxes of runs of edges.

    Parameters
    ----------
    shapes
        Polygons in ``STORAGE_CRS``, in the order of their codes.
    ids
        Their ids, for messages.
    crs
        The equal-area projection to measure in.

    Returns
    -------
    Borders
        Ready to be measured to.
    """
    metres = gpd.GeoSeries(shapes, crs=STORAGE_CRS).to_crs(crs).to_numpy()
    lines = shapely.boundary(metres)
    shapely.prepare(lines)
    edges = polygon_edges(metres, ids)
    counts = np.bincount(edges.owner, minlength=len(shapes))
    start = np.cumsum(counts) - counts
    boxes = -(-counts // _RUN**2)
    first = np.concatenate([[0], np.cumsum(boxes)])
    unit = np.repeat(np.arange(len(shapes)), boxes * _RUN**2)
    step = np.arange(len(unit)) - first[unit] * _RUN**2
    at = start[unit] + np.minimum(step, counts[unit] - 1)
    padded = Edges(unit, edges.ax[at], edges.ay[at], edges.bx[at], edges.by[at])
    ends = np.stack(
        [
            np.minimum(padded.ax, padded.bx), np.minimum(padded.ay, padded.by),
            np.maximum(padded.ax, padded.bx), np.maximum(padded.ay, padded.by),
        ],
        axis=1,
    )  # fmt: skip
    small = _boxed(ends)
    per_square = 1.0 / ((padded.bx - padded.ax) ** 2 + (padded.by - padded.ay) ** 2)
    return Borders(lines, padded, per_square, small, _boxed(small), first.astype(np.int64))


def _boxed(boxes: Boxes) -> Boxes:
    runs = boxes.reshape(-1, _RUN, 4)
    return np.ascontiguousarray(
        np.concatenate([runs[:, :, :2].min(axis=1), runs[:, :, 2:].max(axis=1)], axis=1)
    )
