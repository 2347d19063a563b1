"""The versions that decide results: two GDALs and several PROJs may live in one process."""

from importlib import metadata
from typing import Final

__all__ = ["versions"]

_SHOWN: Final = (
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "rasterio",
    "folium",
    "pandas",
    "numpy",
)


def versions() -> str:
    """Describe the package, the libraries and the C libraries inside their wheels.

    Returns
    -------
    str
        One line a component.
    """
    import pyproj  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    from geo import __version__  # noqa: PLC0415
    from geo.door import gdal  # noqa: PLC0415
    from geo.raster import gdal_version  # noqa: PLC0415

    inside = {
        "pyogrio": f"GDAL {gdal.gdal_version()}",
        "rasterio": f"GDAL {gdal_version()}",
        "pyproj": f"PROJ {pyproj.proj_version_str}",
        "shapely": f"GEOS {shapely.geos_version_string}",
    }
    lines = [f"jingjinji {__version__}"]
    for name in _SHOWN:
        extra = f" ({inside[name]})" if name in inside else ""
        lines.append(f"{name} {metadata.version(name)}{extra}")
    return "\n".join(lines)
