"""A region, read from its folder: units, projection, special areas, networks, plan, tables.

``Region`` is the only reader of ``region.yaml``. A field that is absent is refused by its name
where it is needed; no other region's is taken in its place.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from geo.crs import equal_area, named_crs, parse_crs
from geo.door.document import open_document
from geo.door.input import open_input
from geo.errors import MissingFileError, RegionError, UnknownIdError
from geo.region import profile as shape
from geo.sources import facts
from geo.texts import Localized, tr

__all__ = [
    "DEFAULT",
    "EVERYWHERE",
    "PROFILE",
    "VARIABLE",
    "Box",
    "Credit",
    "Level",
    "Region",
    "SpecialArea",
    "current_region",
    "open_region",
    "region_ids",
    "use_region",
    "within_box",
]

DEFAULT: Final = "jjj"
"""The region that is meant where none is named."""
PROFILE: Final = "region.yaml"
VARIABLE: Final = "JJJ_REGION"
"""The environment variable that names another."""

EVERYWHERE: Final = (-180.0, -90.0, 180.0, 90.0)
"""The box of the whole earth."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; east is above 180 for what crosses it."""


class Published(NamedTuple):
    """The figures published for a unit: area, accepted relative difference, smallest units."""

    unit: str
    area_km2: float
    tolerance: float
    n_smallest: int | None


class Seats(NamedTuple):
    """The layer that holds the units' seats, and how their ids are made of the units' names."""

    layer_id: str
    prefix: str
    others: Mapping[str, str]


@dataclass(frozen=True)
class Level:
    """One level of units, such as counties.

    Attributes
    ----------
    level
        Name of the level in ``region.yaml``.
    layer_id
        The layer that holds the units: the file's name without its suffix.
    index
        Column of the ids.
    parent
        Column with the id of the unit one level above; None at the top.
    name_columns
        Language code to the column with the name.
    title, plural
        Name of one unit and of several, in three languages.
    pattern
        Regular expression of the ids.
    published
        Published figures by unit.
    seats
        Where the units' seats are; None where no layer holds them.
    """

    level: str
    layer_id: str
    index: str
    parent: str | None
    name_columns: Mapping[str, str]
    title: Localized
    plural: Localized
    pattern: str
    published: tuple[Published, ...] = ()
    seats: Seats | None = None


@dataclass(frozen=True)
class SpecialArea:
    """An area that is no unit, shown by the units it is made of, and what the layer lacks of it.

    Attributes
    ----------
    area_id, layer_id
        Its id, and the layer with its shape.
    name
        Name of the area in three languages.
    called
        Chinese names under which tables mention it.
    flag
        The column that says whether a row lies in it.
    label
        Label of the column ``flag``, in three languages.
    units
        Ids of the smallest units that it is shown by.
    parent
        Id of the top unit that the area belongs to.
    seat
        Id of the place that stands for it.
    published_area_km2
        Officially published area in km²; None when there is none.
    shortfall_km2
        Least and most square kilometres that the layer may lack.
    missing
        What the layer lacks of the area, in words.
    """

    area_id: str
    layer_id: str
    name: Localized
    called: tuple[str, ...]
    flag: str
    label: Localized
    units: tuple[str, ...]
    parent: str | None = None
    seat: str | None = None
    published_area_km2: float | None = None
    shortfall_km2: tuple[float, float] | None = None
    missing: Localized | None = None


