"""Counties: how many facilities and firms each holds, and how densely."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.join import aggregate
from geo.render import (
    About,
    Axis,
    Chart,
    Classes,
    Field,
    Link,
    Map,
    MapLayer,
    Note,
    chart,
    choropleth,
    note,
)
from geo.render.colours.palette import Ramp
from geo.texts import Localized, names_of, tr

__all__ = ["PAGE", "per_county"]

TITLE: Final = tr("Facilities and firms by county")
_GROUP: Final = tr("Density")
PER_KM2: Final = 1000.0


def per_county(context: Context) -> pd.DataFrame:
    """Count facilities, research facilities and firms by the county that each row states.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    DataFrame
        Indexed by adcode, all 199: counts, and counts on 1,000 km² of the layer's area.
    """
    counties = context.frame("counties")
    facilities = context.sites()
    groups = {
        "facilities": facilities,
        "research": facilities[facilities.role == "research"],
        "firms": context.present_firms(),
    }
    table: pd.DataFrame = counties[
        ["name_zh", "name_en", "name_ja", "city_adcode", "area_km2"]
    ].copy()
    for name, points in groups.items():
        found = aggregate(points, counties).table
        table[name] = found.n
        table[f"{name}_per_1000_km2"] = (found.density_per_km2 * PER_KM2).round(3)
    return table


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
    table = per_county(context)
    empty = int((table.facilities == 0).sum())
    top = table.facilities.nlargest(1).index[0]
    ten = table.facilities.nlargest(10).sum() / table.facilities.sum()
    row = table.loc[top]
    finding = tr(
        "Ten of {n_table} counties hold {ten:.0%} of the listed facilities; {name} has "
        "the most ({facilities}), and {empty} have none.",
        n_table=len(table),
        ten=ten,
        name=names_of(row),
        facilities=row.facilities,
        empty=empty,
    )
    caveat = tr(
        "Blank means that the list names no site there, not that there is none. Sites are "
        "counted in the county that the list states; areas are those of generalised "
        "outlines, inland water included."
    )
    made = Map(TITLE, finding=finding, caveats=[caveat], kicker=base.LISTED)
    *under, borders = base.ground(context)
    made.add(*under, *(_layer(context, table, name) for name in _LAYERS), borders)
    made.add(
        base.special_area(context, shown=False), base.city_names(context), _cities(context, table)
    )
    made.add(*_notes(context, table))
    return Built(made, finding, caveat, {"counties": table.reset_index()}, base.LISTED)


_NAMES: Final = ["name_zh", "name_en", "name_ja"]


def _notes(context: Context, table: pd.DataFrame) -> list[Note]:
    """Point at the county with most facilities and at the largest without any."""
    most = str(table.facilities.idxmax())
    blank = str(table.area_km2[table.facilities == 0].idxmax())
    spots = context.frame("counties").geometry.representative_point()
    top = table.loc[most]
    text = tr(
        "{name} has the most: {facilities} facilities",
        name=names_of(top),
        facilities=top.facilities,
    )
    few = Localized.of(*(f"{name} {top.facilities}" for name in top[_NAMES]))
    none = tr("Blank: none in the list")
    return [
        note(text, spots[most].x, spots[most].y, short=few, side="nw"),
        note(none, spots[blank].x, spots[blank].y, short=none, side="nw"),
    ]


_LAYERS: Final = {
    "facilities": tr("Density of facilities"),
    "research": tr("Density of research facilities"),
    "firms": tr("Density of firms"),
}
_NONE: Final = tr("none in the list")
_UNIT: Final = tr("per 1,000 km²")


def _layer(context: Context, table: pd.DataFrame, name: str) -> MapLayer:
    layer = context.layer("counties")
    column = f"{name}_per_1000_km2"
    known = gpd.GeoDataFrame(table, geometry=layer.frame.geometry, crs=layer.frame.crs)
    title = _LAYERS[name]
    by = Classes(column, title, _UNIT, "Quantiles", 5, ramp=_RAMPS[name], decimals=1, zero=_NONE)
    rows = [
        Field("facilities", tr("Facilities"), decimals=0),
        Field("research", tr("of which research"), decimals=0),
        Field("firms", tr("Firms"), decimals=0),
        Field(column, title, _UNIT, 1),
        Field("area_km2", tr("Area"), "km²", 0),
    ]
    source = "firms" if name == "firms" else "facilities"
    about = About(
        title,
        _both(layer.provenance(), context.layer(source).provenance()),
        group=_GROUP,
        shown=name == "facilities",
        layer_id=name,
    )
    return choropleth(known, by, about, fields=rows)


_RAMPS: Final[dict[str, Ramp]] = {"facilities": "blue", "research": "purple", "firms": "ochre"}


def _both(one: dict[str, object], two: dict[str, object]) -> dict[str, object]:
    sources = [*one["sources"], *two["sources"]]  # type: ignore[misc]
    return two | {"sources": sources}


def _cities(context: Context, table: pd.DataFrame) -> Chart:
    cities = context.frame("prefectures")
    grouped = table.groupby("city_adcode")
    rows = pd.DataFrame(
        {
            "adcode": cities.index,
            "facilities": grouped.facilities.sum().reindex(cities.index, fill_value=0).to_numpy(),
            "firms": grouped.firms.sum().reindex(cities.index, fill_value=0).to_numpy(),
            "counties": [grouped.groups[one].tolist() for one in cities.index],
        }
    )
    rows = rows.assign(both=rows.facilities + rows.firms).sort_values("both", ascending=False)
    return chart(
        "bar",
        rows,
        title=tr("Listed sites by city"),
        x=Axis(tr("City"), "adcode", words=context.names("prefectures")),
        y=Axis(tr("Sites")),
        series={
            "facilities": tr("Facilities"),
            "firms": tr("Firms"),
        },
        colours={"facilities": "#1f78b4", "firms": "#c5843a"},
        link=Link("facilities", "counties"),
    )


PAGE = Page("counties", TITLE, compose)
