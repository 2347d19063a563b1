"""Reader of GeoTIFFs: opened without side files, checked, read strip by strip.

Alone: GDAL's GeoTIFF driver and no other, no file beside it (``.aux.xml``, ``.ovr``, ``.msk``,
``.tfw``), none that it names. Strictly: what cannot be so is refused in one line that names the
file, before anything of the stated size is held.
"""

import logging
import stat
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise, product
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import ColorInterp, Interleaving
from rasterio.errors import NotGeoreferencedWarning
from rasterio.windows import Window

from geo.crs import stated_crs
from geo.door.averaging import Averager
from geo.door.raster_tags import (
    external_references,
    extreme_stand_ins,
    implausible,
    is_tiff,
    stand_ins,
)
from geo.errors import CRSError, InputError, MissingFileError
from geo.raster import Raster, north_up

__all__ = [
    "NoData",
    "RasterFacts",
    "cells_within",
    "raster_facts",
    "raster_tags",
    "read_raster",
    "say_undeclared",
]

_LOG = logging.getLogger(__name__)

NoData = float | Literal["look", "none"]
"""A number that is no data beside what the file declares; or whether to look for one."""

_REFUSED_STARTS: Final = ("/vsi", "/dev/", "/proc/", "/sys/")
_OF_A_FILE: Final = ("gtiff_dir:", "gtiff_raw:")
_ALONE: Final[dict[str, Any]] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_CACHEMAX": 320 << 20,  # one block of the largest, so that it is unpacked once
}
_MOST_CELLS: Final = 200_000_000  # that are held
_MOST_AVERAGED: Final = 40_000_000_000
_CELLS_AT_ONCE: Final = 1_000_000  # such pieces stay in the processor's cache
_MOST_BLOCK_BYTES: Final = 256 << 20
_SURELY_HELD: Final = 10_000_000
_MOST_CELLS_A_BYTE: Final = 200_000  # a tile of 1024 × 1024 cells takes some bytes even when empty
_FROM_OVERVIEWS: Final = 25_000_000
_FARTHEST: Final = 1e12  # in units of any reference system


@dataclass(frozen=True)
class RasterFacts:
    """Shape, band count, CRS and transform of a GeoTIFF.

    Attributes
    ----------
    shape
        Number of rows and of columns.
    count
        Number of bands of the file.
    crs
        Reference system of the coordinates that ``transform`` gives.
    transform
        Affine transform from column and row to coordinates, as rasterio has it.
    """

    shape: tuple[int, int]
    count: int
    crs: CRS
    transform: Affine


@dataclass(frozen=True)
class _Band:
    """One band of an open file, with what is needed to read it."""

    source: Any
    shown: str
    number: int
    dtype: str
    declared: bool
    codes: bool
    nodata: NoData


def read_raster(
    path: str | Path,
    *,
    band: int = 1,
    within: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    at_most: int | None = None,
    nodata: NoData = "look",
    say: bool = True,
) -> Raster:
    """Read one band of a GeoTIFF, its nodata and mask as NaN.

    A grid that runs north or west is turned over, cell by cell; a rotated one is brought to a
    north-up grid of the same cell size by nearest cells, which is logged.

    Parameters
    ----------
    path
        A regular file; nothing beside it is read.
    band
        Number of the band, counted from 1.
    within
        Read only the window that covers these shapes, in any reference system: a file of any
        size is read so.
    at_most
        Average cells until there are no more than this many; of a band with a palette the cell
        in the middle is taken, as codes have no mean. A file of more than 25 million cells is
        averaged from its own overviews where it has some.
    nodata
        What is nodata beside that which the file declares: a number; or ``"look"``, numbers that
        usually stand for it and lie far outside the rest (``geo.door.raster_tags`` has the rule);
        or ``"none"``, nothing.
    say
        Whether to log what was found so.

    Returns
    -------
    Raster
        64-bit floats in the file's own reference system, scale and offset applied; ``undeclared``
        says what was taken as nodata, and in how many cells.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is not a GeoTIFF, is damaged, asks for another file, has no such band, does not
        meet the shapes, or is too large to hold.
    CRSError
        When it states no reference system, or one on an old datum, or not where its cells lie.
    """
    shown = str(path)
    with _opened(path) as source:
        if not 1 <= band <= source.count:
            msg = f"{shown}: has bands 1 to {source.count}, not {band}"
            raise InputError(msg)
        one = _band(source, shown, band, nodata)
        facts = _facts(source, shown)
        window = _window_of(facts, within, shown)
        raster = _read(one, facts, window, at_most, path)
    if say:
        say_undeclared(shown, raster.undeclared)
    if raster.transform.b or raster.transform.d:
        _LOG.warning("%s: is rotated; brought to a north-up grid by nearest cells", shown)
    try:
        return north_up(raster)
    except InputError as error:
        msg = f"{shown}: {error}"
        raise InputError(msg) from error


