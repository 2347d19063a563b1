"""Maps of any layers with automatic choices: what ``jjj map`` draws."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import UnknownIdError
from geo.layers.specs import specs
from geo.region import current_region
from geo.render.any_file.inputs import InputLayer, Reading, read_layers, require_used, source_named
from geo.render.any_file.sheets import (
    Sheet,
    colouring,
    kinds_chart,
    log_losses,
    sheets_of,
    with_colour_columns,
)
from geo.render.colours.colouring import Categories, Classes
from geo.render.colours.palette import distinct_colour
from geo.render.column_roles import is_called_total
from geo.render.drawing.flows import are_flows, flows_of_lines
from geo.render.drawing.labels import labels
from geo.render.drawing.lines import lines
from geo.render.drawing.points import points
from geo.render.drawing.polygons import Role, choropleth, polygons
from geo.render.drawing.rasters import is_raster, picture
from geo.render.drawing.steps import Time
from geo.render.drawing.table import fields_of, name_columns
from geo.render.ground import GROUND, city_names, graticule, ground, named_level, nearby
from geo.render.layer import About, Field, MapLayer, Text
from geo.render.map import Language, Map
from geo.texts import Localized, tr

__all__ = ["quick_map"]

_LOG = logging.getLogger(__name__)
_QUIET: Final = "#6f7a84"
_MANY_LINES: Final = 200
_FEW_POINTS: Final = 40  # up to here each is written beside its mark
_MOST_CELLS: Final = 500_000  # above it a table has no more than sixteen columns
_UNITS: Final = ("provinces", "prefectures", "counties")
_NAMES: Final = tr("Names")
_TOTALS: Final = tr(
    "Coloured by totals, of which large units have more: to compare places use "
    "densities, rates or values per head"
)

Box = tuple[float, float, float, float]


def quick_map(
    names: Sequence[str],
    *,
    colour_by: str | None = None,
    time: str | None = None,
    title: str | None = None,
    lang: Language = "zh",
    review: str | None = None,
    reading: Reading | None = None,
) -> Map:
    """Compose a map of layers and files, with defaults for what is not specified.

    Parameters
    ----------
    names
        Ids of shipped layers, or paths. Areas lie below lines and lines below points; of one
        kind the lowest first.
    colour_by
        A column of kinds or numbers, of those layers that have it; a kind has one colour in all of
        them, and the others are drawn in one colour. By default points are coloured by a column of
        few kinds, and areas of a file by one called so or its first column of measured numbers,
        where there is one; of several layers of points, lines or areas only one, which is logged.
    time
        A column of years or dates, of those layers that have it. By default a column called
        year, date or the like, or one of dates.
    title
        Headline; the names of layers and files by default.
    lang
        Language code of the language in which the page opens: ``zh``, ``en`` or ``ja``.
    review
        审图号 of this map.
    reading
        How tables and files of several layers are read.

    Returns
    -------
    Map
        With the region as its ground where the layers lie in it, else a graticule.

    Raises
    ------
    MissingFileError
        When a name is neither an id nor a file.
    UnknownIdError
        When no layer has the column.
    InputError
        When a file cannot be read, or nothing in it can be drawn.

    Examples
    --------
    >>> [layer.layer_id for layer in quick_map(["stations"]).map_layers]
    ['sea', 'neighbours', 'provinces', 'stations', 'prefectures']
    """
    rasters = {name: picture(name) for name in names if is_raster(name)}
    sources = {name: source_named(name) for name in names if name not in rasters}
    require_used(list(sources.values()), reading or Reading())
    opened = [
        one
        for name in names
        for one in (
            [InputLayer(name, rasters[name][0], rasters[name][1].about)]
            if name in rasters
            else read_layers(sources[name] or name, reading)
        )
    ]
    _require_columns(opened, colour_by, time)
    vectors = [one for one in opened if one.name not in rasters]
    sheets = with_colour_columns(
        [sheet for one in vectors for sheet in sheets_of(one, time)], colour_by
    )
    layers = _coloured(sheets, opened)
    pairs = list(zip(sheets, layers, strict=True))
    for sheet, layer in pairs:
        _remember(sheet, layer)
    for name in rasters:
        rasters[name][1].given = name not in specs().rasters
    log_losses(vectors, [[made for of, made in pairs if of.given is one] for one in vectors])
    for one in opened:
        _log_choice(one, [sheet for sheet in sheets if sheet.given is one], colour_by, time)
    charts = [chart for pair in pairs for chart in kinds_chart(*pair, colour_by)]
    drawn = [
        *(rasters[one.name][1] for one in opened if one.name in rasters),
        *layers,
        *(names for one in sheets for names in _names_beside(one)),
    ]
    across = _box_across_180([one.frame for one in opened])
    made_map = Map(title or _headline(opened), lang=lang, review_number=review, box=across)
    return made_map.add(*_stacked(opened, drawn, across), *charts[:1])


def _require_columns(opened: Sequence[InputLayer], *wanted: str | None) -> None:
    for one in wanted:
        if one is not None and not any(one in each.frame.columns for each in opened):
            known = [str(name) for each in opened for name in each.frame.columns]
            shown = [name for name in dict.fromkeys(known) if name != "geometry"]
            files = ", ".join(dict.fromkeys(Path(each.name).name for each in opened))
            raise UnknownIdError("column", one, shown, of=files)


def _headline(opened: Sequence[InputLayer]) -> Text:
    """Join the titles of layers and files; the layers of one file stand under its name."""
    titles = [one.about.title if one.about.group is None else one.about.group for one in opened]
    texts = [
        one if isinstance(one, Localized) else Localized(zh=one, en=one, ja=one) for one in titles
    ]
    texts = list(dict.fromkeys(texts))[:4]
    return Localized(
        zh="、".join(one.zh for one in texts),
        en=", ".join(one.en for one in texts),
        ja="・".join(one.ja for one in texts),
    )


def _stacked(
    opened: Sequence[InputLayer], drawn: Sequence[MapLayer], across: Box | None
) -> list[MapLayer]:
    """Put what is drawn upon its ground, and the names of places upon it."""
    ids = [one.name for one in opened]
    boxes = np.array([one.bounds for one in drawn if one.bounds is not None])
    if not len(boxes):
        return list(drawn)
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    box = (float(west), float(south), float(east), float(north))
    if not any(_touches(one.frame) for one in opened):
        net, degrees = graticule(across or box)
        return [net, degrees, *sorted(drawn, key=_height)]
    levels = current_region().levels
    around = nearby(box) if levels[0].layer_id not in ids else []
    cities = [] if named_level().layer_id in ids else [city_names()]
    own_names = [one for one in drawn if one.kind == "label"]
    shapes = sorted((one for one in drawn if one.kind != "label"), key=_height)
    return [*ground(ids), *around[:1], *shapes, *around[1:], *cities, *own_names]


def _height(layer: MapLayer) -> int:
    """Return where a layer lies: an area upon points would hide them."""
    return ("image", "area", "line", "flow", "point", "label").index(layer.kind)


def _touches(frame: gpd.GeoDataFrame) -> bool:
    region = current_region()
    shapes = frame.geometry.to_numpy()
    return bool(shapely.intersects(shapes, _ground_of(region.view)).any())


def _ground_of(view: Box) -> shapely.Geometry:
    """Return the box of a region, in two where it crosses 180°."""
    west, south, east, north = view
    if east <= 180:
        return shapely.box(west, south, east, north)
    parts = [(west, south, 180.0, north), (-180.0, south, east - 360.0, north)]
    return shapely.MultiPolygon([shapely.box(*one) for one in parts])


def _box_across_180(frames: Sequence[gpd.GeoDataFrame]) -> Box | None:
    """Return the box of shapes that lie closer together across 180° than the other way around."""
    boxes = np.concatenate([shapely.bounds(one.geometry.to_numpy()) for one in frames])
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes) or np.ptp(boxes[:, [0, 2]]) <= 180 or np.abs(boxes[:, [0, 2]]).max() > 180:
        return None
    turned = np.where(boxes[:, 2] < 0, 360.0, 0.0)
    west, east = boxes[:, 0] + turned, boxes[:, 2] + turned
    if float(east.max() - west.min()) >= 180:
        return None
    return float(west.min()), float(boxes[:, 1].min()), float(east.max()), float(boxes[:, 3].max())


def _coloured(sheets: Sequence[Sheet], opened: Sequence[InputLayer]) -> list[MapLayer]:
    """Draw the sheets: first what has kinds, then in one colour each what has none."""
    colourings = colouring(sheets)
    used: dict[str, list[str]] = {}
    made: dict[int, MapLayer] = {}
    plain_last = sorted(
        range(len(sheets)), key=lambda at: colourings[at] is None and not are_flows(sheets[at].rows)
    )
    for at in plain_last:
        one, mine = sheets[at], used.setdefault(sheets[at].kind, [])
        plain = distinct_colour(mine, next(n for n, each in enumerate(opened) if each is one.given))
        made[at] = _layer(one, colourings[at], plain)
        mine += [item["colour"] for item in made[at].payload["legend"].get("items", [])]
    for at, one in enumerate(sheets):
        if at + 1 == len(sheets) or sheets[at + 1].given is not one.given:
            shapes = one.given.frame.geometry
            made[at].payload["dropped"] += int((shapes.isna() | shapes.is_empty).sum())
    return [made[at] for at in range(len(sheets))]


def _remember(sheet: Sheet, layer: MapLayer) -> None:
    """Keep with a layer what a summary of the map says of it."""
    legend = layer.payload["legend"]["kind"]
    layer.by = sheet.by if legend in ("classes", "categories") else None
    layer.given = sheet.given.account is not None
    account = sheet.given.account
    alone = account is not None and len(sheet.rows) >= account.used
    layer.rows = account.rows if account is not None and alone else len(sheet.rows)


def _names_beside(sheet: Sheet) -> Iterator[MapLayer]:
    """Label the points of a user's file where they are few."""
    few = sheet.kind == "Point" and len(sheet.rows) <= _FEW_POINTS and sheet.moment is None
    if sheet.given.strange and few and name_columns(sheet.rows):
        about = About(_NAMES, {}, group=GROUND, layer_id="names")
        yield labels(sheet.rows, about, size=11.5, beside=True)


