"""A good map of any layers, with no further word: what ``jjj map`` draws."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError, UnknownIdError
from geo.layers import Text3
from geo.region import BOX
from geo.render.charts import Axis, Chart, Link, chart
from geo.render.choice import (
    is_called_kind,
    is_called_total,
    kind_column,
    measured_column,
    time_of,
)
from geo.render.colouring import Categories
from geo.render.flow_frames import are_flows, flows_of_lines
from geo.render.given import Given, Reading, given
from geo.render.ground import GROUND, city_names, graticule, ground, nearby
from geo.render.known import known_words
from geo.render.labels import labels
from geo.render.layer import About, Field, MapLayer, Text
from geo.render.lines import lines
from geo.render.map import Language, Map
from geo.render.palette import CATEGORY_COLOURS
from geo.render.points import points
from geo.render.polygons import Role, choropleth, polygons
from geo.render.rasters import is_raster, picture
from geo.render.steps import Time
from geo.render.table import fields_of, name_columns, named

__all__ = ["quick_map"]

_LOG = logging.getLogger(__name__)
_QUIET: Final = "#6f7a84"
_MANY_LINES: Final = 200
_FEW_POINTS: Final = 40  # up to here each is written beside its mark
_MOST_CELLS: Final = 500_000  # above it a table has no more than sixteen columns
_KINDS: Final = {
    "Polygon": Text3("面", "areas", "面"),
    "LineString": Text3("线", "lines", "線"),
    "Point": Text3("点", "points", "点"),
}
_UNITS: Final = ("provinces", "prefectures", "counties")
_NAMES: Final = Text3("名称", "Names", "名称")
_TOTALS: Final = Text3(
    "颜色表示总量：单元越大，总量往往越大；比较各地宜用密度、比率或人均值",
    "Coloured by totals, of which large units have more: to compare places use densities, rates "
    "or values per head",
    "色は総量を示す。広い単位や人口の多い単位ほど大きくなりやすく、比較には密度・比率・1人当たりの値が適する",
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
    """Compose a map of layers and files, choosing what was not said.

    Parameters
    ----------
    names
        Ids of shipped layers, or paths. Areas lie below lines and lines below points; of one
        kind the lowest first.
    colour_by
        A column of kinds or numbers, of those layers that have it; a kind has one colour in all of
        them. By default points are coloured by a column of few kinds, and areas of a file by one
        called so or its first column of measured numbers, where there is one; which is logged.
    time
        A column of years or dates, of those layers that have it. By default a column called
        year, date or the like, or one of dates.
    title
        Headline; the names of layers and files by default.
    lang
        Language in which the page opens.
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
    opened = [
        one
        for name in names
        for one in (
            [Given(name, rasters[name][0], rasters[name][1].about)]
            if name in rasters
            else given(name, reading)
        )
    ]
    _require_columns(opened, colour_by, time)
    drawn: list[MapLayer] = []
    charts: list[Chart] = []
    shared = _shared_colours([one.frame for one in opened], colour_by)
    for at, one in enumerate(opened):
        if one.name in rasters:
            drawn.append(rasters[one.name][1])
            continue
        wish = _Wish(colour_by, time, CATEGORY_COLOURS[at % 9], shared)
        made = list(_layers(one, wish))
        if not made:
            msg = f"{one.name}: holds no geometry that can be drawn"
            raise InputError(msg)
        drawn += made
        charts += _kinds_chart(
            one.frame, next(x for x in made[::-1] if x.kind != "label"), colour_by
        )
    across = _box_across_180([one.frame for one in opened])
    made_map = Map(title or _headline(opened), lang=lang, review_number=review, box=across)
    return made_map.add(*_stacked(opened, drawn, across), *charts[:1])


def _require_columns(opened: Sequence[Given], *wanted: str | None) -> None:
    for one in wanted:
        if one is not None and not any(one in each.frame.columns for each in opened):
            known = [str(name) for each in opened for name in each.frame.columns]
            shown = [name for name in dict.fromkeys(known) if name != "geometry"]
            raise UnknownIdError("column", one, shown)


