"""A layer given on a command line: the id of a shipped one, or a file."""

from pathlib import Path

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataSourceError

from geo.crs import to_storage
from geo.errors import CRSError, InputError, MissingFileError
from geo.layers import ids, load
from geo.layers.specs import OPTIONAL

__all__ = ["open_layer"]


def open_layer(name: str | Path) -> gpd.GeoDataFrame:
    """Open a shipped layer by its id, or any vector file.

    Parameters
    ----------
    name
        An id of ``geo.layers.ids()``, or the path of a GeoJSON, GeoPackage, Shapefile or
        GeoParquet file.

    Returns
    -------
    GeoDataFrame
        In ``STORAGE_CRS``; a shipped layer is indexed by its id, a file by row number.

    Raises
    ------
    MissingFileError
        When it is neither an id nor a regular file; names the nearest ids.
    InputError
        When the file cannot be read, or holds nothing.
    CRSError
        When the file states no reference system.

    Examples
    --------
    >>> open_layer("axes").index.name
    'axis_id'
    """
    if str(name) in (*ids(), *OPTIONAL):
        return load(str(name)).frame
    path = Path(name)
    if not path.is_file():
        msg = f"{name}: neither a file nor a shipped layer ({', '.join(ids())})"
        raise MissingFileError(msg)
    try:
        frame = (
            gpd.read_parquet(path)
            if path.suffix == ".parquet"
            else pyogrio.read_dataframe(path, datetime_as_string=True)
        )
    except (DataSourceError, OSError, ValueError) as error:
        msg = f"{name}: cannot be read as a layer ({error})"
        raise InputError(msg) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        msg = f"{name}: holds no features"
        raise InputError(msg)
    if frame.crs is None:
        msg = f"{name}: states no reference system"
        raise CRSError(msg)
    return to_storage(frame)