def _log_choice(
    one: InputLayer, sheets: Sequence[Sheet], colour_by: str | None, time: str | None
) -> None:
    """Say which columns were chosen, since none was asked for, and what is left in one colour."""
    parts = []
    if one.strange and colour_by is None:
        columns = [sheet.by for sheet in sheets if sheet.by is not None]
        parts += [f"coloured by {column!r} (--colour-by)" for column in columns[-1:]]
    parts += [
        f"in one colour beside {sheet.instead[1]} (--colour-by {sheet.instead[0]} colours it)"
        for sheet in sheets
        if sheet.instead is not None
    ]
    moments = [sheet.moment.column for sheet in sheets if sheet.moment is not None]
    if one.strange and time is None:
        parts += [f"in steps of {column!r} (--time)" for column in moments[:1]]
    if parts:
        _LOG.info("%s: %s", one.name, ", ".join(parts))


def _layer(sheet: Sheet, by: Categories | Classes | None, colour: str) -> MapLayer:
    rows, about, time = sheet.rows, sheet.about, sheet.moment
    first = [
        one for one in (sheet.by, time.column if time is not None else None) if one is not None
    ]
    limit = 100 if len(rows) * len(rows.columns) <= _MOST_CELLS else 16
    fields = fields_of(rows, limit=limit, first=first)
    left = len(rows.columns) - 1 - len(name_columns(rows)) - len(fields)
    if left > 2:  # longitude and latitude are shown by the place
        title = about.title.en if isinstance(about.title, Localized) else about.title
        _LOG.warning("%s: %d columns are left out of the page", title, left)
    if sheet.kind == "Polygon":
        return _areas(rows, about, (by, colour), fields, time)
    if sheet.kind == "LineString" and are_flows(rows):
        return flows_of_lines(rows, about, colour_by=by, time=time)
    if sheet.kind == "LineString":
        width, tone = (0.8, _QUIET) if len(rows) > _MANY_LINES else (1.8, colour)
        return lines(rows, about, colour_by=by, colour=tone, width=width, fields=fields, time=time)
    _log_parts(sheet)
    return points(rows, about, colour_by=by, colour=colour, fields=fields, time=time)