def _headline(opened: Sequence[Given]) -> Text:
    """Join the titles of layers and files; the layers of one file stand under its name."""
    titles = [one.about.title if one.about.group is None else one.about.group for one in opened]
    texts = [one if isinstance(one, Text3) else Text3(one, one, one) for one in titles]
    texts = list(dict.fromkeys(texts))[:4]
    return Text3(
        "、".join(one.zh for one in texts),
        ", ".join(one.en for one in texts),
        "・".join(one.ja for one in texts),
    )


def _stacked(
    opened: Sequence[Given], drawn: Sequence[MapLayer], across: Box | None
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
    around = nearby(box) if "counties" not in ids else []
    cities = [city_names()] if "prefectures" not in ids else []
    own_names = [one for one in drawn if one.kind == "label"]
    shapes = sorted((one for one in drawn if one.kind != "label"), key=_height)
    return [*ground(ids), *around[:1], *shapes, *around[1:], *cities, *own_names]


def _height(layer: MapLayer) -> int:
    """Return where a layer lies: an area upon points would hide them."""
    return ("image", "area", "line", "flow", "point", "label").index(layer.kind)


def _touches(frame: gpd.GeoDataFrame) -> bool:
    region = shapely.box(*BOX)
    shapes = frame.geometry.to_numpy()
    return bool(shapely.intersects(shapes, region).any())


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


@dataclass(frozen=True)
class _Wish:
    """What was asked for, the colour of a layer that has no kinds, and those of shared kinds."""

    colour_by: str | None
    time: str | None
    colour: str
    shared: Mapping[str, str]


def _layers(one: Given, wish: _Wish) -> Iterator[MapLayer]:
    """Draw a frame, one layer a kind of geometry, and names beside points that are few."""
    frame = one.frame
    parts = frame.explode(index_parts=False) if _mixed(frame) else frame
    types = parts.geom_type.str.replace("Multi", "").str.replace("LinearRing", "LineString")
    asked = wish.colour_by if wish.colour_by in frame.columns else None
    column = wish.time if wish.time in frame.columns else None
    moment = time_of(frame, column) if column is not None or wish.time is None else None
    if column is not None and moment is None:
        msg = f"{one.name}: column {column!r} holds no years or dates"
        raise InputError(msg)
    present = [kind for kind in _KINDS if (types == kind).any()]
    placeless = int((frame.geometry.isna() | frame.geometry.is_empty).sum())
    chosen: dict[str, str] = {}
    for kind in present:
        rows = parts[types == kind]
        by = asked or _by_default(kind, rows, moment, strange=one.strange)
        about = one.about if len(present) == 1 else _of_kind(one.about, kind)
        if by is not None and asked is None:
            chosen["colour"] = by
        made = _layer(kind, rows, about, (_colouring(by, wish.shared), wish.colour), moment)
        made.payload["dropped"] += placeless if kind == present[-1] else 0
        yield made
        few = kind == "Point" and len(rows) <= _FEW_POINTS and moment is None
        if one.strange and few and name_columns(rows):
            told = About(_NAMES, {}, group=GROUND, layer_id="names")
            yield labels(rows, told, size=11.5, beside=True)
    if one.strange:
        _tell_choice(one.name, chosen.get("colour"), moment if column is None else None)


def _of_kind(about: About, kind: str) -> About:
    """Tell the layers of one file apart by what they hold."""
    word, title = _KINDS[kind], about.title
    text = title if isinstance(title, Text3) else Text3(title, title, title)
    said = Text3(f"{text.zh}（{word.zh}）", f"{text.en} ({word.en})", f"{text.ja}（{word.ja}）")
    return replace(about, title=said)


def _tell_choice(name: str, colour: str | None, moment: Time | None) -> None:
    """Say which columns were chosen, since none was asked for."""
    parts = [] if colour is None else [f"coloured by {colour!r} (--colour-by)"]
    parts += [] if moment is None else [f"in steps of {moment.column!r} (--time)"]
    if parts:
        _LOG.info("%s: %s", name, ", ".join(parts))


def _by_default(
    kind: str, rows: gpd.GeoDataFrame, moment: Time | None, *, strange: bool
) -> str | None:
    """Choose what colours a layer: kinds of points; of a file, what is called so or measured."""
    if kind == "LineString" and are_flows(rows):
        return None
    apart = [] if moment is None else [moment.column]
    if kind == "Point":
        return kind_column(rows, apart)
    if not strange:
        return None
    kinds = kind_column(rows, apart)
    if kind == "LineString":
        return kinds
    measured = measured_column(rows, apart)
    return kinds if kinds is not None and (measured is None or is_called_kind(kinds)) else measured


def _mixed(frame: gpd.GeoDataFrame) -> bool:
    types = set(frame.geom_type.dropna().str.replace("Multi", ""))
    return len(types) > 1 or "GeometryCollection" in types


def _layer(
    kind: str,
    rows: gpd.GeoDataFrame,
    about: About,
    colouring: tuple[str | Categories | None, str],
    time: Time | None,
) -> MapLayer:
    by, colour = colouring
    column = by.column if isinstance(by, Categories) else by
    first = [one for one in (column, time.column if time is not None else None) if one is not None]
    limit = 100 if len(rows) * len(rows.columns) <= _MOST_CELLS else 16
    fields = fields_of(rows, limit=limit, first=first)
    left = len(rows.columns) - 1 - len(name_columns(rows)) - len(fields)
    if left > 2:  # longitude and latitude are told by the place
        title = about.title.en if isinstance(about.title, Text3) else about.title
        _LOG.warning("%s: %d columns are left out of the page", title, left)
    if kind == "Polygon":
        return _areas(rows, about, (by, colour), fields, time)
    if kind == "LineString" and are_flows(rows):
        return flows_of_lines(rows, about, colour_by=column, time=time)
    if kind == "LineString":
        width, tone = (0.8, _QUIET) if len(rows) > _MANY_LINES else (1.8, colour)
        return lines(rows, about, colour_by=by, colour=tone, width=width, fields=fields, time=time)
    return points(rows, about, colour_by=by, colour=colour, fields=fields, time=time)


def _areas(
    rows: gpd.GeoDataFrame,
    about: About,
    colouring: tuple[str | Categories | None, str],
    fields: Sequence[Field],
    time: Time | None,
) -> MapLayer:
    by, colour = colouring
    if isinstance(by, str) and pd.api.types.is_numeric_dtype(rows[by]):
        if is_called_total(by):
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


def _shared_colours(frames: Sequence[gpd.GeoDataFrame], column: str | None) -> dict[str, str]:
    """Return the colour of each kind of a column that several layers have, the commonest first."""
    found = [frame[column] for frame in frames if column in frame.columns]
    if len(found) < 2 or any(pd.api.types.is_numeric_dtype(one) for one in found):
        return {}
    counts = pd.concat([one.dropna().astype(str) for one in found]).value_counts(sort=False)
    ranked = sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))
    return {str(kind): tone for (kind, _), tone in zip(ranked, CATEGORY_COLOURS, strict=False)}


