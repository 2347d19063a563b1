"""A raster as a GeoTIFF, cloud-optimised or plain: equal bytes every time."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, Final

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.shutil import copy
from rasterio.windows import Window

from geo.errors import InputError, OutputError
from geo.formats.format import json_value
from geo.raster import Raster, gdal_crs
from geo.write import STDOUT, Outputs

__all__ = ["add_raster", "geotiff_bytes"]

_NODATA: Final = float("nan")
_ROWS_AT_ONCE: Final = 512  # two rows of tiles
_POLL_SECONDS: Final = 0.2


def add_raster(
    outputs: Outputs,
    target: str | Path,
    raster: Raster,
    *,
    provenance: Mapping[str, Any] | None = None,
    unit: str = "",
    more: Mapping[str, Raster] | None = None,
) -> None:
    """Stage a raster as a cloud-optimised GeoTIFF of 32-bit floats.

    Parameters
    ----------
    outputs
        Files of the run, staged and published together at its end.
    target
        A path that ends in .tif or .tiff, or ``"-"``.
    raster
        NaN becomes the file's nodata.
    provenance
        Provenance of the data, kept as JSON in the tag ``provenance``.
    unit
        Unit of the values, kept with the band.
    more
        Further bands on the same grid, by their description.

    Raises
    ------
    InputError
        When the target has another suffix.
    OutputError
        When the file cannot be written whole.
    """
    if str(target) != STDOUT and Path(target).suffix.lower() not in (".tif", ".tiff"):
        msg = f"{target}: a raster is written as .tif"
        raise InputError(msg)
    bands = {"": raster} | dict(more or {})
    outputs.add(target, partial(_fill, bands, provenance or {}, unit), partial(_check, bands))


def _fill(
    bands: Mapping[str, Raster], provenance: Mapping[str, Any], unit: str, path: Path
) -> None:
    raster = next(iter(bands.values()))
    n_rows, n_columns = raster.values.shape
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=n_columns, height=n_rows, count=len(bands),
            dtype="float32",
            crs=gdal_crs(raster.crs), transform=raster.transform,
            nodata=_NODATA,
        ) as made:  # fmt: skip
            for at, (description, one) in enumerate(bands.items(), start=1):
                made.write(np.asarray(one.values, dtype=np.float32), at)
                if description:
                    made.set_band_description(at, description)
                if one.unit:
                    made.set_band_unit(at, one.unit)
            if unit:
                made.set_band_unit(1, unit)
            if provenance:
                text = json.dumps(json_value(provenance), ensure_ascii=False, sort_keys=True)
                made.update_tags(provenance=text)
        _interruptible(
            copy, memory.name, str(path), driver="COG", compress="DEFLATE", predictor="YES",
            blocksize="256", overview_resampling="AVERAGE", num_threads="1",
        )  # fmt: skip


def _interruptible(work: Callable[..., Any], *args: Any, **options: Any) -> None:
    """Run long work of GDAL in a thread, so that the main thread can react to Ctrl-C."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work(*args, **options)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_POLL_SECONDS)
    if failed:
        raise failed[0]


def _check(bands: Mapping[str, Raster], path: Path) -> None:
    with rasterio.open(path, driver="GTiff") as source:
        height, width = source.shape
        for top in range(0, height, _ROWS_AT_ONCE):  # every tile: a cut file fails here
            rows = slice(top, min(top + _ROWS_AT_ONCE, height))
            found = source.read(window=Window(0, top, width, rows.stop - top))
            wanted = np.stack([np.asarray(one.values[rows], np.float32) for one in bands.values()])
            if not np.array_equal(found, wanted, equal_nan=True):
                msg = "the raster does not read back as it was written"
                raise OutputError(msg)


def geotiff_bytes(
    cells: NDArray[np.integer[Any]],
    transform: Affine,
    *,
    nodata: int,
    tags: Mapping[str, str],
) -> bytes:
    """Write whole numbers in degrees as a plain GeoTIFF, as the shipped rasters are.

    Parameters
    ----------
    cells
        Two dimensions, of the type to be stored.
    transform
        Affine transform from column and row to longitude and latitude (EPSG:4326).
    nodata
        Value that the file declares as nodata.
    tags
        Texts kept with the file.

    Returns
    -------
    bytes
        Deflated with a predictor.

    Examples
    --------
    >>> made = geotiff_bytes(np.array([[1, -9]], dtype=np.int16), Affine(1, 0, 116, 0, -1, 40),
    ...     nodata=-9, tags={})
    >>> made[:2]
    b'II'
    """
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", height=cells.shape[0], width=cells.shape[1], count=1,
            dtype=cells.dtype.name, crs="EPSG:4326", nodata=nodata, compress="deflate",
            predictor=2, transform=transform,
        ) as made:  # fmt: skip
            made.write(cells, 1)
            made.update_tags(**tags)
        return bytes(memory.read())
