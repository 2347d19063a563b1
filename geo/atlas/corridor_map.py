"""A user's points on an axis as a map: buffer, points by offset, profile with the nodes' names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.analysis.corridors import membership as corridors
from geo.atlas import base
from geo.atlas.context import Context
from geo.crs import to_analysis, to_storage
from geo.errors import InputError
from geo.render import (
    About,
    Axis,
    Categories,
    Chart,
    Field,
    Link,
    Map,
    MapLayer,
    chart,
    fields_of,
    labels,
    lines,
    points,
    polygons,
)
from geo.render.ground import graticule
from geo.texts import Localized, tr

__all__ = ["corridor_map", "node_marks", "profile_chart", "ribbon", "rows_of", "short_names"]

_COLOUR: Final = "#b8452f"
_SHARES: Final = (0.0, 0.2, 0.5, 1.0)
_BANDS: Final = {"near": "#631645", "middle": "#c23b22", "far": "#f0a04b"}
_REST: Final = {"unknown": "#8a8f94", "outside": "#d2cdc4"}
_COUNTS: Final = {
    "count": tr("inside"),
    "unknown": tr("may be inside"),
}


def corridor_map(
    frame: gpd.GeoDataFrame,
    axes: gpd.GeoDataFrame,
    *,
    about: About,
    width_km: float = corridors.DEFAULT_WIDTH_KM,
    bin_km: float = 10.0,
    context: Context | None = None,
) -> Map:
    """Compose the map of points measured against one axis, or against the nearest of several.

    Parameters
    ----------
    frame
        Features as points in ``STORAGE_CRS``.
    axes
        Lines in equal-area metres, indexed by ``axis_id``.
    about
        Title, provenance and caveats of the points.
    width_km
        Distance from the axis to the edge of the corridor in kilometres, on each side.
    bin_km
        Stretch of the charts; each axis counts the points in its own corridor.
    context
        The shared layers; those of the current region by default, which are drawn only where the
        axes lie in it.

    Returns
    -------
    Map
        Ribbon, axis and points coloured by offset, a chart an axis linked to the points.

    Raises
    ------
    InputError
        When a shape is no point, no point has a position, or an axis has no length.
    """
    context, metric = context or Context(), to_analysis(frame, axes.crs)
    here = axes.crs == context.region.crs
    measured = corridors.measure(metric, axes, width_km=width_km)
    if not measured.offset_km.notna().any():
        msg = "no point has a position: there is nothing to draw"
        raise InputError(msg)
    names = {axis_id: _name(axes, axis_id) for axis_id in axes.index}
    headline = Localized(
        zh="、".join(one.zh for one in names.values()),
        en=" and ".join(one.en for one in names.values()),
        ja="・".join(one.ja for one in names.values()),
    )
    box = to_storage(axes.buffer(width_km * 1000.0)).total_bounds.tolist()
    finding = _finding(measured, headline, width_km)
    made = Map(headline, finding=finding, kicker=about.title, box=tuple(box))
    made.add(*(base.ground(context) if here else graticule(_around(box))))
    if here and context.region.special_areas:
        made.add(base.special_area(context))
    for axis_id, name in names.items():
        title = tr("{name}, {width_km:g} km to each side", name=name, width_km=width_km)
        described = About(title, group=base.AXIS_GROUP, layer_id=f"ribbon-{axis_id}")
        made.add(ribbon(axes.loc[[axis_id]], width_km, described, colour=_COLOUR))
    made.add(_axis_lines(context, axes), _members(frame, measured, about, width_km))
    if here and context.has("plan_nodes"):
        made.add(_node_names(context, axes))
    if here:
        made.add(base.city_names(context))
    for axis_id, name in names.items():
        axis = axes.loc[[axis_id]]
        own = corridors.measure(metric, axis, width_km=width_km)
        table = corridors.profile(own, axis, width_km=width_km, bin_km=bin_km)
        table = table.assign(keys=rows_of(table, own), middle_km=(table.from_km + table.to_km) / 2)
        link = Link("points", "keys")
        marks = here and context.has("plan_nodes")
        named = node_marks(axis, context.metric("plan_nodes")) if marks else []
        made.add(profile_chart(table, name, series=_COUNTS, marks=named, link=link))
    return made


def _around(box: list[float]) -> tuple[float, float, float, float]:
    west, south, east, north = box
    return (west, south, east, north)


def _name(axes: gpd.GeoDataFrame, axis_id: str) -> Localized:
    row = axes.loc[axis_id]
    found = [row.get(f"name_{language}") for language in ("zh", "en", "ja")]
    return Localized.of(*(str(axis_id) if pd.isna(one) else str(one) for one in found))


def _axis_lines(context: Context, axes: gpd.GeoDataFrame) -> MapLayer:
    """Draw the axes; shipped ones with their sources and caveats."""
    title = tr("Axis")
    about = About(title)
    if context.has("axes"):
        layer = context.layer("axes")
        if set(axes.index) <= set(layer.frame.index):
            about = About.of(layer, title=title)
    return lines(to_storage(axes), replace(about, group=base.AXIS_GROUP), colour=_COLOUR, width=3.0)


def _node_names(context: Context, axes: gpd.GeoDataFrame) -> MapLayer:
    nodes, layer = context.metric("plan_nodes"), context.layer("plan_nodes")
    found = [corridors.milestones(axes.loc[[one]], nodes).index for one in axes.index]
    met = nodes.index.isin(np.concatenate(found))
    about = About.of(layer, group=base.AXIS_GROUP, layer_id="node-names")
    return labels(layer.frame[met], about, size=11, beside=True)


def _finding(measured: pd.DataFrame, axis: Localized, width_km: float) -> Localized:
    found = corridors.share_inside(measured)
    inside, unknown = int(found.inside), int(found.unknown)
    placed, width = inside + unknown + int(found.outside), f"{width_km:g}"
    share = f"{found.share_low:.0%}" + (f"–{found.share_high:.0%}" if unknown else "")
    return tr(
        "{inside} of {placed} points ({share}) lie within {width} km of {axis}; for "
        "{unknown} more it cannot be told.",
        inside=inside,
        placed=placed,
        share=share,
        width=width,
        axis=axis,
        unknown=unknown,
    )


def _members(
    frame: gpd.GeoDataFrame, measured: pd.DataFrame, about: About, width_km: float
) -> MapLayer:
    edges = [share * width_km for share in _SHARES]
    near, middle, far = (f"{edge:g}" for edge in edges[1:])
    names = {
        "near": tr("within {near} km", near=near),
        "middle": tr("{near} to {middle} km", near=near, middle=middle),
        "far": tr("{middle} to {far} km", middle=middle, far=far),
        "unknown": tr("cannot be told"),
        "outside": tr("outside"),
    }
    offset = measured.offset_km.clip(upper=width_km)
    band = pd.cut(offset, edges, labels=list(_BANDS), include_lowest=True).astype(object)
    band = band.mask(measured.inside.isna(), "unknown").mask(
        measured.inside.eq(other=False).fillna(value=False), "outside"
    )
    shown = frame.assign(band=band, chainage_km=measured.chainage_km, offset_km=measured.offset_km)
    shown.index = pd.Index([str(one) for one in frame.index], name="row")
    rows = [
        Field("chainage_km", tr("Chainage"), "km", 1),
        Field("offset_km", tr("Offset"), "km", 1),
        *(one for one in fields_of(frame) if one.column not in ("chainage_km", "offset_km")),
    ]
    title = tr("Offset from the axis")
    by = Categories("band", names, _BANDS | _REST, title)
    described = replace(about, group=base.SITES, layer_id="points")
    return points(shown, described, colour_by=by, fields=rows)


def ribbon(axis: gpd.GeoDataFrame, width_km: float, about: About, *, colour: str) -> MapLayer:
    """Draw the buffer of one axis, with its exact area.

    Parameters
    ----------
    axis
        One line in equal-area metres, indexed by ``axis_id``.
    width_km
        Distance from the axis to the edge of the buffer in kilometres, on each side.
    about
        Title, provenance and group of the layer.
    colour
        Fill colour of the buffer, as ``#rrggbb``.

    Returns
    -------
    MapLayer
        One area.
    """
    area = corridors.ribbon_area_km2(axis, width_km)
    shape = corridors.ribbon_polygon(axis, width_km)
    names = [one for one in ("name_zh", "name_en", "name_ja") if one in axis.columns]
    frame = gpd.GeoDataFrame(axis[names].assign(area_km2=area), geometry=[shape], crs=axis.crs)
    rows = [Field("area_km2", tr("Area"), "km²", 0)]
    return polygons(to_storage(frame), about, role="zone", colour=colour, fields=rows)


def rows_of(profile: pd.DataFrame, measured: pd.DataFrame) -> "pd.Series[Any]":
    """List the points inside each stretch of a profile, for the link from chart to map.

    Parameters
    ----------
    profile
        ``from_km`` and ``to_km`` of the stretches of one axis.
    measured
        Points measured against that axis, as ``membership.measure`` returns them.

    Returns
    -------
    Series
        Lists of index values as text, aligned to ``profile``.

    Examples
    --------
    >>> stretches = pd.DataFrame({"from_km": [0.0, 10.0], "to_km": [10.0, 20.0]})
    >>> measured = pd.DataFrame({"chainage_km": [10.0, 20.0, 3.0],
    ...     "inside": pd.array([True, True, None], dtype="boolean")})
    >>> rows_of(stretches, measured).tolist()
    [[], ['0', '1']]
    """
    inside = measured[measured.inside.fillna(value=False).astype(bool)]
    at = np.searchsorted(profile.from_km, inside.chainage_km, side="right") - 1
    keys = [[str(one) for one in inside.index[at == stretch]] for stretch in range(len(profile))]
    return pd.Series(keys, index=profile.index, dtype=object)


_SAID_BY_THE_MAP: Final = (
    r"\s*[(（].*[)）]|(?: Municipal People's Government| Railway Station|市人民政府)$"
)
"""What a node's name can do without beside its axis."""
_LONG: Final = 28


