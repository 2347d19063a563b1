"""Helpers shared by the pages: base layers, words, numbers in sentences.

How numbers, dates and lists are written in a sentence, as an editor of each language would.

The ground of every map: neighbours, land, borders, special areas, names, axes, railways.
"""

from collections.abc import Sequence
from typing import Any, Final

from geo.atlas.context import Context
from geo.layers import vocabulary
from geo.render import About, Field, MapLayer, labels, lines, polygons
from geo.render.ground import ground as under
from geo.render.ground import named_level
from geo.sources.registry import source
from geo.texts import Localized, tr

__all__ = [
    "AXIS_COLOURS",
    "AXIS_GROUP",
    "BOUNDARIES",
    "LISTED",
    "MONTHS",
    "SITES",
    "axis_lines",
    "city_names",
    "county_names",
    "fact_source",
    "ground",
    "listed",
    "number_in_words",
    "rail",
    "special_area",
    "ten_thousands",
]

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
"""Never in the words of the machine's own language."""
_COUNTS: Final = {
    "zh": ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


def number_in_words(n: int, language: str) -> str:
    """Return a number in words below ten, in digits from ten.

    Parameters
    ----------
    n
        Number to write, 0 or more.
    language
        Language code: ``zh`` or ``en``.

    Returns
    -------
    str
        A word below ten, digits from there.

    Examples
    --------
    >>> number_in_words(2, "zh"), number_in_words(3, "en"), number_in_words(12, "en")
    ('两', 'three', '12')
    """
    return _COUNTS[language][n] if n < len(_COUNTS[language]) else str(n)


def listed(names: Sequence[str]) -> str:
    """Join names in English.

    Parameters
    ----------
    names
        Names in English, in order; may be empty.

    Returns
    -------
    str
        ``a, b and c``.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    return " and ".join(one for one in (", ".join(names[:-1]), *names[-1:]) if one)


def ten_thousands(value: float, gap: str = "") -> str:
    """Write a large number as Chinese and Japanese texts do, in units of ten thousand (万).

    Parameters
    ----------
    value
        Such as an area in square kilometres.
    gap
        What parts the digits from the sign after them.

    Returns
    -------
    str
        To two decimals at most; below ten thousand a whole number.

    Examples
    --------
    >>> ten_thousands(27_440.3), ten_thousands(42_000, " "), ten_thousands(7_854.2, " ")
    ('2.74万', '4.2 万', '7854 ')
    """
    if value < 1e4:
        return f"{value:.0f}{gap}"
    return f"{round(value / 1e4, 2):g}{gap}万"


BOUNDARIES: Final = tr("Boundaries")
SITES: Final = tr("Facilities and firms")
LISTED: Final = tr("List compiled in November 2026")
"""Of when the lists of facilities and firms are."""


def ground(context: Context) -> list[MapLayer]:
    """Return the layers under all others: neighbours, provinces, city borders.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    list of MapLayer
        Lowest first.
    """
    cities = context.layer(named_level(context.region).layer_id)
    return [
        *under(region=context.region),
        polygons(cities.frame, About.of(cities, group=BOUNDARIES), role="outline"),
    ]


def special_area(context: Context, *, shown: bool = True) -> MapLayer:
    """Return the region's special area, with what the layer lacks of it as the caveat.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.
    shown
        Whether it is switched on.

    Returns
    -------
    MapLayer
        One area.
    """
    layer = context.layer(context.region.special_areas[0].layer_id)
    rows = (
        Field("area_km2", tr("Area shown"), "km²", 0),
        Field("published_area_km2", tr("Official area"), "km²", 0),
        Field("shortfall_km2", tr("Missing"), "km²", 0),
    )
    about = About.of(layer, group=BOUNDARIES, shown=shown)
    return polygons(layer.frame, about, role="zone", colour="#7a3b8f", fields=rows)


def city_names(context: Context) -> MapLayer:
    """Return the names of the cities, the larger first where two would collide.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    MapLayer
        Labels at a point inside each city's area.
    """
    layer = context.layer(named_level(context.region).layer_id)
    inside = layer.frame.set_geometry(layer.frame.representative_point())
    title = tr("City names")
    return labels(
        inside, About.of(layer, title=title, group=BOUNDARIES, layer_id="city-names"), strong=True
    )


def county_names(context: Context) -> MapLayer:
    """Return the names of the counties, from the zoom at which there is room.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    MapLayer
        Labels at a point inside each county.
    """
    layer = context.layer(context.region.smallest.layer_id)
    inside = layer.frame.set_geometry(layer.frame.representative_point())
    title = tr("County names")
    about = About.of(layer, title=title, group=BOUNDARIES, layer_id="county-names")
    return labels(inside, about, size=11, from_zoom=9)


AXIS_GROUP: Final = tr("Corridors and axes")
AXIS_COLOURS: Final = {
    "plan-2026": "#b8452f",
    "outline-2015": "#8a7a55",
    "study-coauthorship": "#4f6f8f",
}


def axis_lines(context: Context, *, shown: Sequence[str]) -> list[MapLayer]:
    """Return the drawn axes, one layer an axis set, never mixed.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.
    shown
        Axis sets that are switched on.

    Returns
    -------
    list of MapLayer
        Lines; dashed but for the plan.
    """
    layer = context.layer("axes")
    sets = vocabulary("axis_set")
    rows = [
        Field("axis_set", tr("Drawn in"), words=sets),
        Field("length_km", tr("Length of the schematic line"), "km", 1),
        Field("published_length_km", tr("Published length"), "km", 0),
        Field(
            "n_stated",
            tr("Nodes named in the text"),
            decimals=0,
        ),
        Field(
            "n_schematic",
            tr("Schematic waypoints"),
            decimals=0,
        ),
        Field("source", tr("Source"), words=vocabulary("source")),
    ]
    made = []
    for code, name in sets.items():
        frame = layer.frame[layer.frame.axis_set == code]
        about = About.of(
            layer, title=name, group=AXIS_GROUP, shown=code in shown, layer_id=f"axes-{code}"
        )
        dashed = code != "plan-2026"
        colour = AXIS_COLOURS[code]
        made.append(lines(frame, about, colour=colour, width=3.0, dashed=dashed, fields=rows))
    return made


def fact_source() -> dict[str, Any]:
    """Return the source of the compiled tables, for layers made from them.

    Returns
    -------
    dict
        As in a layer's provenance.
    """
    return source("facts").described()


def rail(
    context: Context, *, shown: bool = True, colour: str = "#8d877d", width: float = 1.1
) -> MapLayer:
    """Return the high-speed lines.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.
    shown
        Whether the layer is switched on.
    colour
        Colour of the lines, as ``#rrggbb``.
    width
        Width of the lines in pixels.

    Returns
    -------
    MapLayer
        Lines through stations.
    """
    layer = context.layer("rail_lines")
    columns = layer.frame[["note_zh", "note", "note_ja"]].dropna()
    notes = {en: Localized(zh=zh, en=en, ja=ja) for zh, en, ja in columns.to_numpy()}
    rows = [
        Field("opened", tr("Opened")),
        Field("design_speed_kmh", tr("Design speed"), "km/h", 0),
        Field("n_stations", tr("Stations listed"), decimals=0),
        Field("note", tr("Note"), words=notes),
    ]
    about = About.of(layer, group=tr("Transport"), shown=shown)
    return lines(layer.frame, about, colour=colour, width=width, fields=rows)
