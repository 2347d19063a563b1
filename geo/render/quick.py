"""A good map of any layers, with no further word: what ``jjj map`` draws."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import layers as shipped
from geo.errors import InputError, UnknownIdError
from geo.layers import Text3
from geo.region import BOX
from geo.render.charts import Axis, Chart, Link, chart
from geo.render.colouring import Categories
from geo.render.flow_frames import are_flows, flows_of_lines
from geo.render.labels import labels
from geo.render.layer import About, MapLayer, Text
from geo.render.lines import lines
from geo.render.map import Language, Map
from geo.render.palette import CATEGORY_COLOURS
from geo.render.points import points
from geo.render.polygons import Role, choropleth, polygons
from geo.render.rasters import is_raster, picture
from geo.render.stated import about_named
from geo.render.steps import Time
from geo.render.table import fields_of, named
from geo.tables import open_layer

__all__ = ["quick_map"]

_GROUND: Final = Text3("底图", "Ground", "背景")
_PLACES: Final = Text3("城市名", "City names", "都市名")
_COUNTIES: Final = Text3("区县名", "County names", "区県名")
_CLOSE: Final = 1.0  # degrees: below it a map shows no border of a province
_QUIET: Final = "#6f7a84"
_MANY_LINES: Final = 200
_KINDS: Final = ("Polygon", "LineString", "Point")
_TIMES: Final = (
    "year",
    "年份",
    "年度",
    "date",
    "日期",
    "opened",
    "founded_or_listed",
    "status_year",
)
_KIND_COLUMNS: Final = (
    "category",
    "industry",
    "kind",
    "type",
    "类别",
    "类型",
    "行业",
    "产业",
    "分类",
)
_NO_CLASS: Final = ("lon", "lat", "lng", "longitude", "latitude", "x", "y", "经度", "纬度")


def quick_map(
    names: Sequence[str],
    *,
    colour_by: str | None = None,
    time: str | None = None,
    title: str | None = None,
    lang: Language = "zh",
    review: str | None = None,
) -> Map:
    """Compose a map of layers and files, choosing what was not said.

    Parameters
    ----------
    names
        Ids of shipped layers, or paths; the lowest first.
    colour_by
        A column of kinds or numbers, of those layers that have it; a kind has one colour in all of
        them. By default points are coloured by a column of few kinds, and areas of a file by its
        first column of measured numbers, where there is one.
    time
        A column of years or dates, of those layers that have it. By default a column called
        year, date or the like.
    title
        Headline; the layers' names by default.
    lang
        Language in which the page opens.
    review
        审图号 of this map.

    Returns
    -------
    Map
        With the region as its ground where the layers lie in it.

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
    frames = [(name, rasters[name][0] if name in rasters else open_layer(name)) for name in names]
    for wanted in (colour_by, time):
        if wanted is not None and not any(wanted in frame.columns for _, frame in frames):
            raise UnknownIdError("column", wanted, _columns(frames))
    abouts = [rasters[name][1].about if name in rasters else about_named(name) for name in names]
    drawn: list[MapLayer] = []
    charts: list[Chart] = []
    shared = _shared_colours([frame for _, frame in frames], colour_by)
    for at, ((name, frame), about) in enumerate(zip(frames, abouts, strict=True)):
        if name in rasters:
            drawn.append(rasters[name][1])
            continue
        made = list(_layers(frame, about, _Wish(colour_by, time, CATEGORY_COLOURS[at % 9], shared)))
        if not made:
            msg = f"{name}: holds no geometry that can be drawn"
            raise InputError(msg)
        drawn += made
        charts += _kinds_chart(frame, made[-1], colour_by)
    headline: Text = title if title is not None else _joined([one.title for one in abouts])
    made_map = Map(headline, lang=lang, review_number=review)
    in_region = any(_touches(frame) for _, frame in frames)
    ids = [str(name) for name in names]
    if in_region:
        made_map.add(*ground(ids))
    nearby = _nearby(drawn) if in_region and "counties" not in ids else []
    made_map.add(*nearby[:1], *drawn, *charts[:1], *nearby[1:])
    if in_region and "prefectures" not in ids:
        made_map.add(_city_names())
    return made_map


def _nearby(drawn: Sequence[MapLayer]) -> list[MapLayer]:
    """Return borders and names of the counties around layers that lie close together."""
    boxes = np.array([one.bounds for one in drawn if one.bounds is not None])
    if not len(boxes):
        return []
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    if max(east - west, north - south) > _CLOSE:
        return []
    around = shapely.box(west - _CLOSE, south - _CLOSE, east + _CLOSE, north + _CLOSE)
    layer = shipped.load("counties")
    frame = layer.frame[layer.frame.intersects(around)]
    inside = frame.set_geometry(frame.representative_point())
    return [
        polygons(frame, About.of(layer, group=_GROUND), role="land"),
        labels(inside, About.of(layer, title=_COUNTIES, group=_GROUND), size=11, from_zoom=9),
    ]


def _columns(frames: Sequence[tuple[str, gpd.GeoDataFrame]]) -> list[str]:
    found = [str(one) for _, frame in frames for one in frame.columns]
    return [one for one in dict.fromkeys(found) if one != "geometry"]


def _joined(titles: Sequence[Text]) -> Text:
    texts = [one if isinstance(one, Text3) else Text3(one, one, one) for one in titles[:4]]
    return Text3(
        "、".join(one.zh for one in texts),
        ", ".join(one.en for one in texts),
        "・".join(one.ja for one in texts),
    )


def _touches(frame: gpd.GeoDataFrame) -> bool:
    region = shapely.box(*BOX)
    shapes = frame.geometry.to_numpy()
    return bool(shapely.intersects(shapes, region).any())