def _log_parts(sheet: Sheet) -> None:
    """Say that a row of several points is as many marks, which the legend counts."""
    counts = shapely.get_num_geometries(sheet.rows.geometry.to_numpy())
    if many := int((counts > 1).sum()):
        _LOG.warning(
            "%s: %s of several points %s drawn as %s points",
            sheet.given.name, *(("1 row", "is") if many == 1 else (f"{many:,} rows", "are")),
            f"{counts[counts > 1].sum():,}",
        )  # fmt: skip


def _areas(
    rows: gpd.GeoDataFrame,
    about: About,
    colouring: tuple[Categories | Classes | None, str],
    fields: Sequence[Field],
    time: Time | None,
) -> MapLayer:
    by, colour = colouring
    if isinstance(by, Classes):
        if is_called_total(by.column):
            about = replace(about, caveats=(*about.caveats, _TOTALS))
        made = choropleth(rows, by, about, fields=fields, time=time)
    else:
        role: Role = "outline" if by is None and about.layer_id in _UNITS else "zone"
        made = polygons(
            rows, about, role=role, colour_by=by, colour=colour, fields=fields, time=time
        )
    if time is not None and rows.geometry.duplicated().any():
        made.payload["time"]["alone"] = True  # one year's areas lie upon another's
    return made
