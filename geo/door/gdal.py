"""GDAL restricted to one driver and without network, for the vector formats it reads.

GDAL tries every driver it knows on every file, and some of them (VRT, WFS, GML, ...) open other
files and addresses that the file names. While a file is opened here, GDAL knows one driver only:
the one that the file's bytes call for; afterwards it knows all of them again, so that other
users of GDAL in the same process lose nothing. Rows come as Arrow, which keeps 64-bit integers,
truth values and dates beside missing ones.
"""

import ctypes
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyogrio
import pyogrio.raw
from pyogrio import _io

from geo.errors import MissingExtraError

__all__ = [
    "batches",
    "layer_info",
    "layer_names",
    "linear_geometries",
    "one_driver",
    "read_shipped",
]

Target = Path | bytes

BATCH_ROWS: Final = 65_536
_LOCK: Final = threading.RLock()
_CONFINED: Final = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_PAM_ENABLED": "NO",
    "LIBKML_RESOLVE_STYLE": "NO",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
}
_FUNCTIONS: Final[dict[str, tuple[Any, list[Any]]]] = {
    "GDALGetDriverCount": (ctypes.c_int, []),
    "GDALGetDriver": (ctypes.c_void_p, [ctypes.c_int]),
    "GDALGetDescription": (ctypes.c_char_p, [ctypes.c_void_p]),
    "GDALRegisterDriver": (ctypes.c_int, [ctypes.c_void_p]),
    "GDALDeregisterDriver": (None, [ctypes.c_void_p]),
}


@lru_cache(maxsize=1)
def _library() -> Any:
    """Return the GDAL that pyogrio uses: a symbol is looked up in what its module was linked to."""
    folder = Path(pyogrio.__file__).parent
    beside = sorted((folder.parent / "pyogrio.libs").glob("gdal*.dll"))  # Windows does not look
    for file in (_io.__file__, *beside):
        library = ctypes.CDLL(str(file))
        try:
            for name, (returns, takes) in _FUNCTIONS.items():
                function = getattr(library, name)
                function.restype, function.argtypes = returns, takes
        except AttributeError:
            continue
        return library
    msg = "this build of pyogrio hides GDAL's list of drivers, so no file can be opened safely"
    raise MissingExtraError(msg)


@contextmanager
def one_driver(name: str) -> Iterator[None]:
    """Restrict GDAL to one driver and to local files within a block.

    Parameters
    ----------
    name
        Name of the format's driver in GDAL.

    Yields
    ------
    None
        Nothing; the block opens or reads.

    Raises
    ------
    MissingExtraError
        When this GDAL has no such driver, or hides its drivers.

    Examples
    --------
    >>> with one_driver("GPKG"):
    ...     list(pyogrio.list_drivers())
    ['GPKG']
    >>> len(pyogrio.list_drivers()) > 1
    True
    """
    gdal = _library()
    with _LOCK, _confined():
        known = [gdal.GDALGetDriver(at) for at in range(gdal.GDALGetDriverCount())]
        own = [one for one in known if gdal.GDALGetDescription(one) == name.encode()]
        if not own:
            msg = f"GDAL was built without its driver {name}"
            raise MissingExtraError(msg)
        try:
            for one in known:
                gdal.GDALDeregisterDriver(one)
            gdal.GDALRegisterDriver(own[0])
            yield
        finally:  # in their old order, which decides who is asked first
            gdal.GDALDeregisterDriver(own[0])
            for one in known:
                gdal.GDALRegisterDriver(one)


@contextmanager
def _confined() -> Iterator[None]:
    before = {name: pyogrio.get_gdal_config_option(name) for name in _CONFINED}
    pyogrio.set_gdal_config_options(_CONFINED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks; what matters is checked and reported
            yield
    finally:
        pyogrio.set_gdal_config_options(before)


def layer_names(target: Target, driver: str) -> list[tuple[str, str | None]]:
    """List the layers of a file.

    Parameters
    ----------
    target
        A path, or the file's bytes.
    driver
        Name of the format's driver in GDAL.

    Returns
    -------
    list of (str, str or None)
        Name and geometry type; None for a table without geometry.
    """
    with one_driver(driver):
        return [(str(name), kind) for name, kind in pyogrio.list_layers(target)]


def layer_info(
    target: Target, driver: str, *, layer: str | None = None, encoding: str | None = None
) -> dict[str, Any]:
    """Describe one layer of a file.

    Parameters
    ----------
    target, driver
        A path, or the file's bytes; and the name of the format in GDAL.
    layer
        Name of the layer; None takes the first.
    encoding
        Of its text, for formats that do not say.

    Returns
    -------
    dict
        As ``pyogrio.read_info`` has it; ``features`` is counted.
    """
    with one_driver(driver):
        found: dict[str, Any] = pyogrio.read_info(
            target, layer=layer, encoding=encoding, force_feature_count=True
        )
    return found


def batches(
    target: Target, driver: str, *, layer: str | None = None, encoding: str | None = None
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Read one layer, batch by batch.

    Parameters
    ----------
    target, driver, layer, encoding
        A path or the file's bytes; name of the format in GDAL; name of the layer (None: the first);
        encoding of its text where the format does not state one.

    Yields
    ------
    geometry : str
        The column with the geometry as WKB; empty when there is none.
    batch : pyarrow.RecordBatch
        Up to 65,536 rows; moments as ISO 8601 text.
    """
    opened = pyogrio.raw.open_arrow(
        target, layer=layer, encoding=encoding, batch_size=BATCH_ROWS, use_pyarrow=True,
        datetime_as_string=True,  # else moments lose their zones
    )  # fmt: skip
    with one_driver(driver):
        meta, reader = opened.__enter__()
    try:
        geometry = meta["geometry_name"] or ("wkb_geometry" if meta["geometry_type"] else "")
        while True:
            with one_driver(driver):
                batch = next(reader, None)
            if batch is None:
                return
            yield geometry, batch
    finally:
        opened.__exit__(None, None, None)


def linear_geometries(
    target: Target, driver: str, *, layer: str | None, start: int, rows: int
) -> list[bytes | None]:
    """Read geometries with curves converted to line strings, which Arrow would not do.

    Parameters
    ----------
    target, driver, layer
        A path or the file's bytes; name of the format in GDAL; name of the layer (None: the first).
    start, rows
        Position of the first row, counted from 0, and number of rows.

    Returns
    -------
    list of bytes or None
        WKB.
    """
    with one_driver(driver):
        _, _, shapes, _ = pyogrio.raw.read(
            target, layer=layer, columns=[], skip_features=start, max_features=rows
        )
    return list(shapes)


def read_shipped(file: Path) -> Any:
    """Read a GeoJSON file that this project ships, whose hash was compared: fast, without checks.

    Parameters
    ----------
    file
        Path of a shipped GeoJSON file in the installed package.

    Returns
    -------
    GeoDataFrame
        As GDAL reads it.
    """
    with one_driver("GeoJSON"):
        return pyogrio.read_dataframe(file, datetime_as_string=True)


def gdal_version() -> str:
    """Return the version of the GDAL behind this module.

    Returns
    -------
    str
        Such as ``3.12.4``.
    """
    return ".".join(map(str, pyogrio.__gdal_version__))
