"""Small GeoTIFFs, of every type and layout that the reader of rasters tells apart."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning

__all__ = ["refused_tiffs", "tiffs"]

DEGREES = Affine(0.1, 0, 116, 0, -0.1, 40)
METRES = Affine(500, 0, 440_000, 0, 500, 4_400_000)  # from the south
CELLS: NDArray[Any] = np.arange(1, 31).reshape(5, 6)
SHIFTS = "+proj=longlat +ellps=bessel +nadgrids=a.gsb +no_defs"


def _made(folder: Path, cells: NDArray[Any], **how: Any) -> bytes:
    """Write bands of cells; return the bytes."""
    bands = cells if cells.ndim == 3 else cells[None]
    kept: dict[str, Any] = {"crs": "EPSG:4326", "transform": DEGREES, "dtype": bands.dtype}
    tags, palette = how.pop("tags", {}), how.pop("palette", None)
    scale, unit = how.pop("scale", None), how.pop("unit", None)
    count, height, width = bands.shape
    kept |= {"driver": "GTiff", "width": width, "height": height, "count": count, **how}
    path = folder / "made.tif"
    with rasterio.open(path, "w", **kept) as out:
        out.write(bands)
        for space, items in tags.items():
            out.update_tags(ns=space or None, **items)
        if palette:
            out.write_colormap(1, palette)
            out.colorinterp = [ColorInterp.palette]
        if scale:
            out.scales, out.offsets, out.units = [scale] * count, [1.0] * count, [unit] * count
    return _taken(path)


def _taken(path: Path) -> bytes:
    content = path.read_bytes()
    path.unlink()
    return content


def _holed(dtype: str, *stand_ins: float) -> NDArray[Any]:
    cells = CELLS.astype(dtype)
    cells.flat[: len(stand_ins)] = stand_ins
    return cells


def _masked(folder: Path) -> bytes:
    path = folder / "masked.tif"
    how: dict[str, Any] = {"driver": "GTiff", "width": 6, "height": 5, "count": 1, "dtype": "uint8"}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", crs="EPSG:4326", transform=DEGREES, **how) as out,
    ):
        out.write(CELLS.astype("uint8"), 1)
        out.write_mask(CELLS % 7 > 0)
    return _taken(path)


def _with_overviews(folder: Path) -> bytes:
    """Return more cells than are averaged one by one, next to nothing in bytes."""
    path = folder / "overviews.tif"
    how: dict[str, Any] = {"driver": "GTiff", "width": 6000, "height": 5000, "count": 1}
    how |= {"dtype": "uint8", "nodata": 0, "tiled": True, "blockxsize": 512, "blockysize": 512}
    how |= {"crs": "EPSG:4326", "transform": Affine(1e-4, 0, 116, 0, -1e-4, 40)}
    with rasterio.open(path, "w", SPARSE_OK=True, compress="deflate", **how) as out:
        out.write(np.full((512, 512), 7, "uint8"), 1, window=((0, 512), (0, 512)))
    with (
        rasterio.Env(SPARSE_OK_OVERVIEW="ON", COMPRESS_OVERVIEW="DEFLATE"),
        rasterio.open(path, "r+") as out,
    ):
        out.build_overviews([4, 8, 16], Resampling.average)
    return _taken(path)


def tiffs(folder: Path) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Make rasters that are read.

    Parameters
    ----------
    folder
        Left as it was.

    Yields
    ------
    name, content, how : tuple
        How: which commands take it, where that is not all of them.
    """
    floats = {"nodata": -9999, "compress": "deflate", "tags": {"": {"provenance": '{"version": "1"}'}}}  # fmt: skip
    upright: dict[str, Any] = {"crs": "EPSG:4509", "transform": METRES}
    two = np.stack([_holed("int16", -9999, -32768), CELLS.astype("int16") - 15])
    yield "raster", _made(folder, CELLS.astype("float32") - 1, **floats), {}
    yield "undeclared", _made(folder, two, interleave="pixel", scale=0.1, unit="m", **upright), {}
    yield "likely", _made(folder, _holed("float64", -9999, -6000, np.inf, 1e20), predictor=3, compress="lzw"), {}  # fmt: skip
    yield "unsigned", _made(folder, _holed("uint16", 65535), BIGTIFF="YES", ENDIANNESS="BIG"), {}
    turned = Affine.translation(116, 40) * Affine.rotation(20) * Affine.scale(0.1, -0.1)
    yield "rotated", _made(folder, CELLS.astype("float32"), transform=turned), {}
    colours = {at: (at, at, at, 255) for at in range(31)}
    yield "palette", _made(folder, CELLS.astype("uint8"), palette=colours, tiled=True, blockxsize=16, blockysize=16), {}  # fmt: skip
    yield "masked", _masked(folder), {}
    yield "overviews", _with_overviews(folder), {"commands": ["map"]}


def _placed_by_points(folder: Path) -> bytes:
    points = [GroundControlPoint(y, x, 116 + x / 10, 40 - y / 10) for x in (0, 6) for y in (0, 5)]
    how: dict[str, Any] = {"driver": "GTiff", "width": 6, "height": 5, "count": 1, "dtype": "uint8"}
    path = folder / "points.tif"
    with rasterio.open(path, "w", **how) as out:
        out.gcps = (points, rasterio.crs.CRS.from_epsg(4326))
        out.write(CELLS.astype("uint8"), 1)
    return _taken(path)


def _placed_nowhere(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield "nowhere", _made(folder, CELLS.astype("uint8"), transform=Affine.identity())
    yield "by_points", _placed_by_points(folder)


def _stating(folder: Path, side: int, block: int, more: int) -> bytes:
    """Return a file that states more cells than it holds, with some bytes at its end."""
    path = folder / "stating.tif"
    how: dict[str, Any] = {"driver": "GTiff", "width": side, "height": side, "count": 1}
    how |= {"dtype": "uint8", "tiled": True, "blockxsize": block, "blockysize": block}
    small = Affine(1e-6, 0, 116, 0, -1e-6, 40)
    with rasterio.open(
        path, "w", crs="EPSG:4326", transform=small, SPARSE_OK=True, compress="deflate", **how
    ):
        pass
    return _taken(path) + bytes(more)


def refused_tiffs(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Make rasters that break one rule each.

    Parameters
    ----------
    folder
        Left as it was.

    Yields
    ------
    name, content : tuple
        Names tell which rule.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        made = [*_placed_nowhere(folder)]
    yield from made
    bytes_ = CELLS.astype("uint8")
    yield "complex", _made(folder, CELLS.astype("complex64"))
    yield "systemless", _made(folder, bytes_, crs=None)
    yield "old_datum", _made(folder, bytes_, crs="EPSG:4214")
    yield "empty", _made(folder, np.full((5, 6), np.nan, "float32"))
    yield "far", _made(folder, bytes_, transform=Affine(0.1, 0, 10, 0, -0.1, 40))
    yield "elsewhere", _made(folder, bytes_, tags={"OVERVIEWS": {"OVERVIEW_FILE": "/etc/passwd"}})
    yield "shifts", _made(folder, bytes_, crs=SHIFTS)
    yield "hollow", _stating(folder, 100_000, 8_192, 0)
    yield "tiled", _stating(folder, 32_768, 32_768, 10_000)
    yield "large", _stating(folder, 20_000, 8_192, 4_000)
    yield "text", b"lon,lat\n116,39\n"
    yield "cut", _made(folder, bytes_, tiled=True, blockxsize=16, blockysize=16)[:200]
