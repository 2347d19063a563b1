"""Xiong'an: facilities and firms, relocated firms, gaps of the layer."""

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites
from geo.crs import to_analysis, to_storage
from geo.layers import vocabulary
from geo.region import study_crs
from geo.render import (
    About,
    Categories,
    Field,
    Map,
    MapLayer,
    Note,
    labels,
    lines,
    note,
    points,
    polygons,
)
from geo.render.charts import Side
from geo.texts import Localized, tr

__all__ = ["PAGE", "inventory", "spread"]

TITLE: Final = tr("Xiong'an: who is there, who is not yet")
_BOX: Final = (115.6, 38.66, 116.42, 39.26)


def inventory(context: Context) -> pd.DataFrame:
    """List the facilities and firms that state one of Xiong'an's three counties.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    DataFrame
        One row a site: kind, id, names, county, status, accuracy and what the row rests on.
    """
    facilities = context.frame("facilities").assign(kind="facility", status="present")
    facilities = facilities.assign(rests_on=facilities.source)
    firms = context.frame("firms").assign(kind="firm")
    firms = firms.assign(rests_on=firms.position_basis)
    columns = [
        *("kind", "name_zh", "name_en", "adcode", "status", "position_accuracy_m"),
        *("rests_on", "checked_against"),
    ]
    both = pd.concat([facilities[columns], firms[columns]])
    own: pd.DataFrame = both[both.adcode.isin(_units(context))]
    return own.rename_axis("site_id").reset_index()


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
    table = inventory(context)
    firms = table[table.kind == "firm"]
    here, waiting = (int((firms.status == one).sum()) for one in ("present", "not_moved_yet"))
    area = context.frame("xiongan").iloc[0]
    claims = context.table("claims").set_index("figure_id").value
    claimed, share = claims["xiongan-firms"], claims["xiongan-share"]
    finding = tr(
        "Of {n_firms} listed firms tied to Xiong'an, {here} are registered there or have "
        "moved in and {waiting} have not; none has a known address.",
        n_firms=len(firms),
        here=here,
        waiting=waiting,
    )
    caveat = tr(
        "The article's more than {claimed} firms in the Zhongguancun park, {share}% of "
        "them from Beijing, come without a list and are not shown. Of Xiong'an's "
        "{published_area_km2:,.0f} km² the map shows {area_km2:,.0f}.",
        claimed=claimed,
        share=share,
        published_area_km2=area.published_area_km2,
        area_km2=area.area_km2,
    )
    made = Map(TITLE, finding=finding, caveats=[caveat, _SPREAD], kicker=base.LISTED, box=_BOX)
    made.add(*base.ground(context), _parts(context), base.special_area(context), base.rail(context))
    made.add(_axis(context), _firms(context, table), _facilities(context, table))
    made.add(_nodes(context, table), _names(context, table))
    made.add(base.county_names(context), base.city_names(context))
    made.add(*_notes(context, here, waiting))
    return Built(made, finding, caveat, {"sites": table}, base.LISTED)


_SPREAD: Final = tr(
    "Firms can be placed only in their quarter. Their dots are set apart within that "
    "accuracy, one for each firm; how they stand to one another means nothing. Firms "
    "that have not moved are drawn in the quarter planned for them."
)


def _units(context: Context) -> tuple[str, ...]:
    """Return the codes of the three counties."""
    return context.region.special_areas[0].units


def _parts(context: Context) -> MapLayer:
    layer = context.layer("counties")
    parts = layer.frame.loc[list(_units(context))]
    title = tr("The three counties")
    return polygons(parts, About.of(layer, title=title, group=base.BOUNDARIES), role="outline")


def _axis(context: Context) -> MapLayer:
    layer = context.layer("axes")
    frame = layer.frame.loc[["plan-jingxiong"]]
    title = tr("Beijing–Xiong'an Corridor (schematic)")
    about = About.of(layer, title=title, group=tr("Plan"))
    return lines(frame, about, colour="#b8452f", width=2.4)


_KINDS: Final = {
    "quarter": tr("there, quarter known"),
    "somewhere": tr("there, somewhere in Xiong'an"),
    "waiting": tr("not yet moved, drawn in its planned quarter"),
}
_COLOURS: Final = {"quarter": "#b5458f", "somewhere": "#e0a9cc", "waiting": "#8d877d"}
_QUARTER_M: Final = 5_000
_STEP_M: Final = 1_200.0