def short_names(names: "pd.Series[str]") -> "pd.Series[str]":
    """Shorten names of nodes for a chart: without what the map states, or the form in brackets.

    Parameters
    ----------
    names
        Names of the axis nodes.

    Returns
    -------
    Series
        Aligned to ``names``.

    Examples
    --------
    >>> short_names(pd.Series(["Wuqing Railway Station", "Tianjin core (Xiaobailou)"])).tolist()
    ['Wuqing', 'Tianjin core']
    """
    bracketed = names.str.extract(r"[(（](.*)[)）]", expand=False)
    short = names.str.replace(_SAID_BY_THE_MAP, "", regex=True)
    found: pd.Series[str] = short.where((short.str.len() <= _LONG) | bracketed.isna(), bracketed)
    return found


def node_marks(axis: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame) -> list[tuple[float, Localized]]:
    """Return the named nodes on an axis with their chainage, for a chart.

    Parameters
    ----------
    axis
        One line in equal-area metres, indexed by ``axis_id``.
    nodes
        Points in equal-area metres with names.

    Returns
    -------
    list of (float, Localized)
        In order of chainage, in kilometres; names are short.
    """
    found = corridors.milestones(axis, nodes)
    names = [short_names(found[f"name_{language}"]) for language in ("zh", "en", "ja")]
    labels = zip(*names, strict=True)
    return [(at, Localized.of(*name)) for at, name in zip(found.chainage_km, labels, strict=True)]


