"""Sites on the pages, and the units they stand in.

The three provincial-level units as charts and sentences of the pages call them.

Facilities and firms as points: coloured by kind, by function, or by how well they are placed.
"""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd

from geo.atlas.base import SITES
from geo.atlas.context import NOT_SITES, Context
from geo.layers import vocabulary
from geo.render import About, Categories, Field, MapLayer, points
from geo.render.words import known_words
from geo.texts import Localized, tr, tr_in

__all__ = [
    "PROVINCES",
    "PROVINCE_COLOURS",
    "about_firms",
    "facility_points",
    "firm_points",
    "role_points",
    "site_fields",
]

PROVINCES: Final = {
    "110000": tr("Beijing"),
    "120000": tr("Tianjin"),
    "130000": tr("Hebei"),
}
PROVINCE_COLOURS: Final = {"110000": "#0b3f70", "120000": "#4fa3d8", "130000": "#c99700"}


CATEGORY_COLOURS: Final = {
    "national_laboratory_or_key_lab": "#00346b",
    "large_science_facility": "#5b7099",
    "university": "#5fabd6",
    "science_city_or_park": "#6d42a4",
    "supercomputing_or_data_centre": "#a196f7",
    "development_zone": "#d98a00",
    "manufacturing_base": "#a8450d",
    "hospital": "#158d72",
    "gateway": "#3a3733",
}
"""Blues and violets for research, oranges for production, green for care, grey for transport.

Any two differ by 15 or more in CIELAB for eyes without one kind of cone (Machado, Oliveira and
Fernandes, 2009, doi:10.1109/TVCG.2009.113), on paper and in the dark.
"""

ROLE_COLOURS: Final = {
    "research": "#1f78b4",
    "manufacturing": "#d98a00",
    "application": "#23a06a",
    "service": "#8c510a",
    "transport": "#3a3733",
}
"""Distinguishable for colour-blind readers; near black in the light theme is near white in the dark."""
_FUNCTION: Final = tr("Function")


def site_fields(context: Context, kind: Mapping[str, Localized], column: str) -> list[Field]:
    """Return the rows of the table that a click on a site opens.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.
    kind
        Names of the codes in ``column``.
    column
        Column of the kind: ``category`` (facilities) or ``section`` (firms).

    Returns
    -------
    list of Field
        Kind, city, how exact the point is.
    """
    named = [*context.names("prefectures").values(), *context.names("xiongan").values()]
    cities = {one.zh: one for one in named}
    return [
        Field(column, tr("Kind"), words=kind),
        Field("city", tr("City"), words=cities),
        Field("position_accuracy_m", tr("Accurate to"), "m", 0),
    ]


def facility_points(context: Context, frame: gpd.GeoDataFrame | None = None) -> MapLayer:
    """Return the facilities coloured by kind; stations and nodes have layers of their own.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.
    frame
        A choice of the facilities; all by default.

    Returns
    -------
    MapLayer
        Points.
    """
    frame = context.sites() if frame is None else frame
    frame = frame[~frame.category.isin(NOT_SITES)]
    kinds = vocabulary("category")
    gateway = tr("Airports and port areas")
    frame = frame.assign(kind=frame.category.replace(["airport", "seaport"], "gateway"))
    present = set(frame.kind)
    shown = {one: kinds.get(one, gateway) for one in CATEGORY_COLOURS if one in present}
    by = Categories("kind", shown, CATEGORY_COLOURS, tr_in("sites", "Kind"))
    return _facilities(context, frame, by)


def role_points(context: Context, frame: gpd.GeoDataFrame | None = None) -> MapLayer:
    """Return the facilities coloured by function, five colours for what a map says at a glance.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.
    frame
        A choice of the facilities; all that count as sites by default.

    Returns
    -------
    MapLayer
        Points.
    """
    frame = context.sites() if frame is None else frame
    frame = frame[~frame.category.isin(NOT_SITES)]
    roles = {one: name for one, name in vocabulary("role").items() if one in set(frame.role)}
    return _facilities(context, frame, Categories("role", roles, ROLE_COLOURS, _FUNCTION))


def _facilities(context: Context, frame: gpd.GeoDataFrame, by: Categories) -> MapLayer:
    rows = [
        *site_fields(context, vocabulary("category"), "category"),
        Field("role", _FUNCTION, words=vocabulary("role")),
        Field("status_year", tr("Year"), decimals=0),
        Field("source", tr("Placed by"), words=vocabulary("source")),
    ]
    about = About.of(context.layer("facilities"), group=SITES)
    return points(frame, about, colour_by=by, fields=rows)


def firm_points(context: Context) -> MapLayer:
    """Return the firms, those with a site apart from those placed in their district.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    MapLayer
        Points.
    """
    layer = context.layer("firms")
    frame = layer.frame.assign(section=layer.frame.industry.str[0])
    frame = frame.assign(
        placed=frame.has_site.map({True: "site", False: "district"}).where(
            frame.status == "present", "waiting"
        )
    )
    names = {
        "site": tr("site known"),
        "district": tr("district or quarter only"),
        "waiting": tr("not yet moved to Xiong'an"),
    }
    colours = {"site": "#b5458f", "district": "#d9a3c7", "waiting": "#b8b2a8"}
    title = tr("How firms are placed")
    rows = [
        *site_fields(context, vocabulary("industry"), "section"),
        Field("placed", tr_in("sites", "Placed by"), words=names),
        *about_firms(frame),
    ]
    by = Categories("placed", names, colours, title)
    return points(frame, About.of(layer, group=SITES), colour_by=by, fields=rows)


def about_firms(frame: gpd.GeoDataFrame) -> list[Field]:
    """Return the rows that say since when a firm is there and what it does.

    Parameters
    ----------
    frame
        Firms with the columns ``founded_or_listed`` and ``industry_detail``.

    Returns
    -------
    list of Field
        In three languages.
    """
    known = known_words("founded_or_listed", frame.founded_or_listed)
    return [
        Field(
            "founded_or_listed",
            tr("Founded or listed"),
            words=known,
        ),
        Field("industry_detail", tr("Business"), words=vocabulary("business")),
    ]