def spread(firms: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Set firms apart that are known to the same quarter, one row of dots a kind.

    Parameters
    ----------
    firms
        Firms in ``STORAGE_CRS``, with ``status`` and ``position_accuracy_m``.

    Returns
    -------
    GeoDataFrame
        With ``placed``; every point within its own ``position_accuracy_m`` of where it was.
    """
    known = (firms.position_accuracy_m <= _QUARTER_M).map({True: "quarter", False: "somewhere"})
    placed = known.where(firms.status == "present", "waiting")
    metric = to_analysis(firms.assign(placed=placed), study_crs(firms))
    rank = metric.groupby("placed").cumcount()
    width = metric.groupby("placed").placed.transform("size")
    row = metric.placed.map({one: at for at, one in enumerate(_KINDS)})
    x = metric.geometry.x + (rank - (width - 1) / 2) * _STEP_M
    y = metric.geometry.y - (row - 1) * _STEP_M
    return to_storage(metric.set_geometry(gpd.points_from_xy(x, y, crs=metric.crs)))


def _firms(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("firms")
    frame = spread(layer.frame.loc[_ids(table, "firm")])
    title = tr("Where the firms are")
    rows = [
        Field("placed", tr("Status"), words=_KINDS),
        Field("position_accuracy_m", tr("Accurate to"), "m", 0),
        *sites.about_firms(frame),
    ]
    by = Categories("placed", _KINDS, _COLOURS, title)
    return points(frame, About.of(layer, group=base.SITES), colour_by=by, fields=rows)


def _nodes(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("facilities")
    frame = layer.frame.loc[_ids(table, "facility")]
    kinds = {one: vocabulary("category")[one] for one in _NODES}
    title = tr("Stations and plan nodes")
    about = About.of(layer, title=title, group=base.SITES, layer_id="nodes")
    by = Categories("category", kinds, _NODES, tr("Kind"))
    fields = sites.site_fields(context, kinds, "category")
    return points(frame[frame.category.isin(_NODES)], about, colour_by=by, fields=fields)


_NODES: Final = {"hsr_station": "#4f6f8f", "government_or_plan_node": "#8a7a55"}


def _names(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("facilities")
    title = tr("Station names")
    about = About.of(layer, title=title, group=base.SITES, layer_id="station-names")
    frame = layer.frame.loc[_ids(table, "facility")]
    return labels(frame[frame.category == "hsr_station"], about, size=11, beside=True)


def _notes(context: Context, here: int, waiting: int) -> list[Note]:
    """Point at the firms, and at the borders beyond which townships are missing."""
    firms = tr("{here} firms are there, {waiting} still to come", here=here, waiting=waiting)
    few = tr("{here} there, {waiting} not", here=here, waiting=waiting)
    made = [note(firms, 116.0, 38.998, short=few)]
    for adcode, (text, short, side) in _MISSING.items():
        spot = _border(context, adcode)
        made.append(note(text, spot.x, spot.y, short=short, side=side))
    return made


_MISSING: Final[dict[str, tuple[Localized, Localized, Side]]] = {
    "130982": (
        tr("Missing here: Maozhou, Gougezhuang and Qijianfang, drawn with Renqiu"),
        tr("Three townships missing"),
        "se",
    ),
    "130628": (
        tr("Missing here: Longhua, drawn with Gaoyang"),
        tr("Longhua missing"),
        "se",
    ),
}


def _border(context: Context, adcode: str) -> shapely.Point:
    """Return the middle of the border between Xiong'an and a county."""
    counties = context.frame("counties").geometry
    own = shapely.union_all(counties[list(_units(context))].to_numpy())
    shared = shapely.line_merge(shapely.intersection(own, counties[adcode]))
    parts = shapely.get_parts(shared)
    longest = parts[shapely.length(parts).argmax()]
    return shapely.line_interpolate_point(longest, 0.5, normalized=True)


def _facilities(context: Context, table: pd.DataFrame) -> MapLayer:
    return sites.facility_points(context, context.frame("facilities").loc[_ids(table, "facility")])


def _ids(table: pd.DataFrame, kind: str) -> list[str]:
    found: list[str] = table.site_id[table.kind == kind].tolist()
    return found


PAGE = Page("xiongan", TITLE, compose)
