"""Online basemaps: off, and without any request until a reader switches one on.

A basemap carries its datum. Gaode's tiles are in GCJ-02, half a kilometre off; the page shifts
them by the local offset. Tianditu's are in CGCS2000, taken as equal to WGS 84, and need the
reader's own key, which stays in that reader's browser.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from geo.errors import UnknownIdError
from geo.texts import Localized, tr

__all__ = ["BASEMAPS", "Basemap", "chosen"]


@dataclass(frozen=True)
class Basemap:
    """Tiles that a reader may switch on.

    Attributes
    ----------
    basemap_id
        Short name, as options and addresses use it.
    title
        Name of the basemap in the page's list.
    urls
        Addresses of the tiles, the lowest first; ``{s}`` server, ``{x}{y}{z}`` tile, ``{key}``.
    servers
        Names of servers that replace ``{s}``.
    datum
        Datum of the tiles: ``wgs84``, ``cgcs2000`` or ``gcj02``.
    attribution
        Credit, as the publisher wants it.
    max_zoom
        Last level that is served.
    """

    basemap_id: str
    title: Localized
    urls: tuple[str, ...]
    servers: str
    datum: Literal["wgs84", "cgcs2000", "gcj02"]
    attribution: str
    max_zoom: int

    def hosts(self) -> list[str]:
        """Return the hosts that the content security policy must let images come from.

        Returns
        -------
        list of str
            With scheme, without path.

        Examples
        --------
        >>> BASEMAPS["osm"].hosts()
        ['https://tile.openstreetmap.org']
        """
        roots = {"/".join(url.split("/")[:3]) for url in self.urls}
        return sorted({root.replace("{s}", one) for root in roots for one in self.servers or " "})

    def described(self) -> dict[str, Any]:
        """Return what the page needs.

        Returns
        -------
        dict
            Plain JSON values.
        """
        return asdict(self) | {
            "title": self.title.described(),
            "needs_key": any("{key}" in url for url in self.urls),
        }


def _tianditu(layer: str) -> str:
    return (
        f"https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        f"&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
    )


_GAODE: Final = (
    "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8"
    "&x={x}&y={y}&z={z}"
)

_ALL: Final = (
    Basemap(
        "tianditu",
        tr("Tianditu"),
        (_tianditu("vec"), _tianditu("cva")),
        "01234567",
        "cgcs2000",
        "© 国家地理信息公共服务平台 天地图",
        18,
    ),
    Basemap(
        "gaode",
        tr("Gaode (datum corrected)"),
        (_GAODE,),
        "1234",
        "gcj02",
        "© 高德地图 AutoNavi",
        18,
    ),
    Basemap(
        "osm",
        tr("OpenStreetMap"),
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png",),
        "",
        "wgs84",
        "© OpenStreetMap contributors",
        19,
    ),
)

BASEMAPS: Final = {one.basemap_id: one for one in _ALL}
"""All basemaps by id."""


def chosen(ids: Iterable[str]) -> list[Basemap]:
    """Return basemaps by id.

    Parameters
    ----------
    ids
        Ids of basemaps, keys of ``BASEMAPS``.

    Returns
    -------
    list of Basemap
        In the order asked for.

    Raises
    ------
    UnknownIdError
        When there is no such basemap.

    Examples
    --------
    >>> chosen([])
    []
    """
    found = []
    for one in ids:
        if one not in BASEMAPS:
            raise UnknownIdError("basemap", one, BASEMAPS)
        found.append(BASEMAPS[one])
    return found