class Credit(NamedTuple):
    """Credit of a source, and the layers it covers; all of them when none is named."""

    what: str
    source: str
    licence: str
    layers: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Region:
    """A region: what its ``region.yaml`` says, and the folder it stands in.

    Attributes
    ----------
    region_id
        Short name of the region, such as ``jjj``.
    folder
        Path of the folder with layers, tables and plans.
    name
        Name of the region in three languages.
    shipped
        Whether it comes with the package, so that hashes are compared.
    crs
        The equal-area projection that it is measured in.
    view
        West, south, east, north in degrees; east is above 180 where the region crosses it.
    reach_deg
        How far outside the view a point is still a place.
    levels
        Levels of units, from the smallest to the largest.
    files
        Layer id to file name, units first.
    """

    region_id: str
    folder: Path
    name: Localized
    shipped: bool
    profile: shape.Profile = field(repr=False)
    crs: CRS = field(repr=False)
    view: Box
    reach_deg: float
    levels: tuple[Level, ...] = field(repr=False)
    special_areas: tuple[SpecialArea, ...] = field(repr=False)
    files: Mapping[str, str] = field(repr=False)

    @property
    def smallest(self) -> Level:
        """The lowest level of units, in which rows are placed by default."""
        return self.levels[0]

    def level(self, name: str) -> Level | None:
        """Return a level by its name or by its layer's id.

        Parameters
        ----------
        name
            Such as ``county`` or ``counties``.

        Returns
        -------
        Level or None
            None when there is no such level.
        """
        return next((one for one in self.levels if name in (one.level, one.layer_id)), None)

    def above(self, level: Level) -> Level | None:
        """Return the level above one.

        Parameters
        ----------
        level
            A level of units, one of ``levels``.

        Returns
        -------
        Level or None
            None at the top, and where the units name no parent.
        """
        at = self.levels.index(level) + 1
        return self.levels[at] if level.parent and at < len(self.levels) else None

    def path(self, layer_id: str) -> Path:
        """Return the file of a layer.

        Parameters
        ----------
        layer_id
            Id of the layer, a key of ``files``.

        Returns
        -------
        Path
            Whether or not it is there.

        Raises
        ------
        UnknownIdError
            When the region has no such layer.
        """
        if layer_id not in self.files:
            kind = f"layer of {self.region_id}"
            raise UnknownIdError(kind, layer_id, self.files)
        return self.folder / self.files[layer_id]

    def lacks(self, key: str, what: str, supply: str) -> RegionError:
        """Return the error for a field that the region lacks.

        Parameters
        ----------
        key
            Key of ``region.yaml``, such as ``networks.rail``.
        what
            What the region does not have, for the message.
        supply
            What would supply it, for the message.

        Returns
        -------
        RegionError
            To be raised; names the field and the file.
        """
        return RegionError(
            f"region {self.region_id} has no {what}: {self.folder.name}/{PROFILE} lacks {key}; "
            f"{supply}"
        )

    def network(self, kind: str) -> str:
        """Return the layer of a network's edges.

        Parameters
        ----------
        kind
            Kind of network: ``rail`` or ``road``.

        Returns
        -------
        str
            A layer id.

        Raises
        ------
        RegionError
            When the region has none.
        """
        found = getattr(self.profile.networks, kind)
        if found is None:
            supply = "name there a file of lines with length_km that stands beside it"
            key = f"networks.{kind}"
            raise self.lacks(key, f"{kind} network", supply)
        return Path(found).stem

    def layer(self, layer_id: str, *, supply: str = "") -> str:
        """Require one of the region's own layers by its usual id.

        Parameters
        ----------
        layer_id
            ``axes``, ``facilities``, ``terrain`` and the like.
        supply
            What would supply it; by default its place in ``region.yaml``.

        Returns
        -------
        str
            The id.

        Raises
        ------
        RegionError
            When the region has none.
        """
        if layer_id not in self.files:
            key = f"layers.{layer_id}"
            supply = supply or f"name there a file that stands beside it ({layer_id}: …)"
            raise self.lacks(key, f"layer {layer_id}", supply)
        return layer_id

    @property
    def land(self) -> str:
        """The layer whose union is land.

        Raises
        ------
        RegionError
            When the region does not say.
        """
        level = self.level(self.profile.land) if self.profile.land else None
        if level is None:
            raise self.lacks("land", "layer of land", "name there the level of units that is land")
        return level.layer_id

    @property
    def neighbours(self) -> str | None:
        """The layer of what lies around, for orientation; None where there is none."""
        found = self.profile.neighbours
        return None if found is None else Path(found).stem

    @property
    def sea(self) -> str | None:
        """The layer of the sea; None where there is none."""
        return None if self.profile.sea is None else Path(self.profile.sea).stem

    @property
    def plan(self) -> str:
        """The id of the plan that is meant where none is named.

        Raises
        ------
        RegionError
            When the region has none.
        """
        if self.profile.plan is None:
            supply = "name there a file of its folder plans, or give --plan FILE"
            raise self.lacks("plan", "plan", supply)
        return self.profile.plan

    @property
    def handover_crs(self) -> CRS:
        """The projection that the region's planning offices expect on hand-over.

        Raises
        ------
        RegionError
            When the region names none.
        """
        if self.profile.handover_crs is None:
            supply = "name there a projected system, such as EPSG:4509"
            raise self.lacks("handover_crs", "projection for hand-over", supply)
        return parse_crs(self.profile.handover_crs)

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the centre, from which radii are drawn.

        Raises
        ------
        RegionError
            When the region names none.
        """
        if self.profile.centre is None:
            raise self.lacks("centre", "centre", "give there lon_lat and name")
        return self.profile.centre.lon_lat

    @property
    def boundary_accuracy_m(self) -> float:
        """How far the boundaries may be from the true ones, in metres.

        Raises
        ------
        RegionError
            When the region does not say.
        """
        if self.profile.boundary_accuracy_m is None:
            supply = "say there how far its boundaries may be from the true ones"
            raise self.lacks("boundary_accuracy_m", "accuracy of boundaries", supply)
        return self.profile.boundary_accuracy_m

    @cached_property
    def credits(self) -> tuple[Credit, ...]:
        """Who stands behind its files."""
        return tuple(
            Credit(one.what, one.source, one.licence, tuple(one.layers))
            for one in self.profile.credits
        )

    @property
    def tables(self) -> tuple[str, ...]:
        """Ids of its tables: names of ``tables/*.csv`` without suffix, in order."""
        return tuple(sorted(one.stem for one in (self.folder / "tables").glob("*.csv")))

    def table(self, table: str, *, numbers: Iterable[str] = ()) -> pd.DataFrame:
        """Read one of its tables; every column is text unless named as a number.

        Parameters
        ----------
        table
            Name of the table, one of ``tables``.
        numbers
            Columns to turn into numbers; an empty cell becomes NaN.

        Returns
        -------
        DataFrame
            Rows in file order; empty text cells are empty strings.

        Raises
        ------
        UnknownIdError
            When there is no such table or column.
        InputError
            When a cell of a number column is not a number, or a user's file cannot be read.
        """
        if table not in self.tables:
            kind = "table" if self.region_id == DEFAULT else f"table of {self.region_id}"
            raise UnknownIdError(kind, table, self.tables)
        return self._read(self.folder / "tables" / f"{table}.csv", numbers)

    def gazetteer(self, part: str, *, numbers: Iterable[str] = ()) -> pd.DataFrame | None:
        """Read a table by which addresses and codes of other years are read.

        Parameters
        ----------
        part
            ``names``, ``changes``, ``zones`` or ``elsewhere``.
        numbers
            Columns to turn into numbers.

        Returns
        -------
        DataFrame or None
            None when the region has none.

        Raises
        ------
        MissingFileError
            When the file that it names is not there.
        """
        listed = self.profile.gazetteer
        name = None if listed is None else getattr(listed, part)
        if name is None:
            return None
        for folder in ("gazetteer", "tables"):
            file = self.folder / folder / f"{name}.csv"
            if file.is_file():
                return self._read(file, numbers)
        msg = f"{self.folder / 'gazetteer' / name}.csv: named by {PROFILE}, but missing"
        raise MissingFileError(msg)

    def _read(self, file: Path, numbers: Iterable[str]) -> pd.DataFrame:
        if self.shipped:
            return facts.read_csv(file, numbers=numbers)
        frame = open_input(file, "table").frame.fillna("")
        return facts.with_numbers(frame, file.name, numbers)

    @property
    def reach(self) -> Box:
        """The view with ``reach_deg`` on every side."""
        west, south, east, north = self.view
        more = self.reach_deg
        return (west - more, south - more, east + more, north + more)

    def in_reach(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
        """Return which coordinates lie in the region's view or within ``reach_deg`` of it.

        Parameters
        ----------
        lon, lat
            Longitude and latitude in degrees, arrays of equal shape.

        Returns
        -------
        ndarray of bool
            False where a coordinate is missing.

        Examples
        --------
        >>> open_region().in_reach([116.4, 139.7], [39.9, 35.7]).tolist()
        [True, False]
        """
        return within_box(self.reach, lon, lat)


def within_box(box: Box, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Return which coordinates lie in a box of degrees, also one across 180°.

    Parameters
    ----------
    box
        West, south, east, north; east is above 180 for one that crosses it.
    lon, lat
        Longitude and latitude in degrees, arrays of equal shape.

    Returns
    -------
    ndarray of bool
        False where a coordinate is missing.

    Examples
    --------
    >>> fiji = (177.0, -20.0, 182.0, -15.0)
    >>> within_box(fiji, [178.4, -179.8, 0.0], [-18.1, -16.8, -18.0]).tolist()
    [True, True, False]
    """
    west, south, east, north = box
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    with np.errstate(invalid="ignore"):  # infinite ones lie nowhere
        across = (lon >= west) & (lon <= east)
        if east > 180 or west < -180:
            across = np.mod(lon - west, 360.0) <= east - west
    return np.asarray(across & (lat >= south) & (lat <= north))


def _text3(names: shape.Names) -> Localized:
    return Localized(zh=names.zh or names.en, en=names.en, ja=names.ja or names.zh or names.en)


def _plural(units: shape.Units) -> Localized:
    if units.plural is not None:
        return _text3(units.plural)
    name = _text3(units.title or shape.Names(en=units.level))
    several = f"{name.en.lower()}s"
    chinese, japanese = (several if one == name.en else one for one in (name.zh, name.ja))
    return Localized(zh=chinese, en=several, ja=japanese)


def _level(units: shape.Units) -> Level:
    named = {"zh": units.names.zh, "en": units.names.en, "ja": units.names.ja}
    one = shape.Names(en=units.level)
    return Level(
        level=units.level,
        layer_id=Path(units.file).stem,
        index=units.id,
        parent=units.parent,
        name_columns={key: column for key, column in named.items() if column},
        title=_text3(units.title or one),
        plural=_plural(units),
        pattern=units.pattern,
        published=tuple(
            Published(each.id, each.area_km2, each.tolerance, each.n_smallest)
            for each in units.published
        ),
        seats=None
        if units.seats is None
        else Seats(Path(units.seats.file).stem, units.seats.prefix, units.seats.others),
    )


def _special(area: shape.SpecialArea) -> SpecialArea:
    name = _text3(area.name)
    return SpecialArea(
        area_id=area.id,
        layer_id=Path(area.file).stem,
        name=name,
        called=(name.zh, *area.short),
        flag=area.flag,
        label=_label(area),
        units=tuple(area.units),
        parent=area.parent,
        seat=area.seat,
        published_area_km2=area.published_area_km2,
        shortfall_km2=area.shortfall_km2,
        missing=None if area.missing is None else _text3(area.missing),
    )


def _label(area: shape.SpecialArea) -> Localized:
    """Return what readers see for the column that says whether a row lies in an area."""
    if area.label is not None:
        return _text3(area.label)
    name = _text3(area.name)
    return tr("In {name}", name=name)


def _files(read: shape.Profile) -> dict[str, str]:
    loose = [
        *(one.file for one in read.units),
        *(one.file for one in read.special_areas),
        *(one for one in (read.networks.rail, read.networks.road) if one),
        *(one for one in (read.neighbours, read.sea) if one),
    ]
    return {Path(one).stem: one for one in loose} | dict(read.layers)


def region_ids() -> list[str]:
    """Return the ids of the shipped regions.

    Returns
    -------
    list of str
        In order.

    Examples
    --------
    >>> "jjj" in region_ids()
    True
    """
    return sorted(one.parent.name for one in facts.shipped_folder().glob(f"*/{PROFILE}"))


