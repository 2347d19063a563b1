"""Circles: the plan's nested disks by list and by radius, and what is not confirmed."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.atlas import base
from geo.atlas.base import ten_thousands
from geo.atlas.context import Built, Context, Page
from geo.crs import to_analysis
from geo.layers import read_plan, vocabulary
from geo.render import (
    About,
    Axis,
    Categories,
    Chart,
    Field,
    Map,
    MapLayer,
    Note,
    chart,
    lines,
    note,
    points,
    polygons,
)
from geo.texts import Localized, tr

__all__ = ["PAGE", "shares"]

TITLE: Final = tr("Three circles of the metropolitan area")
_BOX: Final = (114.5, 38.0, 118.9, 41.3)
DATED: Final = tr("Plan of 2026, list of November 2026")
_GROUP: Final = tr("Circles")
_PLAN: Final = tr("Structure of the plan")
COLOURS: Final = {"commuting": "#b8452f", "functional": "#c99700", "industry": "#4f6f8f"}
_OUTSIDE: Final = tr("Outside")


def shares(context: Context) -> pd.DataFrame:
    """Count facilities and firms in each circle, by list and by radius, nested and exclusive.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    DataFrame
        One row a circle: counts and shares for the definitions list and radius, and of the list
        how many lie in counties that are unconfirmed. A site is in the list when the county it
        states is; in the radius when its point is.
    """
    facilities = context.sites()
    disks = context.metric("circles")
    units = context.table("plan_units")
    rows = []
    for kind, frame in (("facility", facilities), ("firm", context.present_firms())):
        spots = to_analysis(frame, context.region.crs).geometry
        for circle in vocabulary("circle"):
            listed = units[units.circle == circle]
            unsure = listed[listed.basis == "unconfirmed"].adcode
            inside = spots.within(disks.geometry[f"{circle}-radius"])
            rows.append(
                {
                    "kind": kind,
                    "circle": circle,
                    "total": len(frame),
                    "list": int(frame.adcode.isin(listed.adcode).sum()),
                    "list_in_unconfirmed_counties": int(frame.adcode.isin(unsure).sum()),
                    "radius": int(inside.sum()),
                }
            )
    table = pd.DataFrame(rows)
    before = table.groupby("kind")[["list", "radius"]].shift(fill_value=0)
    return table.assign(
        list_share=(table.list / table.total).round(4),
        radius_share=(table.radius / table.total).round(4),
        list_exclusive=table.list - before.list,
        radius_exclusive=table.radius - before.radius,
    )


def compose(context: Context) -> Built:
    """Compose the page.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    Built
        Map, finding and table.
    """
    table = shares(context)
    circles = context.frame("circles")
    own = table[table.kind == "facility"].set_index("circle")
    finding = _finding(own.loc[["commuting"]].iloc[0], circles.radius_km["commuting-list"])
    caveat = _caveat(circles.loc["commuting-list"])
    made = Map(TITLE, finding=finding, caveats=[caveat], kicker=DATED, box=_BOX)
    made.add(*base.ground(context), *(_listed(context, one) for one in reversed(COLOURS)))
    made.add(_unconfirmed(context), *(_disk(context, one) for one in COLOURS))
    made.add(base.special_area(context), _axes(context), _nodes(context), _subcentre(context))
    made.add(base.city_names(context))
    made.add(_chart(table), *_notes(context))
    return Built(made, finding, caveat, {"shares": table}, DATED)


def _finding(own: "pd.Series[float]", radius_km: float) -> Localized:
    """Compare the two definitions of the commuting circle."""
    by_list, by_radius = f"{own.list_share:.0%}", f"{own.radius_share:.0%}"
    return tr(
        "The commuting circle holds {by_list} of the listed facilities if its counties "
        "are counted, and {by_radius} if its radius of {radius_km:.0f} km is.",
        by_list=by_list,
        by_radius=by_radius,
        radius_km=radius_km,
    )


def _caveat(circle: "pd.Series[float]") -> Localized:
    """Say that the lists are no rings, and how sure the list of the commuting circle is."""
    unsure = f"{circle.n_unconfirmed:.0f}"
    shown, published = (
        Localized.of(ten_thousands(one, " "), f"{round(one, -2):,.0f}", ten_thousands(one))
        for one in (circle.area_km2, circle.published_area_km2)
    )
    return tr(
        "The circles are nested lists of counties, not rings. In the commuting circle {unsure} "
        "counties (hatched) are not confirmed by the published text; as drawn it covers "
        "{shown} km², against about {published} km² published.",
        unsure=unsure,
        shown=shown,
        published=published,
    )


def _notes(context: Context) -> list[Note]:
    """Point at the largest county of the commuting circle that is not confirmed, and at Tianjin."""
    units = context.table("plan_units")
    unsure = units[(units.circle == "commuting") & (units.basis == "unconfirmed")].adcode
    counties = context.frame("counties")
    spot = counties.geometry[counties.area_km2[unsure].idxmax()].representative_point()
    circle = context.frame("circles").loc["functional-list"]
    tianjin = context.frame("prefectures").geometry["120000"].representative_point()
    hatched = tr("Hatched: {n_unsure} counties not confirmed", n_unsure=len(unsure))
    wider = tr(
        "The functional circle adds Tianjin and others: {area_km2} km² in all",
        area_km2=Localized(
            zh=ten_thousands(circle.area_km2, " "),
            en=f"{round(circle.area_km2, -2):,.0f}",
            ja=ten_thousands(circle.area_km2),
        ),
    )
    short = tr("Hatched: unconfirmed")
    wide = tr("Functional circle")
    return [
        note(hatched, spot.x, spot.y, short=short),
        note(wider, tianjin.x + 0.15, tianjin.y - 0.25, short=wide),
    ]


def _fields() -> list[Field]:
    return [
        Field("definition", tr("Defined by"), words=vocabulary("definition")),
        Field("basis", tr("Basis"), words=vocabulary("basis")),
        Field("radius_km", tr("Published radius"), "km", 0),
        Field("area_km2", tr("Area shown"), "km²", 0),
        Field("published_area_km2", tr("Published area"), "km²", 0),
        Field("n_counties", tr("Counties"), decimals=0),
        Field("n_unconfirmed", tr("of which unconfirmed"), decimals=0),
    ]


def _listed(context: Context, circle: str) -> MapLayer:
    layer = context.layer("circles")
    frame = layer.frame.loc[[f"{circle}-list"]]
    name = vocabulary("circle")[circle]
    shown, published = frame.area_km2.iloc[0], frame.published_area_km2.iloc[0]
    lacking = Localized(zh="", en="", ja="")
    if pd.notna(published):
        lacking = tr(
            ", about {published} published",
            published=Localized(
                zh=ten_thousands(published, " "),
                en=f"{published:,.0f}",
                ja=ten_thousands(published),
            ),
        )
    title = tr(
        "{name}, by list: {shown} km²{said}",
        name=name,
        said=lacking,
        shown=Localized(zh=ten_thousands(shown, " "), en=f"{shown:,.0f}", ja=ten_thousands(shown)),
    )
    about = About.of(
        layer, title=title, group=_GROUP, shown=circle != "industry", layer_id=f"list-{circle}"
    )
    return polygons(frame, about, role="zone", colour=COLOURS[circle], fields=_fields())


def _disk(context: Context, circle: str) -> MapLayer:
    layer = context.layer("circles")
    frame = layer.frame.loc[[f"{circle}-radius"]]
    km = frame.radius_km.iloc[0]
    name = vocabulary("circle")[circle]
    shown = frame.area_km2.iloc[0]
    title = tr(
        "{name}, radius {km:.0f} km: {shown} km²",
        name=name,
        km=km,
        shown=Localized(zh=ten_thousands(shown, " "), en=f"{shown:,.0f}", ja=ten_thousands(shown)),
    )
    about = About.of(layer, title=title, group=_GROUP, shown=False, layer_id=f"radius-{circle}")
    return polygons(frame, about, role="zone", colour=COLOURS[circle], fields=_fields())


def _unconfirmed(context: Context) -> MapLayer:
    units = context.table("plan_units")
    units = units[units.basis == "unconfirmed"]
    smallest = units.drop_duplicates("adcode").set_index("adcode")
    counties = context.frame("counties").loc[smallest.index]
    frame = gpd.GeoDataFrame(
        counties[["name_zh", "name_en", "name_ja", "area_km2", "geometry"]].assign(
            circle=smallest.circle
        ),
        crs=counties.crs,
    )
    title = tr("Counties not confirmed (hatched)")
    names = vocabulary("circle")
    by = Categories("circle", names, COLOURS, title)
    rows = [
        Field("circle", tr("Candidate for"), words=names),
        Field("area_km2", tr("Area"), "km²", 0),
    ]
    about = About.of(context.layer("circles"), title=title, group=_GROUP, layer_id="unconfirmed")
    return polygons(frame, about, role="unconfirmed", colour_by=by, fields=rows)


def _axes(context: Context) -> MapLayer:
    layer = context.layer("axes")
    frame = layer.frame[layer.frame.axis_set == "plan-2026"]
    title = tr("Two corridors (schematic)")
    rows = [
        Field("length_km", tr("Length of the schematic line"), "km", 0),
        Field("published_length_km", tr("Published length"), "km", 0),
    ]
    about = About.of(layer, title=title, group=_PLAN)
    return lines(frame, about, colour="#111111", width=2.4, fields=rows)


def _nodes(context: Context) -> MapLayer:
    layer = context.layer("plan_nodes")
    frame = layer.frame[layer.frame.axis_sets.str.contains("plan-2026")]
    names = {one: vocabulary("basis")[one] for one in ("stated", "schematic")}
    colours = {"stated": "#111111", "schematic": "#a8a29a"}
    by = Categories("basis", names, colours, tr("Basis of the node"))
    return points(frame, About.of(layer, group=_PLAN), colour_by=by)


def _subcentre(context: Context) -> MapLayer:
    """Return the sub-centre as a point that states its area: no boundary of it is in the open."""
    frame = read_plan().elements.loc[["wing-subcentre"]]
    km2 = frame.published_area_km2.iloc[0]
    title = tr("Beijing sub-centre ({km2:.0f} km² published, boundary not public)", km2=km2)
    rows = [
        Field("published_area_km2", tr("Published area"), "km²", 0),
        Field("standing", tr("Basis"), words=vocabulary("basis")),
        Field("date", tr("Published on")),
    ]
    about = About.of(context.layer("plan_nodes"), title=title, group=_PLAN, layer_id="subcentre")
    return points(frame, about, colour="#7a3b8f", fields=rows)


def _chart(table: pd.DataFrame) -> Chart:
    """Draw the shares of each definition as a bar of its own: two definitions never add up."""
    own = table[table.kind == "facility"].set_index("circle")
    percent = {one: own[f"{one}_exclusive"] / own.total * 100 for one in ("list", "radius")}
    rows = pd.DataFrame(percent).T.assign(outside=lambda frame: 100 - frame.sum(axis=1))
    names = vocabulary("circle")
    return chart(
        "bar",
        rows.rename_axis("definition").reset_index(),
        title=tr("Listed facilities by circle"),
        x=Axis(tr("Defined by"), "definition", words=vocabulary("definition")),
        y=Axis(tr("Share"), unit="%", decimals=0),
        series={**{one: names[one] for one in COLOURS}, "outside": _OUTSIDE},
        colours={**COLOURS, "outside": "#a8a29a"},
        note=tr("Each facility counts once, in its innermost circle"),
    )


PAGE = Page("circles", TITLE, compose)