def _colouring(by: str | None, shared: Mapping[str, str]) -> str | Categories | None:
    return Categories(by, colours=shared) if by is not None and shared else by


def _kinds_chart(
    frame: gpd.GeoDataFrame, layer: MapLayer, colour_by: str | None
) -> Iterator[Chart]:
    """Count the features of each kind, when the colours are kinds and the rows have ids."""
    if colour_by is None or colour_by not in frame.columns or frame.index.name is None:
        return
    if layer.payload["legend"]["kind"] != "categories":
        return
    keys = pd.DataFrame(
        {"kind": frame[colour_by].astype(str).to_numpy(), "key": frame.index.astype(str)}
    )
    counted = keys.groupby("kind", sort=True)["key"].agg([list, "size"]).reset_index()
    counted = counted.sort_values(["size", "kind"], ascending=[False, True]).head(12)
    label: Any = named(colour_by).label
    yield chart(
        "bar",
        counted,
        title=label,
        x=Axis(label, "kind", words=dict(known_words(colour_by, frame[colour_by]))),
        y=Axis(Text3("要素数", "Features", "件数")),
        series={"size": Text3("要素数", "Features", "件数")},
        link=Link(layer.layer_id, "list"),
        colours={"size": CATEGORY_COLOURS[0]},
    )