def open_region(name: str | Path | None = None) -> Region:
    """Open a region by the id of a shipped one, or by its folder.

    Parameters
    ----------
    name
        An id of ``region_ids()``, or a folder with ``region.yaml``; ``DEFAULT`` by default.

    Returns
    -------
    Region
        The same object each time.

    Raises
    ------
    UnknownIdError
        When it is neither.
    MissingFileError
        When the folder has no ``region.yaml``.
    InputError
        When ``region.yaml`` is wrong; every defect is named with its line.
    CRSError
        When its projection is not equal-area in metres.

    Examples
    --------
    >>> open_region().name.en, open_region().crs.name
    ('Beijing–Tianjin–Hebei', 'Beijing–Tianjin–Hebei, equal-area at 39.3° N 116.5° E')
    """
    wanted, shipped = str(name or DEFAULT), facts.shipped_folder()
    if wanted in region_ids():
        return _opened(shipped / wanted, shipped=True)
    folder = Path(wanted).expanduser()
    if not _is_folder(folder):
        kind = "region"
        raise UnknownIdError(kind, wanted[:60], region_ids())
    if not (folder / PROFILE).is_file():
        msg = f"{folder}: holds no {PROFILE}, so it is no region; known: {', '.join(region_ids())}"
        raise MissingFileError(msg)
    folder = folder.resolve()
    return _opened(folder, shipped=folder.parent == shipped.resolve())


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long to be one
        return False


