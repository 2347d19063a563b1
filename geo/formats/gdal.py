"""Writing a layer with a named driver of GDAL, and reading it back."""

import contextlib
import json
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.errors import OutputError
from geo.formats.format import Provenance, check_rows
from geo.formats.losses import Losses
from geo.formats.shapes import Shapes
from geo.formats.values import json_value

__all__ = [
    "LAYER",
    "check_layer",
    "plainly_named",
    "provenance_text",
    "said_by_gdal",
    "settings",
    "write_layer",
]

LAYER = "layer"
"""Name of the one layer of a file that we write."""


def provenance_text(provenance: Provenance) -> str:
    """Write the provenance as one JSON text.

    Parameters
    ----------
    provenance
        Of the data.

    Returns
    -------
    str
        JSON.

    Examples
    --------
    >>> provenance_text({"title": "京"})
    '{"title": "京"}'
    """
    return json.dumps(json_value(provenance), ensure_ascii=False)


def write_layer(
    path: Path,
    driver: str,
    columns: dict[str, Any],
    shapes: Shapes,
    losses: Losses,
    **options: Any,
) -> None:
    """Write columns and shapes in WGS 84 degrees.

    Parameters
    ----------
    path
        A new file.
    driver
        GDAL's name of the format; never guessed from the suffix.
    columns
        Arrow arrays by the names that the file gets.
    shapes
        As the format takes them.
    losses
        Told what GDAL warns of.
    **options
        Of ``pyogrio.raw.write_arrow``; ``geometry_type`` is needed.

    Raises
    ------
    OutputError
        When GDAL cannot write it.
    """
    import pyarrow as pa  # noqa: PLC0415 - importing takes longer than many commands run
    from pyogrio.raw import write_arrow  # noqa: PLC0415

    name = _free_name("geometry", columns)
    wkb = shapely.to_wkb(shapes, flavor="iso")
    wkb[shapely.is_missing(shapes)] = None
    table = pa.table({**columns, name: pa.array(np.asarray(wkb), type=pa.binary())})
    with said_by_gdal(path, losses), plainly_named(path) as place:
        write_arrow(
            table, place, driver=driver, geometry_name=name, crs="EPSG:4326",
            **({"layer": LAYER} | options),
        )  # fmt: skip


@contextlib.contextmanager
def plainly_named(path: Path) -> Iterator[Path]:
    """Give a file a name that means nothing to GDAL: pyogrio takes ``!`` and ``;`` for an archive.

    Parameters
    ----------
    path
        In a folder that a user may have called anything.

    Yields
    ------
    Path
        The same place, by way of a link where its own name is not plain.
    """
    if not set(str(path)) & set("!;?*"):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="jjj-") as folder:
        link = Path(folder) / "folder"
        link.symlink_to(path.parent, target_is_directory=True)
        yield link / path.name


def _free_name(name: str, columns: dict[str, Any]) -> str:
    taken = {one.casefold() for one in columns}
    while name in taken:
        name += "_"
    return name


@contextlib.contextmanager
def said_by_gdal(path: Path, losses: Losses, failed: str = "cannot be written") -> Iterator[None]:
    """Turn GDAL's failures into one line, and its warnings into losses.

    Parameters
    ----------
    path
        The file that is written; its private folder is not named.
    losses
        Told what GDAL warns of.
    failed
        What a failure means.

    Yields
    ------
    None
        While GDAL works.

    Raises
    ------
    OutputError
        When GDAL fails.
    """
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            yield
    except MemoryError:
        raise
    except Exception as error:  # GDAL's failures are of no common kind
        msg = f"{failed} ({_first_line(error, path)})"
        raise OutputError(msg) from error
    for one in heard:
        losses.add(_first_line(one.message, path))


def _first_line(said: object, path: Path) -> str:
    lines = str(said).strip().splitlines() or [type(said).__name__]
    return lines[0].replace(str(path), path.name).rstrip(".")


@contextlib.contextmanager
def settings(**options: object) -> Iterator[None]:
    """Set options of GDAL for as long as one file is written.

    Parameters
    ----------
    **options
        Names and values.

    Yields
    ------
    None
        While they are set.
    """
    import pyogrio  # noqa: PLC0415

    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def check_layer(expected: int, path: Path) -> None:
    """Read every row of a layer back and count.

    Parameters
    ----------
    expected
        Rows that were written.
    path
        The file or folder.

    Raises
    ------
    OutputError
        When it cannot be read, or the rows are not as many.
    """
    from pyogrio.raw import open_arrow  # noqa: PLC0415

    found = 0
    with (
        said_by_gdal(path, Losses(path.suffix[1:]), "does not read back"),
        plainly_named(path) as place,
        open_arrow(place, use_pyarrow=True) as (_, reader),
    ):
        for batch in reader:
            found += batch.num_rows
    check_rows(path, expected, found)