_GROUND_ROLES: Final[dict[str, Role]] = {
    "sea": "sea",
    "neighbours": "neighbour",
    "provinces": "land",
}


def ground(names: Sequence[str] = ()) -> list[MapLayer]:
    """Return the layers under all others, which need no network: sea, neighbours, provinces.

    Parameters
    ----------
    names
        Layers that the map has anyway; they are left out.

    Returns
    -------
    list of MapLayer
        Lowest first.

    Examples
    --------
    >>> [layer.layer_id for layer in ground(["provinces"])]
    ['sea', 'neighbours']
    """
    return [
        polygons((layer := shipped.load(one)).frame, About.of(layer, group=_GROUND), role=role)
        for one, role in _GROUND_ROLES.items()
        if one not in names
    ]


def _city_names() -> MapLayer:
    layer = shipped.load("prefectures")
    about = About.of(layer, title=_PLACES, group=_GROUND)
    return labels(layer.frame, about, weight="area_km2", strong=True)


_NUMBERING: Final = re.compile(
    r"(?:^|_)(?:id|fid|objectid|code|adcode|no|index|gid)$|编号|编码|代码|序号"
)


@dataclass(frozen=True)
class _Wish:
    """What was asked for, the colour of a layer that has no kinds, and those of shared kinds."""

    colour_by: str | None
    time: str | None
    colour: str
    shared: Mapping[str, str]


def _layers(frame: gpd.GeoDataFrame, about: About, wish: _Wish) -> Iterator[MapLayer]:
    """Draw a frame, one layer a kind of geometry."""
    parts = frame.explode(index_parts=False) if _mixed(frame) else frame
    types = parts.geom_type.str.replace("Multi", "").str.replace("LinearRing", "LineString")
    by = wish.colour_by if wish.colour_by in frame.columns else None
    column = wish.time if wish.time in frame.columns else None
    if wish.time is None:
        column = _first(frame, _TIMES)
    moment = _time(frame, column)
    for kind in _KINDS:
        rows = parts[types == kind]
        if len(rows):
            yield _layer(kind, rows, about, (_colouring(by, wish.shared), wish.colour), moment)


def _mixed(frame: gpd.GeoDataFrame) -> bool:
    types = set(frame.geom_type.dropna().str.replace("Multi", ""))
    return len(types) > 1 or "GeometryCollection" in types


def _time(frame: gpd.GeoDataFrame, column: str | None) -> Time | None:
    """Return how a column is time: what opened stays, other years stand for themselves."""
    if column is None:
        return None
    years = frame[column].dropna().astype(str).str.contains(r"(?<!\d)[12]\d{3}(?!\d)")
    if not years.any():
        return None
    lasting = column in ("opened", "founded_or_listed", "status_year")
    return Time(column, mode="until" if lasting else "at")


def _layer(
    kind: str,
    rows: gpd.GeoDataFrame,
    about: About,
    colouring: tuple[str | Categories | None, str],
    time: Time | None,
) -> MapLayer:
    fields = fields_of(rows)
    by, colour = colouring
    if kind == "Polygon":
        measured = by if isinstance(by, str) else None
        if by is None and about.provenance is None:
            measured = _measured_column(rows)
        if measured is not None and pd.api.types.is_numeric_dtype(rows[measured]):
            return choropleth(rows, measured, about, fields=fields, time=time)
        return polygons(rows, about, colour_by=by, colour=colour, fields=fields, time=time)
    if kind == "LineString" and are_flows(rows):
        column = by.column if isinstance(by, Categories) else by
        return flows_of_lines(rows, about, colour_by=column, time=time)
    if kind == "LineString":
        width, tone = (0.8, _QUIET) if len(rows) > _MANY_LINES else (1.8, colour)
        return lines(rows, about, colour_by=by, colour=tone, width=width, fields=fields, time=time)
    kinds = by if by is not None else _kind_column(rows)
    return points(rows, about, colour_by=kinds, colour=colour, fields=fields, time=time)


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


def _measured_column(frame: gpd.GeoDataFrame) -> str | None:
    """Choose the first column of numbers that measure something: no code, no number of a row."""
    for column in frame.columns:
        name = str(column).strip().lower()
        if (
            column == frame.geometry.name
            or name in {*_NO_CLASS, *_TIMES}
            or _NUMBERING.search(name)
        ):
            continue
        if not pd.api.types.is_numeric_dtype(frame[column]) or pd.api.types.is_bool_dtype(
            frame[column]
        ):
            continue
        values = frame[column].to_numpy(dtype=float, na_value=np.nan)
        values = values[np.isfinite(values)]
        if len(np.unique(values)) >= 3 and not (len(values) > 1 and (np.diff(values) == 1).all()):
            return str(column)
    return None


def _first(frame: gpd.GeoDataFrame, wanted: Sequence[str]) -> str | None:
    lower = {str(one).strip().lower(): str(one) for one in frame.columns}
    return next((lower[one] for one in wanted if one in lower), None)


def _kind_column(frame: gpd.GeoDataFrame) -> str | None:
    """Choose a column of two to twenty kinds: one called so, else the first of text."""
    texts = [
        str(one)
        for one in frame.columns
        if one != frame.geometry.name
        and str(one).lower() not in _NO_CLASS
        and pd.api.types.is_string_dtype(frame[one])
    ]
    named_so = [one for one in texts if one.strip().lower() in _KIND_COLUMNS]
    for column in [*named_so, *texts]:
        n = frame[column].nunique()
        if 2 <= n <= 20 and n < len(frame) / 2:
            return column
    return None


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
        x=Axis(label, "kind"),
        y=Axis(Text3("要素数", "Features", "件数")),
        series={"size": Text3("要素数", "Features", "件数")},
        link=Link(layer.layer_id, "list"),
        colours={"size": CATEGORY_COLOURS[0]},
    )