def say_undeclared(shown: str, undeclared: Iterable[tuple[float, int]]) -> None:
    """Log values that were taken as nodata although the file does not declare them.

    Parameters
    ----------
    shown
        Name of the file as the user gave it, for messages.
    undeclared
        Values and numbers of cells, as ``Raster`` has them.
    """
    for value, n in undeclared:
        _LOG.warning(
            "%s: %s cells hold %s, which the file does not declare as no data; taken as no data "
            "(--nodata none takes them as values)",
            shown, f"{n:,}", f"{value:.9g}",
        )  # fmt: skip


def cells_within(path: str | Path, within: gpd.GeoDataFrame | gpd.GeoSeries) -> int:
    """Count the cells that ``read_raster`` would read.

    Parameters
    ----------
    path
        Path of a GeoTIFF; a regular file.
    within
        Shapes in any reference system.

    Returns
    -------
    int
        0 when they lie elsewhere.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is not a GeoTIFF, is damaged, or asks for another file.
    CRSError
        When the shapes have no reference system, or the file none that can be used.
    """
    window = _window(raster_facts(path), within)
    return 0 if window is None else int(window.width * window.height)


def raster_facts(path: str | Path) -> RasterFacts:
    """Read shape, bands, CRS and transform of a GeoTIFF, without its cells.

    Parameters
    ----------
    path
        Path of a GeoTIFF; a regular file.

    Returns
    -------
    RasterFacts
        Shape, bands, reference system, transform.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is not a GeoTIFF, is damaged, or asks for another file.
    CRSError
        When it states no reference system, or one on an old datum, or not where its cells lie.

    Examples
    --------
    >>> from geo.layers import path
    >>> raster_facts(path("terrain")).crs.to_epsg()
    4326
    """
    with _opened(path) as source:
        return _facts(source, str(path))


def raster_tags(path: str | Path) -> dict[str, str]:
    """Read the tags of a GeoTIFF.

    Parameters
    ----------
    path
        A regular file; its cells may lie anywhere.

    Returns
    -------
    dict
        Names and texts, as they were written.

    Raises
    ------
    MissingFileError
        When there is no such regular file.
    InputError
        When it is not a GeoTIFF, is damaged, or asks for another file.
    """
    with _opened(path) as source:
        return {str(name): str(text) for name, text in source.tags().items()}


def _regular_file(path: str | Path) -> Path:
    """Return the whole path of a regular file that begins as a TIFF, never an address."""
    shown = str(path)
    if shown.startswith(_REFUSED_STARTS) or "://" in shown[:12]:
        msg = f"{shown}: only regular files are read; download it or copy it first"
        raise MissingFileError(msg)
    if shown.casefold().startswith(_OF_A_FILE):
        msg = f"{shown}: is one image of a file; write it out as a file of its own"
        raise MissingFileError(msg)
    try:
        file = Path(path).resolve()
        found = file.stat()
    except (OSError, ValueError) as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else f"({error})"
        msg = f"{shown}: {reason}"
        raise MissingFileError(msg) from None
    if stat.S_ISDIR(found.st_mode):
        msg = f"{shown}: is a folder; name the file in it"
        raise MissingFileError(msg)
    if not stat.S_ISREG(found.st_mode):
        msg = f"{shown}: only regular files are read, not a device, a pipe or a socket"
        raise MissingFileError(msg)
    with file.open("rb") as opened:
        if not is_tiff(opened.read(4)):
            msg = f"{shown}: not a GeoTIFF"
            raise InputError(msg)
    return file


