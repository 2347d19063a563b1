"""Counties: how many facilities and firms each holds, and how densely."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.join import aggregate
from geo.layers import Text3
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

__all__ = ["PAGE", "per_county"]

TITLE: Final = Text3("各区县的设施与企业", "Facilities and firms by county", "区・県別の施設と企業")
_GROUP: Final = Text3("密度", "Density", "密度")
PER_KM2: Final = 1000.0


def per_county(context: Context) -> pd.DataFrame:
    """Count facilities, research facilities and firms by the county that each row states.

    Parameters
    ----------
    context
        The shared layers.

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
        The shared layers.

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
    finding = Text3(
        f"清单设施有 {ten:.0%} 集中在 10 个区县，{row.name_zh}最多（{row.facilities} 处）；"
        f"{len(table)} 个县级单位中有 {empty} 个一处也没有。",
        f"Ten of {len(table)} counties hold {ten:.0%} of the listed facilities; {row.name_en} has "
        f"the most ({row.facilities}), and {empty} have none.",
        f"掲載施設の{ten:.0%}が10の区・県に集中し、最多は{row.name_ja}（{row.facilities}か所）。"
        f"{len(table)}の県級単位のうち{empty}には一つもない。",
    )
    caveat = Text3(
        "空白只表示清单未收录，不表示当地没有。按清单注明的区县统计；面积按概括边界计算，含内陆水域。",
        "Blank means that the list names no site there, not that there is none. Sites are counted in "
        "the county that the list states; areas are those of generalised outlines, inland water "
        "included.",
        "空白は一覧に載っていないという意味で、施設がないとは限らない。一覧に記された区・県で集計し、"
        "面積は簡略化した境界による（内水面を含む）。",
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
    said = Text3(
        f"{top.name_zh}最多：{top.facilities} 处设施",
        f"{top.name_en} has the most: {top.facilities} facilities",
        f"最多は{top.name_ja}：施設{top.facilities}か所",
    )
    few = Text3(*(f"{name} {top.facilities}" for name in top[_NAMES]))
    none = Text3("空白：清单未收录", "Blank: none in the list", "空白：一覧に掲載なし")
    return [
        note(said, spots[most].x, spots[most].y, short=few, side="nw"),
        note(none, spots[blank].x, spots[blank].y, short=none, side="nw"),
    ]


_LAYERS: Final = {
    "facilities": Text3("设施密度", "Density of facilities", "施設の密度"),
    "research": Text3("研发设施密度", "Density of research facilities", "研究開発施設の密度"),
    "firms": Text3("企业密度", "Density of firms", "企業の密度"),
}
_NONE: Final = Text3("清单未收录", "none in the list", "一覧に掲載なし")
_UNIT: Final = Text3("个/千平方公里", "per 1,000 km²", "か所/1,000 km²")


def _layer(context: Context, table: pd.DataFrame, name: str) -> MapLayer:
    layer = context.layer("counties")
    column = f"{name}_per_1000_km2"
    known = gpd.GeoDataFrame(table, geometry=layer.frame.geometry, crs=layer.frame.crs)
    title = _LAYERS[name]
    by = Classes(column, title, _UNIT, "Quantiles", 5, ramp=_RAMPS[name], decimals=1, zero=_NONE)
    rows = [
        Field("facilities", Text3("设施", "Facilities", "施設"), decimals=0),
        Field("research", Text3("其中研发设施", "of which research", "うち研究開発"), decimals=0),
        Field("firms", Text3("企业", "Firms", "企業"), decimals=0),
        Field(column, title, _UNIT, 1),
        Field("area_km2", Text3("面积", "Area", "面積"), "km²", 0),
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
        title=Text3("各市清单点位数", "Listed sites by city", "都市別の掲載数"),
        x=Axis(Text3("城市", "City", "都市"), "adcode", words=context.names("prefectures")),
        y=Axis(Text3("点位数", "Sites", "件数")),
        series={
            "facilities": Text3("设施", "Facilities", "施設"),
            "firms": Text3("企业", "Firms", "企業"),
        },
        colours={"facilities": "#1f78b4", "firms": "#c5843a"},
        link=Link("facilities", "counties"),
    )


PAGE = Page("counties", TITLE, compose)
