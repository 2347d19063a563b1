"""Corridors: who lies on which axis, where along it and how far off."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.corridors import membership as corridors
from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.corridor_map import profile_chart, ribbon, rows_of, short_names, signs
from geo.crs import to_analysis, to_storage
from geo.layers import Text3, vocabulary
from geo.render import (
    About,
    Categories,
    Chart,
    Field,
    Link,
    Map,
    MapLayer,
    Note,
    labels,
    note,
    points,
)

__all__ = ["PAGE", "WIDTH_KM", "measured"]

WIDTH_KM: Final = 10.0
BIN_KM: Final = 10.0
_DECIMALS: Final = 6  # of a kilometre, as jjj corridor writes
_BOX: Final = (115.4, 38.6, 118.4, 40.7)
SHOWN: Final = ("plan-jingjin", "plan-jingxiong")
AXES: Final = (*SHOWN, "study-main", "study-secondary")
TITLE: Final = Text3("走廊上有什么", "What lies on the corridors", "回廊には何があるか")


def measured(context: Context) -> pd.DataFrame:
    """Measure every facility and firm against every axis of the page.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        One row a site and axis, with kind (facility or firm), id and names, and what
        ``geo.analysis.corridors.membership.measure`` gives; exactly what ``jjj corridor`` writes.
    """
    sites = _sites(context)
    axes = context.metric("axes")
    parts = []
    for axis_id in AXES:
        found = corridors.measure(sites, axes.loc[[axis_id]], width_km=WIDTH_KM)
        parts.append(pd.concat([sites.drop(columns="geometry"), found.round(_DECIMALS)], axis=1))
    every: pd.DataFrame = pd.concat(parts).rename_axis("site_id")
    return every.reset_index()


def _sites(context: Context) -> gpd.GeoDataFrame:
    facilities = context.sites().assign(kind="facility")
    firms = context.present_firms().assign(kind="firm", category="firm")
    columns = ["kind", "category", "name_zh", "name_en", "city", "position_accuracy_m", "geometry"]
    both = gpd.GeoDataFrame(pd.concat([facilities[columns], firms[columns]]), crs=facilities.crs)
    return to_analysis(both, context.region.crs)


def compose(context: Context) -> Built:
    """Compose the page.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Built
        Map with one profile an axis, finding and tables.
    """
    table = measured(context)
    profiles = {axis_id: _profile(context, table, axis_id) for axis_id in AXES}
    finding, caveat = _finding(table), _caveat(context)
    made = Map(TITLE, finding=finding, caveats=[caveat], kicker=base.LISTED, box=_BOX)
    made.add(*base.ground(context), base.special_area(context), base.rail(context, shown=False))
    made.add(*(_ribbon(context, axis_id) for axis_id in reversed(AXES)))
    made.add(
        *base.axis_lines(context, shown=["plan-2026"]),
        *(_members(context, table, axis_id) for axis_id in reversed(AXES)),
    )
    made.add(_node_names(context), base.city_names(context))
    made.add(*(_chart(context, profiles[axis_id], axis_id) for axis_id in AXES))
    made.add(*_notes(context, profiles))
    every = pd.concat(profiles.values()).drop(columns="sites")
    return Built(made, finding, caveat, {"sites": table, "profile": every}, base.LISTED)


def _name(context: Context, axis_id: str) -> Text3:
    return context.names("axes")[axis_id]


def _profile(context: Context, table: pd.DataFrame, axis_id: str) -> pd.DataFrame:
    """Return facilities and firms known to be inside, by stretches of 10 km."""
    own = table[table.axis_id == axis_id].set_index("site_id")
    axis = context.metric("axes").loc[[axis_id]]
    land = context.metric("provinces")
    nodes = corridors.milestones(axis, context.metric("plan_nodes"))
    both = {
        kind: corridors.profile(
            own[own.kind == kind], axis, width_km=WIDTH_KM, bin_km=BIN_KM, land=land, nodes=nodes
        )
        for kind in ("facility", "firm")
    }
    found = both["facility"].drop(columns=["count", "unknown", "per_km2"]).assign(axis_id=axis_id)
    return found.assign(
        facilities=both["facility"]["count"],
        firms_unknown=both["firm"].unknown,
        facilities_unknown=both["facility"].unknown,
        firms=both["firm"]["count"],
        middle_km=(found.from_km + found.to_km) / 2,
        sites=rows_of(found, own),
    )


def _finding(table: pd.DataFrame) -> Text3:
    own = table[(table.axis_id == "plan-jingjin") & (table.kind == "facility")]
    inside, total = int(own.inside.fillna(value=False).sum()), len(own)
    unsure = int(own.inside.isna().sum())
    return Text3(
        f"清单中的 {total} 处设施，有 {inside} 处（{inside / total:.0%}）位于京津走廊两侧 {WIDTH_KM:.0f} 公里以内，"
        f"另有 {unsure} 处离边缘太近，无法判定。",
        f"Of {total} listed facilities, {inside} ({inside / total:.0%}) lie within {WIDTH_KM:.0f} km of "
        f"the Beijing–Tianjin Corridor; {unsure} more are too close to its edge to tell.",
        f"掲載施設{total}か所のうち{inside}か所（{inside / total:.0%}）が京津回廊の両側{WIDTH_KM:.0f} km"
        f"以内にあり、ほかに{unsure}か所は境目に近く判定できない。",
    )


def _notes(context: Context, profiles: dict[str, pd.DataFrame]) -> list[Note]:
    """Point at the fullest stretch of the first corridor and the longest empty one of the second."""
    full, empty = (profiles[axis_id] for axis_id in SHOWN)
    top = full.iloc[int((full.facilities + full.firms).to_numpy().argmax())]
    span = Text3(*(f"{top.from_km:.0f}{dash}{top.to_km:.0f}" for dash in ("—", "–", "～")))
    most = Text3(
        f"{span.zh} 公里处最密：设施 {top.facilities} 处，企业 {top.firms} 家",
        f"Densest at km {span.en}: {top.facilities} facilities, {top.firms} firms",
        f"{span.ja} kmが最も密：施設{top.facilities}か所、企業{top.firms}社",
    )
    n = top.facilities + top.firms
    short = Text3(f"最密处：{n}", f"Densest: {n}", f"最密：{n}")
    made = [_at(context, SHOWN[0], top.middle_km, most, short)]
    gap = _longest_gap(empty)
    if gap is not None:
        start, end = gap
        none = Text3(
            f"{start:.0f}—{end:.0f} 公里：清单中没有设施",
            f"Km {start:.0f}–{end:.0f}: no listed facility",
            f"{start:.0f}～{end:.0f} km：掲載施設なし",
        )
        short = Text3("无设施", "No facility", "施設なし")
        made.append(_at(context, SHOWN[1], (start + end) / 2, none, short))
    return made


def _longest_gap(profile: pd.DataFrame) -> tuple[float, float] | None:
    """Return first and last kilometre of the longest run of stretches in which no facility can lie."""
    none = profile.facilities + profile.facilities_unknown == 0
    runs = profile[none].groupby((~none).cumsum()[none])
    spans = [(float(run.from_km.iloc[0]), float(run.to_km.iloc[-1])) for _, run in runs]
    return max(spans, key=lambda one: one[1] - one[0], default=None)


def _at(context: Context, axis_id: str, km: float, text: Text3, short: Text3) -> Note:
    line = context.metric("axes").geometry[axis_id]
    spot = to_storage(gpd.GeoSeries([line.interpolate(km * 1000)], crs=context.region.crs)).iloc[0]
    return note(text, spot.x, spot.y, short=short)


def _caveat(context: Context) -> Text3:
    firms = context.present_firms()
    placed = int(firms.has_site.sum())
    axis = context.frame("axes").loc["plan-jingjin"]
    drawn, published = f"{axis.length_km:.0f}", f"{axis.published_length_km:.0f}"
    return Text3(
        f"走廊线为示意，长 {drawn} 公里，公布长度约 {published} 公里。{len(firms)} 家企业中仅 {placed} 家有确切地址，"
        "其余只在位置足以确定时才判定在内或在外。",
        f"The line is schematic: {drawn} km long, against about {published} km published. Only "
        f"{placed} of {len(firms)} firms have a known site; the others count as inside or outside only "
        "where their district leaves no doubt.",
        f"回廊の線は模式図で長さ{drawn} km、公表値は約{published} km。企業{len(firms)}社のうち所在地点が"
        f"分かるのは{placed}社のみで、他は確実な場合に限り内外を判定した。",
    )


def _ribbon(context: Context, axis_id: str) -> MapLayer:
    name = _name(context, axis_id)
    km = f"{WIDTH_KM:.0f}"
    title = Text3(
        f"{name.zh}（两侧各 {km} 公里）",
        f"{name.en}, {km} km to each side",
        f"{name.ja}（両側{km} km）",
    )
    about = About.of(
        context.layer("axes"),
        title=title,
        group=base.AXIS_GROUP,
        shown=axis_id in SHOWN,
        layer_id=f"ribbon-{axis_id}",
    )
    colour = base.AXIS_COLOURS[context.frame("axes").axis_set[axis_id]]
    return ribbon(context.metric("axes").loc[[axis_id]], WIDTH_KM, about, colour=colour)


_BANDS_KM: Final = (0.0, 2.0, 5.0, WIDTH_KM)
_BAND_NAMES: Final = {
    "near": Text3("2 公里以内", "within 2 km", "2 km以内"),
    "middle": Text3("2—5 公里", "2 to 5 km", "2～5 km"),
    "far": Text3("5—10 公里", "5 to 10 km", "5～10 km"),
}
_BAND_COLOURS: Final = {"near": "#631645", "middle": "#c23b22", "far": "#f0a04b"}


def _members(context: Context, table: pd.DataFrame, axis_id: str) -> MapLayer:
    own = table[(table.axis_id == axis_id) & table.inside.fillna(value=False)].set_index("site_id")
    sites = to_storage(_sites(context)).loc[own.index]
    kinds = vocabulary("category") | {"firm": Text3("企业", "Firm", "企業")}
    bands = pd.cut(own.offset_km, _BANDS_KM, labels=list(_BAND_NAMES), include_lowest=True)
    frame = gpd.GeoDataFrame(
        own.assign(band=bands.astype(str)), geometry=sites.geometry, crs=sites.crs
    )
    name, km = _name(context, axis_id), f"{WIDTH_KM:.0f}"
    title = Text3(
        f"{name.zh}两侧 {km} 公里内的点位",
        f"{name.en}: sites within {km} km",
        f"{name.ja}から{km} km以内の地点",
    )
    by = Categories(
        "band", _BAND_NAMES, _BAND_COLOURS, Text3("偏距", "Offset from the axis", "軸からの偏距")
    )
    rows = [
        Field("category", Text3("类别", "Kind", "種別"), words=kinds),
        Field("chainage_km", Text3("里程", "Chainage", "里程"), "km", 1),
        Field("offset_km", Text3("偏距", "Offset", "偏距"), "km", 1),
        Field("position_accuracy_m", Text3("位置精度", "Accurate to", "位置精度"), "m", 0),
    ]
    about = About.of(
        context.layer("facilities"),
        title=title,
        group=base.SITES,
        shown=axis_id in SHOWN,
        layer_id=f"members-{axis_id}",
    )
    return points(frame, about, colour_by=by, fields=rows)


def _node_names(context: Context) -> MapLayer:
    layer = context.layer("plan_nodes")
    frame = layer.frame[layer.frame.axis_sets.str.contains("plan-2026")]
    names = [f"name_{language}" for language in ("zh", "en", "ja")]
    frame = frame.assign(**{one: short_names(frame[one]) for one in names})
    return labels(
        frame, About.of(layer, group=base.AXIS_GROUP, layer_id="node-names"), size=11, beside=True
    )


def _chart(context: Context, profile: pd.DataFrame, axis_id: str) -> Chart:
    return profile_chart(
        profile,
        _name(context, axis_id),
        series={
            "facilities": Text3("设施", "Facilities", "施設"),
            "firms": Text3("企业", "Firms", "企業"),
        },
        marks=signs(context.metric("axes").loc[[axis_id]], context.metric("plan_nodes")),
        link=Link(f"members-{axis_id}", "sites"),
        colours={"facilities": "#1f78b4", "firms": "#b5458f"},
        note=Text3(
            "只计确定在走廊内的点位", "Only sites known to be inside", "内側と確定した地点のみ"
        ),
    )


PAGE = Page("corridors", TITLE, compose)