def profile_chart(
    table: pd.DataFrame,
    name: Localized,
    *,
    series: Mapping[str, Localized],
    marks: Sequence[tuple[float, Localized]],
    link: Link,
    colours: Mapping[str, str] | None = None,
    note: Localized | None = None,
) -> Chart:
    """Draw counts along an axis, its nodes named above.

    Parameters
    ----------
    table
        ``from_km``, ``to_km``, ``middle_km`` and the series.
    name
        Name of the axis, in three languages.
    series
        Columns, and what they are called.
    marks
        Chainage in kilometres and name of each node, as ``node_marks`` returns them.
    link
        Features that belong to each stretch, for the link from chart to map.
    colours
        Colour of each series by column; None takes the palette's.
    note
        Text below the chart; None for no text.

    Returns
    -------
    Chart
        For ``geo.render.Map.add``.
    """
    length = f"{table.to_km.iloc[0] - table.from_km.iloc[0]:g}"
    return chart(
        "bar",
        table,
        title=tr("{name}: along the line", name=name),
        x=Axis(
            tr("Chainage"),
            "middle_km",
            "km",
            0,
            marks=marks,
            ends=("from_km", "to_km"),
        ),
        y=Axis(tr("Sites per {length} km", length=length)),
        series=series,
        colours=colours or {"count": "#1f78b4", "unknown": "#b5c9da"},
        link=link,
        note=note,
    )
