"""Spatial index of units for points as coordinate arrays: exact, mostly one look-up.

The answer for each point is the lowest id among the units that hold it, border included: what
``shapely.intersects`` says of the stored polygons, whose edges are straight in degrees.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from geo.crs import STORAGE_CRS, project, require_crs, within_reach
from geo.errors import CRSError, InputError
from geo.join._borders import Borders, build_borders
from geo.join._grid import BORDER, FINE, OUTSIDE, Floats, Grid, Ints, build_grid, polygon_edges
from geo.join._kernels import place_points
from geo.join.compiler import MANY, compiled
from geo.region import current_region, study_crs

__all__ = ["NOWHERE", "UnitIndex", "content_hash", "locate_xy", "unit_index"]

_LOG = logging.getLogger(__name__)

NOWHERE: Final = OUTSIDE
"""The code of a point in no unit."""

_CHUNK: Final = 1 << 18
Codes = NDArray[np.int32]


@dataclass(frozen=True)
class UnitIndex:
    """Spatial index of a partition; made by ``unit_index``.

    Attributes
    ----------
    ids
        Ids of the units, ascending; a code is a position in them.
    shapes
        The polygons in that order, prepared.
    grid
        Two-level grid over the polygons.
    """

    ids: pd.Index
    shapes: NDArray[np.object_] = field(repr=False)
    grid: Grid = field(repr=False)

    def codes(self, lon: ArrayLike, lat: ArrayLike, *, compile_from: int = MANY) -> Codes:
        """Return the unit of each point, as a position in ``ids``.

        Parameters
        ----------
        lon, lat
            Coordinates of the units' own system, equal lengths; not finite means nowhere.
        compile_from
            Number of points from which the compiled loop is used, if it is installed. The
            answer is the same.

        Returns
        -------
        ndarray of int32
            Positions in ``ids``, or ``NOWHERE``.

        Raises
        ------
        InputError
            When the lengths differ.
        """
        x = np.ascontiguousarray(lon, dtype=np.float64)
        y = np.ascontiguousarray(lat, dtype=np.float64)
        if x.shape != y.shape or x.ndim != 1:
            msg = f"longitudes and latitudes are two lists of one length, not {x.shape}, {y.shape}"
            raise InputError(msg)
        loop = compiled(place_points) if len(x) >= compile_from else None
        grid = self.grid if loop is None else self._with_lists
        codes = np.empty(len(x), dtype=np.int32)
        for begin in range(0, len(x), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            todo = (
                _look_up(grid, x[part], y[part], codes[part])
                if loop is None
                else _look_up_compiled(loop, grid, x[part], y[part], codes[part])
            )
            codes[begin + todo] = self._exactly(x[part][todo], y[part][todo])
        return codes

    @cached_property
    def _with_lists(self) -> Grid:
        """The grid with what the compiled look-up needs; laid again when it was made without."""
        if self.grid.lists is not None:
            return self.grid
        return build_grid(self.grid.edges, len(self.shapes), compiling=True)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is made when first asked for: it is cheaper made again than sent."""
        grid = replace(self.grid, lists=None)
        chosen = {"crs": self.crs} if "crs" in self.__dict__ else {}
        return {"ids": self.ids, "shapes": self.shapes, "grid": grid, **chosen}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        shapely.prepare(self.shapes)  # preparation does not travel

    @cached_property
    def borders(self) -> Borders:
        """The borders in metres; made when first asked for."""
        if self.crs is None:
            msg = "the units reach too far to be measured in one projection"
            raise CRSError(msg)
        return build_borders(self.shapes, self.ids.to_numpy(dtype=object), self.crs)

    @cached_property
    def crs(self) -> CRS | None:
        """The projection in which distances to borders are measured; None where none reaches.

        Units spread too far for one are measured in the region's where they begin in its reach.
        """
        shapes = gpd.GeoSeries(self.shapes, crs=STORAGE_CRS)
        try:
            return study_crs(shapes, name="the units")
        except CRSError as error:
            region = current_region()
            west, south = shapely.bounds(self.shapes)[:, :2].T
            if region.in_reach(west, south).any():
                return region.crs
            _LOG.warning("%s; distances to borders are left empty", error)
            return None

    def border_distance_m(
        self, lon: ArrayLike, lat: ArrayLike, codes: Codes, *, compile_from: int = MANY
    ) -> Floats:
        """Measure from points to the nearest border of the unit they were placed in.

        Parameters
        ----------
        lon, lat
            Longitude and latitude in degrees in the units' own system, equal lengths.
        codes
            Unit of each point, as ``codes`` returns it.
        compile_from
            Number of points from which the compiled loop is used, if installed.

        Returns
        -------
        ndarray of float
            Metres; NaN for points in no unit.
        """
        away = np.full(len(codes), np.nan)
        if self.crs is None:
            return away
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        for begin in range(0, len(codes), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            found = begin + np.flatnonzero(codes[part] >= 0)
            easting, northing = project(x[found], y[found], self.crs)
            near = within_reach(easting, northing, self.crs)  # no length is measured farther out
            found, easting, northing = found[near], easting[near], northing[near]
            compile_here = 0 if len(codes) >= compile_from else len(found) + 1
            away[found] = self.borders.distance(
                easting, northing, codes[found], compile_from=compile_here
            )
        return away

    def _exactly(self, x: Floats, y: Floats) -> Codes:
        """Ask GEOS, candidate by candidate, lowest id first."""
        grid = self.grid
        codes = np.full(len(x), OUTSIDE, dtype=np.int32)
        row, column = (
            ((value - corner) * grid.per_unit).astype(np.int64) // FINE
            for value, corner in ((y, grid.y0), (x, grid.x0))
        )
        block = (BORDER - grid.coarse[row * grid.n_columns + column]).astype(np.int64)
        left, rank = np.arange(len(x)), 0
        while len(left):
            pair = grid.start[block[left]] + rank
            more = pair < grid.start[block[left] + 1]
            left, pair = left[more], pair[more]
            unit = grid.unit[pair]
            order = np.argsort(unit, kind="stable")
            here, unit = left[order], unit[order]
            hit = shapely.intersects_xy(self.shapes[unit], x[here], y[here])
            codes[here[hit]] = unit[hit]
            left, rank = here[~hit], rank + 1
        return codes


def _look_up(grid: Grid, x: Floats, y: Floats, codes: Codes) -> Ints:
    """Fill in what the cells answer; return the positions of the points that need a test."""
    with np.errstate(over="ignore", invalid="ignore"):
        column, row = (x - grid.x0) * grid.per_unit, (y - grid.y0) * grid.per_unit
    inside = (column >= 0) & (column < grid.n_columns * FINE)
    inside &= (row >= 0) & (row < grid.n_rows * FINE)
    # NaN and far points are looked up in the corner cell and overruled
    fine_column = np.where(inside, column, 0.0).astype(np.int32)
    fine_row = np.where(inside, row, 0.0).astype(np.int32)
    found = grid.coarse[(fine_row >> 4) * grid.n_columns + (fine_column >> 4)]
    codes[:] = np.where(inside, found, OUTSIDE)
    at = np.flatnonzero(codes <= BORDER)
    codes[at] = grid.blocks[BORDER - codes[at], fine_row[at] & 15, fine_column[at] & 15]
    return np.asarray(at[codes[at] == BORDER], dtype=np.int64)


def _look_up_compiled(
    loop: Callable[..., int], grid: Grid, x: Floats, y: Floats, codes: Codes
) -> Ints:
    lists, edges = grid.lists, grid.edges
    if lists is None:
        msg = "the compiled look-up needs a grid that was laid with the compiler"
        raise TypeError(msg)
    doubtful = np.empty(len(x), dtype=np.int64)
    n_doubtful = loop(
        x, y, grid.x0, grid.y0, grid.per_unit, grid.n_columns,
        grid.coarse, grid.blocks.reshape(len(grid.blocks), -1), grid.start, grid.unit,
        lists.start, lists.edge, lists.parity, lists.x, lists.y,
        edges.ax, edges.ay, edges.bx, edges.by, codes, doubtful,
    )  # fmt: skip
    return doubtful[:n_doubtful]


def content_hash(units: gpd.GeoDataFrame) -> str:
    """Return a hash of the ids and shapes of units, whatever their order.

    Parameters
    ----------
    units
        Polygons of the units, indexed by unit id.

    Returns
    -------
    str
        Equal for equal partitions.
    """
    ordered = units.geometry.sort_index()
    digest = hashlib.blake2b(digest_size=16)
    digest.update("\0".join(map(str, ordered.index)).encode("utf-8", "surrogatepass"))
    for wkb in shapely.to_wkb(ordered.to_numpy(), include_srid=False):
        digest.update(b"\1" if wkb is None else wkb)
    return digest.hexdigest()


@dataclass(frozen=True)
class _Keyed:
    """Units that compare by content, so that an index is built once a partition."""

    key: str
    units: gpd.GeoDataFrame = field(compare=False)
    name: str = field(compare=False)
    compiling: bool = field(compare=False)


def unit_index(units: gpd.GeoDataFrame, *, n_points: int = 0, name: str = "the units") -> UnitIndex:
    """Build the index of a partition, or return the one built before for the same content.

    Parameters
    ----------
    units
        Valid polygons in ``STORAGE_CRS``, indexed by id. Missing and empty ones hold nothing.
        Where units overlap the lowest id wins, and a warning says which.
    n_points
        How many points will ask, if that is known: many pay for loading the compiler.
    name
        What the warning calls the units, such as their file.

    Returns
    -------
    UnitIndex
        Kept in memory for the last eight partitions.

    Raises
    ------
    CRSError
        When the units are not in ``STORAGE_CRS``.
    InputError
        When the ids are not unique, or a unit is not a polygon.
    """
    require_crs(units, STORAGE_CRS, name="units")
    if not units.index.is_unique:
        msg = "the ids of the units are not unique"
        raise InputError(msg)
    return _build(_Keyed(content_hash(units), units, name, n_points >= MANY))


@lru_cache(maxsize=8)
def _build(keyed: _Keyed) -> UnitIndex:
    ordered = keyed.units.geometry.sort_index()
    shapes = ordered.to_numpy().copy()
    ids = ordered.index
    edges = polygon_edges(shapes, ids.to_numpy())
    grid = build_grid(edges, len(shapes), compiling=keyed.compiling)
    if grid.overlapping is not None:
        first, second = (ids[one] for one in grid.overlapping)
        _LOG.warning(
            "%s: not a partition (%s and %s overlap, for one); where units overlap the lowest id "
            "is taken", keyed.name, first, second,
        )  # fmt: skip
    shapely.prepare(shapes)
    return UnitIndex(ids, shapes, grid)


def locate_xy(lon: ArrayLike, lat: ArrayLike, units: gpd.GeoDataFrame | UnitIndex) -> Codes:
    """Find the unit that each coordinate pair lies in, as a code.

    The code is the position in the units' sorted ids: the lowest id among the units that hold
    the point, border included. Equal to ``shapely.intersects`` on the stored polygons for every
    point; there is no tolerance.

    Parameters
    ----------
    lon, lat
        Degrees, equal lengths; not finite means nowhere.
    units
        Polygons in ``STORAGE_CRS`` indexed by id, or their ``unit_index``.

    Returns
    -------
    ndarray of int32
        Positions in ``units.index.sort_values()``; −1 outside every unit.

    Raises
    ------
    CRSError
        When the units are not in ``STORAGE_CRS``.
    InputError
        When the ids are not unique, a unit is not a polygon, or the lengths differ.

    Examples
    --------
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame(index=["b", "a"], geometry=[box(1, 0, 2, 1), box(0, 0, 1, 1)],
    ...     crs="EPSG:4326")
    >>> locate_xy([0.5, 1.0, 1.5, 9.0, np.nan], [0.5] * 5, units).tolist()
    [0, 0, 1, -1, -1]
    """
    index = (
        units
        if isinstance(units, UnitIndex)
        else unit_index(units, n_points=len(np.atleast_1d(lon)))
    )
    return index.codes(lon, lat)
