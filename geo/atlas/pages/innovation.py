"""Innovation resources: where research sits, with how much of the total the list covers."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.roles import concentration
from geo.atlas import base
from geo.atlas.context import Context
from geo.atlas.page import Built, Page
from geo.layers import Text3, vocabulary
from geo.render import About, Axis, Chart, Classes, Field, Map, MapLayer, chart, choropleth

__all__ = ["PAGE", "by_category"]

TITLE: Final = Text3("创新资源在哪里", "Where the research resources are", "研究資源はどこにあるか")
_PROVINCES: Final = ("110000", "120000", "130000")
_LABS: Final = "national_laboratory_or_key_lab"


def by_category(context: Context) -> pd.DataFrame:
    """Count research facilities by category and province, beside published totals.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        ``category, province_adcode, listed, share_of_list, published_total, total_year,
        coverage, share_of_total``.
    """
    facilities = context.frame("facilities")
    research = facilities[facilities.role == "research"]
    province = research.adcode.map(context.frame("counties").province_adcode)
    sites = pd.DataFrame({"category": research.category, "province_adcode": province})
    found = concentration(sites, context.table("coverage")).values
    if not isinstance(found, pd.DataFrame):  # pragma: no cover - concentration gives a frame
        raise TypeError
    return found.reset_index().round(4)


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
    table = by_category(context)
    labs = table[table.category == _LABS].set_index("province_adcode").published_total
    people = _residents(context)
    rate = labs / people.reindex(labs.index) * 100
    finding = Text3(
        f"按公布总数，每百万常住人口的全国重点实验室：北京 {rate['110000']:.1f} 家，"
        f"天津 {rate['120000']:.1f} 家，河北 {rate['130000']:.2f} 家（下限）。",
        f"By published totals there are {rate['110000']:.1f} national key laboratories per million "
        f"residents in Beijing, {rate['120000']:.1f} in Tianjin and at least "
        f"{rate['130000']:.2f} in Hebei.",
        f"公表総数で見ると、常住人口百万人当たりの国家重点実験室は北京 {rate['110000']:.1f}、"
        f"天津 {rate['120000']:.1f}、河北は少なくとも {rate['130000']:.2f}。",
    )
    covered = table.coverage.dropna()
    caveat = Text3(
        f"地图上是选列的设施，只占公布总数的 {covered.min():.0%}—{covered.max():.0%}；"
        "总数为 2024—2025 年，人口为 2020 年普查。",
        f"The map shows a selection, {covered.min():.0%} to {covered.max():.0%} of published "
        "totals; totals are of 2024 and 2025, residents of the 2020 census.",
        f"地図は選択した施設で、公表総数の {covered.min():.0%}～{covered.max():.0%}。"
        "総数は 2024～2025 年、人口は 2020 年国勢調査。",
    )
    facilities = context.frame("facilities")
    research = facilities[facilities.role == "research"]
    made = Map(TITLE, finding=finding, caveats=[caveat])
    *under, borders = base.ground(context)
    made.add(*under, _cities(context, research), borders, base.xiongan(context, shown=False))
    made.add(base.facility_points(context, research), base.city_names(context), _chart(table))
    return Built(made, finding, caveat, {"categories": table})


def _residents(context: Context) -> "pd.Series[float]":
    """Return residents of the 2020 census in units of 10,000, by adcode."""
    panel = context.table("city_panel")
    own = panel[(panel.indicator == "resident_population_10k") & (panel.year == "2020")]
    residents: pd.Series[float] = pd.to_numeric(own.set_index("adcode").value)
    return residents


def _cities(context: Context, research: gpd.GeoDataFrame) -> MapLayer:
    layer = context.layer("prefectures")
    city = research.adcode.map(context.frame("counties").city_adcode)
    frame = layer.frame.assign(
        research=city.value_counts().reindex(layer.frame.index, fill_value=0),
        residents_10k=_residents(context).reindex(layer.frame.index),
    )
    frame = frame.assign(per_million=(frame.research / frame.residents_10k * 100).round(2))
    title = Text3(
        "清单中的研发设施，每百万常住人口",
        "Listed research facilities per million residents",
        "常住人口百万人当たりの掲載研究施設",
    )
    missing = Text3("缺 2020 年人口", "no 2020 population", "2020年人口なし")
    unit = Text3("处", "facilities", "か所")
    by = Classes(
        "per_million", title, unit, "FisherJenks", 4, ramp="purple", decimals=1, missing=missing
    )
    rows = [
        Field("research", Text3("研发设施", "Research facilities", "研究施設"), decimals=0),
        Field(
            "residents_10k",
            Text3("常住人口（2020）", "Residents, 2020", "常住人口（2020）"),
            Text3("万人", "× 10,000", "万人"),
            1,
        ),
        Field("per_million", title, unit, 2),
    ]
    about = About.of(layer, title=title, group=base.SITES, layer_id="per-million")
    return choropleth(frame, by, about, fields=rows)


def _chart(table: pd.DataFrame) -> Chart:
    rows = table.pivot(index="category", columns="province_adcode", values="listed")
    rows = rows.reindex(columns=list(_PROVINCES)).fillna(0)
    rows = rows.loc[rows.sum(axis=1).sort_values(ascending=False).index].reset_index()
    return chart(
        "bar",
        rows,
        title=Text3("清单中的研发设施", "Listed research facilities", "掲載研究施設"),
        x=Axis(Text3("类别", "Kind", "種別"), "category", words=vocabulary("category")),
        y=Axis(Text3("个数", "Facilities", "数"), decimals=0),
        series={
            "110000": Text3("北京", "Beijing", "北京"),
            "120000": Text3("天津", "Tianjin", "天津"),
            "130000": Text3("河北", "Hebei", "河北"),
        },
        colours={"110000": "#0b3f70", "120000": "#4fa3d8", "130000": "#c99700"},
    )


PAGE = Page("innovation", TITLE, compose)