@contextmanager
def _opened(path: str | Path, *, overview: int | Literal["NONE"] | None = "NONE") -> Iterator[Any]:
    """Open a GeoTIFF alone; what GDAL says against it is one line that names it.

    Overviews are out of GDAL's mind unless they are asked for (None: all of them), so that it looks
    for none elsewhere.
    """
    shown, file = str(path), _regular_file(path)
    if "shifts" in external_references(file):
        msg = f"{shown}: its reference system names a file of shifts; bring it to EPSG:4326 first"
        raise CRSError(msg)
    level = {} if overview is None else {"OVERVIEW_LEVEL": overview}
    with warnings.catch_warnings(), _undecoded(), rasterio.Env(**_ALONE):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with _blamed(shown):
            source = rasterio.open(
                file,
                driver="GTiff",
                sharing=False,
                GEOREF_SOURCES="INTERNAL",
                **level,
            )
        try:
            with _blamed(shown):
                blocks = _block_bytes(source)
            _check_stated(source, blocks, file.stat().st_size, shown)
            yield source
        finally:
            source.close()


@contextmanager
def _undecoded() -> Iterator[None]:
    """Drop what rasterio prints when a word of GDAL has bytes of the file in it that are no text.

    It is printed and passed over in C, so that it can be met only where Python prints such.
    """
    printed, passed_over = sys.excepthook, sys.unraisablehook

    def print_other(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if not issubclass(kind, UnicodeDecodeError):
            printed(kind, error, trace)

    def pass_over_other(lost: Any) -> None:
        if not issubclass(lost.exc_type, UnicodeDecodeError):
            passed_over(lost)

    sys.excepthook, sys.unraisablehook = print_other, pass_over_other
    try:
        yield
    finally:
        if sys.excepthook is print_other:  # a signal may have put its own there
            sys.excepthook = printed
        if sys.unraisablehook is pass_over_other:
            sys.unraisablehook = passed_over


@contextmanager
def _blamed(shown: str) -> Iterator[None]:
    """Say of whatever GDAL and its Python side raise that the file is at fault."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # a damaged file may raise anything in the library
        cause = str(error.__cause__ or error)[:200]
        msg = (
            f"{shown}: cannot be read as a GeoTIFF: damaged, cut short, or of a kind that is not "
            f"supported; copy it again, or write it anew with gdal_translate [{cause}]"
        )
        raise InputError(msg) from error


def _block_bytes(source: Any) -> int:
    """Return what the largest block takes that GDAL unpacks at once."""
    together = source.count if source.interleaving == Interleaving.pixel else 1
    sizes = (
        tall * wide * np.dtype(dtype).itemsize
        for (tall, wide), dtype in zip(source.block_shapes, source.dtypes, strict=True)
        if not dtype.startswith("complex")
    )
    return max(sizes, default=0) * together


def _check_stated(source: Any, block_bytes: int, size: int, shown: str) -> None:
    """Refuse a stated size that the file cannot hold, before anything of that size is made."""
    cells = source.width * source.height
    if cells > _SURELY_HELD and cells > _MOST_CELLS_A_BYTE * size:
        msg = (
            f"{shown}: states {source.width:,} by {source.height:,} cells in {size:,} bytes, which "
            "cannot hold them; copy it again"
        )
        raise InputError(msg)
    if block_bytes > _MOST_BLOCK_BYTES:
        msg = (
            f"{shown}: its tiles take {block_bytes >> 20:,} MiB each, more than is unpacked at "
            "once; write it anew in tiles of 256 by 256 cells"
        )
        raise InputError(msg)


def _band(source: Any, shown: str, number: int, nodata: NoData) -> _Band:
    with _blamed(shown):
        dtype = source.dtypes[number - 1]
        flags = {one.name for one in source.mask_flag_enums[number - 1]}
        codes = source.colorinterp[number - 1] == ColorInterp.palette
    if dtype.startswith("complex"):
        msg = f"{shown}: its cells are complex numbers; write out their size or angle as floats"
        raise InputError(msg)
    return _Band(source, shown, number, dtype, flags != {"all_valid"}, codes, nodata)


def _facts(source: Any, shown: str) -> RasterFacts:
    with _blamed(shown):
        shape, count, transform = (source.height, source.width), source.count, source.transform
        wkt = source.crs.to_wkt() if source.crs is not None else None
        gcps = bool(source.gcps[0])
    crs = None if wkt is None else _crs(wkt, shown)
    if crs is None:
        msg = (
            f"{shown}: states no reference system (what lies beside it is not read); write it in "
            "with gdal_translate -a_srs"
        )
        raise CRSError(msg)
    if transform == Affine.identity() or not _is_placed(shape, transform):
        how = "by control points; warp it first" if gcps else "nowhere; give it a transform"
        msg = f"{shown}: its cells are placed {how} (what lies beside it is not read)"
        raise CRSError(msg)
    return RasterFacts(shape, count, crs, transform)


def _is_placed(shape: tuple[int, int], transform: Affine) -> bool:
    """Tell whether a grid has an area, and corners that can be reckoned with."""
    ends = [transform * spot for spot in product((0, shape[1]), (0, shape[0]))]
    whole = transform.determinant not in (0, np.inf, -np.inf)
    return whole and bool((np.abs(ends) < _FARTHEST).all())  # never of a NaN


def _crs(wkt: str, shown: str) -> CRS | None:
    try:
        return stated_crs(wkt)
    except CRSError as error:
        msg = f"{shown}: {str(error).replace(wkt, 'its reference system')}"
        raise CRSError(msg) from error


def _window_of(facts: RasterFacts, within: Any, shown: str) -> Window:
    if within is None:
        return Window(0, 0, facts.shape[1], facts.shape[0])
    covered = _window(facts, within)
    if covered is None:
        msg = f"{shown}: no unit meets the raster; are both where you think they are?"
        raise InputError(msg)
    return covered


def _window(facts: RasterFacts, within: Any) -> Window | None:
    """Return the whole cells that cover shapes, with one more all around; None without any."""
    if within.crs is None:
        msg = "the shapes have no reference system; set one first"
        raise CRSError(msg)
    west, south, east, north = within.geometry.to_crs(facts.crs).total_bounds
    back = ~facts.transform
    with np.errstate(all="ignore"):
        spots = [back * corner for corner in product((west, east), (south, north))]
    columns, rows = (np.array(one) for one in zip(*spots, strict=True))
    if np.isfinite(spots).all():
        left, top = max(int(np.floor(columns.min())) - 1, 0), max(int(np.floor(rows.min())) - 1, 0)
        right = min(int(np.ceil(columns.max())) + 1, facts.shape[1])
        low = min(int(np.ceil(rows.max())) + 1, facts.shape[0])
        if right > left and low > top:
            return Window(left, top, right - left, low - top)
    return None


def _read(
    one: _Band, facts: RasterFacts, window: Window, at_most: int | None, path: str | Path
) -> Raster:
    """Read a window, whole or averaged; then scale it."""
    shape = int(window.height), int(window.width)
    fewer = _fewer(shape, at_most)
    if fewer == shape:
        values, undeclared = _whole(one, window)
    elif shape[0] * shape[1] > _MOST_AVERAGED:
        msg = f"{one.shown}: {shape[1]:,} by {shape[0]:,} cells are too many to average; clip it"
        raise InputError(msg)
    else:
        values, undeclared = _averaged(one, window, fewer, path)
    with _blamed(one.shown):
        scale, offset = (
            float(of[one.number - 1]) for of in (one.source.scales, one.source.offsets)
        )
        unit = one.source.units[one.number - 1] or ""
    with np.errstate(over="ignore", invalid="ignore"):
        values *= scale
        values += offset  # which also makes a zero of a negative zero
    values[~np.isfinite(values)] = np.nan
    larger = Affine.scale(shape[1] / fewer[1], shape[0] / fewer[0])
    transform = facts.transform * Affine.translation(window.col_off, window.row_off) * larger
    return Raster(values, transform, facts.crs, unit, undeclared)


def _fewer(shape: tuple[int, int], at_most: int | None) -> tuple[int, int]:
    height, width = shape
    if at_most is None or height * width <= at_most:
        return shape
    by = float(np.sqrt(height * width / at_most))
    tall = min(max(1, int(height / by)), at_most)
    return tall, max(1, min(int(width / by), at_most // tall))


def _pieces(one: _Band, window: Window) -> Iterator[tuple[tuple[int, int], NDArray[np.float64]]]:
    """Read a window in pieces of the file's own blocks; yield row and column of each, and cells."""
    top, left = int(window.row_off), int(window.col_off)
    tall, wide = one.source.block_shapes[one.number - 1]
    columns = _steps(left, int(window.width), wide, _CELLS_AT_ONCE // tall)
    widest = max(right - start for start, right in columns)
    rows = _steps(top, int(window.height), tall, _CELLS_AT_ONCE // widest)
    for first, low in rows:
        for start, right in columns:
            part = Window(start, first, right - start, low - first)
            with _blamed(one.shown):
                read = one.source.read(one.number, window=part, masked=one.declared)
            cells = np.ma.filled(read.astype(np.float64), np.nan)
            if one.dtype.startswith("float"):
                cells[np.isinf(cells)] = np.nan
            if isinstance(one.nodata, float | int):
                cells[cells == _as_stored(one.nodata, one.dtype)] = np.nan
            yield (first - top, start - left), cells


def _steps(start: int, n: int, block: int, at_most: int) -> list[tuple[int, int]]:
    """Cut a stretch where blocks end, into as few as hold no more than they may, if one block can.

    >>> _steps(5, 20, 8, 16)
    [(5, 16), (16, 25)]
    >>> _steps(0, 5, 8, 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    step = at_most // block * block or max(1, min(at_most, n))
    edges = [start, *range((start // step + 1) * step, start + n, step), start + n]
    return list(pairwise(edges))


def _as_stored(value: float, dtype: str) -> float:
    """Return a number as the cells hold it: −3.4e38 is another one in 32 bits."""
    kind = np.dtype(dtype)
    with np.errstate(over="ignore"):
        return float(kind.type(value)) if kind.kind == "f" else float(value)


def _whole(one: _Band, window: Window) -> tuple[NDArray[np.float64], tuple[tuple[float, int], ...]]:
    shape = int(window.height), int(window.width)
    if shape[0] * shape[1] > _MOST_CELLS:
        size = f"{shape[1]:,} by {shape[0]:,} cells"
        msg = f"{one.shown}: {size} are more than can be held; clip it first"
        raise InputError(msg)
    values = np.empty(shape)
    for (top, left), cells in _pieces(one, window):
        values[top : top + cells.shape[0], left : left + cells.shape[1]] = cells
    known = stand_ins(one.dtype) if one.nodata == "look" else frozenset()
    found = dict(extreme_stand_ins(values, known))
    chosen = implausible(found, *_ends(values)) if found else []
    for value, where in found.items():
        if value not in chosen:
            values[where] = value
    return values, tuple((value, int(found[value].sum())) for value in chosen)


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    return (
        float(np.fmin.reduce(values, axis=None, initial=np.nan)),
        float(np.fmax.reduce(values, axis=None, initial=np.nan)),
    )


def _averaged(
    one: _Band, window: Window, fewer: tuple[int, int], path: str | Path
) -> tuple[NDArray[np.float64], tuple[tuple[float, int], ...]]:
    level = _overview(one, window, fewer, path)
    if level is None:
        return _means(one, window, fewer)
    with _opened(path, overview=level) as source:
        whole = Window(0, 0, source.width, source.height)
        return _means(replace(one, source=source), whole, fewer)


def _overview(one: _Band, window: Window, fewer: tuple[int, int], path: str | Path) -> int | None:
    """Return the smallest of the file's own overviews that has more cells than are wanted."""
    source = one.source
    if (
        window.height,
        window.width,
    ) != source.shape or source.width * source.height <= _FROM_OVERVIEWS:
        return None
    doubtful = one.nodata != "none" and stand_ins(one.dtype) and not one.declared
    if doubtful or isinstance(one.nodata, float | int):
        return None  # its overviews hold means of values and of what stands for no data
    if "overviews" in external_references(Path(path)):
        return None
    with _opened(path, overview=None) as asked, _blamed(one.shown):
        factors = asked.overviews(one.number)
    most = min(source.height / fewer[0], source.width / fewer[1])
    fitting = [at for at, factor in enumerate(factors) if 1 < factor <= most]
    return max(fitting, key=lambda at: factors[at], default=None)


def _means(
    one: _Band, window: Window, fewer: tuple[int, int]
) -> tuple[NDArray[np.float64], tuple[tuple[float, int], ...]]:
    averager = Averager((int(window.height), int(window.width)), fewer, codes=one.codes)
    known = stand_ins(one.dtype) if one.nodata == "look" else frozenset()
    counts: dict[float, int] = {}
    ends = [np.nan, np.nan]
    for corner, cells in _pieces(one, window):
        for value, where in extreme_stand_ins(cells, known):
            averager.add_apart(corner, value, where)
            counts[value] = counts.get(value, 0) + int(where.sum())
        low, high = _ends(cells)
        ends = [float(np.fmin(ends[0], low)), float(np.fmax(ends[1], high))]
        averager.add(corner, cells)
    chosen = implausible(counts, *ends)
    for value in counts:
        if value not in chosen:
            averager.keep(value)
    return averager.means(), tuple((value, counts[value]) for value in chosen)
