"""Corridors: facilities and firms along and across the axes."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.corridors import membership as corridors
from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.corridor_map import node_marks, profile_chart, ribbon, rows_of, short_names
from geo.crs import to_analysis, to_storage
from geo.layers import vocabulary
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
from geo.texts import Localized, tr

__all__ = ["PAGE", "WIDTH_KM", "measured"]

WIDTH_KM: Final = 10.0
BIN_KM: Final = 10.0
_DECIMALS: Final = 6  # of a kilometre, as jjj corridor writes
_BOX: Final = (115.4, 38.6, 118.4, 40.7)
SHOWN: Final = ("plan-jingjin", "plan-jingxiong")
AXES: Final = (*SHOWN, "study-main", "study-secondary")
TITLE: Final = tr("What lies on the corridors")


def measured(context: Context) -> pd.DataFrame:
    """Measure every facility and firm against every axis of the page.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

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
        Layers, plan and projection of the region, read when first asked for.

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


def _name(context: Context, axis_id: str) -> Localized:
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


def _finding(table: pd.DataFrame) -> Localized:
    own = table[(table.axis_id == "plan-jingjin") & (table.kind == "facility")]
    inside, total = int(own.inside.fillna(value=False).sum()), len(own)
    unsure = int(own.inside.isna().sum())
    return tr(
        "Of {total} listed facilities, {inside} ({share:.0%}) lie within {width_km:.0f} "
        "km of the Beijing–Tianjin Corridor; {unsure} more are too close to its edge to "
        "tell.",
        total=total,
        inside=inside,
        share=inside / total,
        width_km=WIDTH_KM,
        unsure=unsure,
    )


def _notes(context: Context, profiles: dict[str, pd.DataFrame]) -> list[Note]:
    """Point at the fullest stretch of the first corridor and the longest empty one of the second."""
    full, empty = (profiles[axis_id] for axis_id in SHOWN)
    top = full.iloc[int((full.facilities + full.firms).to_numpy().argmax())]
    span = Localized.of(*(f"{top.from_km:.0f}{dash}{top.to_km:.0f}" for dash in ("—", "–", "～")))
    most = tr(
        "Densest at km {span}: {facilities} facilities, {firms} firms",
        span=span,
        facilities=top.facilities,
        firms=top.firms,
    )
    n = top.facilities + top.firms
    short = tr("Densest: {n}", n=n)
    made = [_at(context, SHOWN[0], top.middle_km, most, short)]
    gap = _longest_gap(empty)
    if gap is not None:
        start, end = gap
        none = tr("Km {start:.0f}–{end:.0f}: no listed facility", start=start, end=end)
        short = tr("No facility")
        made.append(_at(context, SHOWN[1], (start + end) / 2, none, short))
    return made


def _longest_gap(profile: pd.DataFrame) -> tuple[float, float] | None:
    """Return first and last kilometre of the longest run of stretches in which no facility can lie."""
    none = profile.facilities + profile.facilities_unknown == 0
    runs = profile[none].groupby((~none).cumsum()[none])
    spans = [(float(run.from_km.iloc[0]), float(run.to_km.iloc[-1])) for _, run in runs]
    return max(spans, key=lambda one: one[1] - one[0], default=None)


def _at(context: Context, axis_id: str, km: float, text: Localized, short: Localized) -> Note:
    line = context.metric("axes").geometry[axis_id]
    spot = to_storage(gpd.GeoSeries([line.interpolate(km * 1000)], crs=context.region.crs)).iloc[0]
    return note(text, spot.x, spot.y, short=short)


def _caveat(context: Context) -> Localized:
    firms = context.present_firms()
    placed = int(firms.has_site.sum())
    axis = context.frame("axes").loc["plan-jingjin"]
    drawn, published = f"{axis.length_km:.0f}", f"{axis.published_length_km:.0f}"
    return tr(
        "The line is schematic: {drawn} km long, against about {published} km published. "
        "Only {placed} of {n_firms} firms have a known site; the others count as inside "
        "or outside only where their district leaves no doubt.",
        drawn=drawn,
        published=published,
        placed=placed,
        n_firms=len(firms),
    )


def _ribbon(context: Context, axis_id: str) -> MapLayer:
    name = _name(context, axis_id)
    km = f"{WIDTH_KM:.0f}"
    title = tr("{name}, {km} km to each side", name=name, km=km)
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
    "near": tr("within 2 km"),
    "middle": tr("2 to 5 km"),
    "far": tr("5 to 10 km"),
}
_BAND_COLOURS: Final = {"near": "#631645", "middle": "#c23b22", "far": "#f0a04b"}


def _members(context: Context, table: pd.DataFrame, axis_id: str) -> MapLayer:
    own = table[(table.axis_id == axis_id) & table.inside.fillna(value=False)].set_index("site_id")
    sites = to_storage(_sites(context)).loc[own.index]
    kinds = vocabulary("category") | {"firm": tr("Firm")}
    bands = pd.cut(own.offset_km, _BANDS_KM, labels=list(_BAND_NAMES), include_lowest=True)
    frame = gpd.GeoDataFrame(
        own.assign(band=bands.astype(str)), geometry=sites.geometry, crs=sites.crs
    )
    name, km = _name(context, axis_id), f"{WIDTH_KM:.0f}"
    title = tr("{name}: sites within {km} km", name=name, km=km)
    by = Categories("band", _BAND_NAMES, _BAND_COLOURS, tr("Offset from the axis"))
    rows = [
        Field("category", tr("Kind"), words=kinds),
        Field("chainage_km", tr("Chainage"), "km", 1),
        Field("offset_km", tr("Offset"), "km", 1),
        Field("position_accuracy_m", tr("Accurate to"), "m", 0),
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
            "facilities": tr("Facilities"),
            "firms": tr("Firms"),
        },
        marks=node_marks(context.metric("axes").loc[[axis_id]], context.metric("plan_nodes")),
        link=Link(f"members-{axis_id}", "sites"),
        colours={"facilities": "#1f78b4", "firms": "#b5458f"},
        note=tr("Only sites known to be inside"),
    )


PAGE = Page("corridors", TITLE, compose)