@lru_cache(maxsize=16)
def _opened(folder: Path, *, shipped: bool) -> Region:
    read, defects = open_document(folder / PROFILE, shape.Profile)
    defects.raise_any()
    name = _text3(read.name)
    west, south, east, north = read.view
    if read.analysis_crs is None:
        middle = (west + east) / 2
        lon = middle - 360.0 if middle > 180 else middle
        crs = equal_area(round(lon, 2), round((south + north) / 2, 2), of=name.en)
    else:
        crs = named_crs(read.analysis_crs, of=name.en)
    return Region(
        region_id=read.id,
        folder=folder,
        name=name,
        shipped=shipped,
        profile=read,
        crs=crs,
        view=read.view,
        reach_deg=read.reach_deg,
        levels=tuple(_level(one) for one in read.units),
        special_areas=tuple(_special(one) for one in read.special_areas),
        files=_files(read),
    )


_chosen: ContextVar[Region | None] = ContextVar("region", default=None)


def current_region() -> Region:
    """Return the current region, the default of functions that take one.

    Returns
    -------
    Region
        That of ``use_region``; else of the environment variable ``JJJ_REGION``; else ``DEFAULT``.

    Raises
    ------
    GeoError
        As ``open_region``.
    """
    return _chosen.get() or _by_default(os.environ.get(VARIABLE) or DEFAULT)


@lru_cache(maxsize=4)
def _by_default(name: str) -> Region:
    return open_region(name)


@contextmanager
def use_region(name: str | Path | Region) -> Iterator[Region]:
    """Set the current region within a block.

    Parameters
    ----------
    name
        Id or folder, as ``open_region`` takes it, or a region.

    Yields
    ------
    Region
        The region.

    Examples
    --------
    >>> with use_region("jjj") as region:
    ...     current_region() is region
    True
    """
    region = name if isinstance(name, Region) else open_region(name)
    token = _chosen.set(region)
    try:
        yield region
    finally:
        _chosen.reset(token)
