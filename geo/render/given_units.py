"""The rows of a table that name counties, cities or provinces, as those areas."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS
from geo.layers.places import unit_shapes
from geo.layers.store import read
from geo.tables import PointTable
from geo.tables.codes import wide_code

__all__ = ["NamedUnits", "named_units", "with_points"]

Level = Literal["counties", "prefectures", "provinces"]
_LEVELS: Final[tuple[Level, ...]] = ("counties", "prefectures", "provinces")


@dataclass(frozen=True)
class NamedUnits:
    """Which unit each row names.

    Attributes
    ----------
    level
        The layer of the units: that of most rows, the lowest where two have as many.
    codes
        Code by row; None where a row names no unit of this level.
    """

    level: Level
    codes: NDArray[np.object_]

    @property
    def named(self) -> NDArray[np.bool_]:
        """Which rows name a unit."""
        return np.array([one is not None for one in self.codes], dtype=bool)

    @property
    def repeated(self) -> str | None:
        """The first unit that several rows name; None when each stands once."""
        counts = Counter(one for one in self.codes if one is not None)
        return next((str(code) for code, rows in counts.items() if rows > 1), None)

    def areas(self) -> gpd.GeoSeries:
        """Return the unit of each row.

        Returns
        -------
        GeoSeries
            In ``STORAGE_CRS``, aligned to the rows; None where a row names none.
        """
        found = unit_shapes(pd.Series(self.codes[self.named], dtype=object))
        shapes = np.full(len(self.codes), None, dtype=object)
        if found is not None:
            shapes[self.named] = found.to_numpy()
        return gpd.GeoSeries(shapes, crs=STORAGE_CRS)

    def points(self) -> gpd.GeoSeries:
        """Return a point inside the unit of each row.

        Returns
        -------
        GeoSeries
            As ``areas``.
        """
        spots = read(self.level).geometry.representative_point()
        shapes = [None if one is None else spots[one] for one in self.codes]
        return gpd.GeoSeries(shapes, crs=STORAGE_CRS)


def named_units(table: PointTable, cells: "pd.Series[Any] | None") -> NamedUnits | None:
    """Find the unit that each row of a table names by its code.

    Parameters
    ----------
    table
        Placed by ``geo.tables.read_points``, which found the counties.
    cells
        Its column of codes, or None.

    Returns
    -------
    NamedUnits or None
        None where rows have places of their own: coordinates or addresses.

    Examples
    --------
    >>> from geo.region import open_region
    >>> file = open_region().folder / "tables" / "population.csv"
    >>> from geo.tables import read_points
    >>> table = read_points(file)
    >>> named_units(table, table.frame["adcode"]).level
    'counties'
    """
    basis = table.frame["location_basis"].to_numpy()
    placed = {"coordinates", *(("address",) if "address" in table.roles else ())}
    if cells is None or set(basis) & placed:
        return None
    stated = zip(basis, table.report["stated_adcode"], strict=True)
    counties = [None if how == "none" else code for how, code in stated]
    wide = [wide_code(cell) if basis[at] == "none" else None for at, cell in enumerate(cells)]
    known: dict[Level, list[Any]] = {"counties": counties}
    for level in ("prefectures", "provinces"):
        units = read(level).index
        known[level] = [one if one in units else None for one in wide]
    rows = {level: sum(one is not None for one in known[level]) for level in _LEVELS}
    level = max(_LEVELS, key=lambda one: rows[one])
    if not rows[level] or (level == "counties" and not (basis == "code").any()):
        return None
    return NamedUnits(level, np.array(known[level], dtype=object))


def with_points(frame: gpd.GeoDataFrame, units: NamedUnits) -> gpd.GeoDataFrame:
    """Put rows without a place into the unit that they name.

    Parameters
    ----------
    frame
        Rows of a table.
    units
        From ``named_units``; some stand more than once.

    Returns
    -------
    GeoDataFrame
        A copy with more points.
    """
    shapes = frame.geometry.to_numpy().copy()
    bare = units.named & shapely.is_missing(shapes)
    shapes[bare] = units.points().to_numpy()[bare]
    basis = np.where(bare, "code", frame["location_basis"])
    made = gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
    return frame.assign(location_basis=basis).set_geometry(made)
