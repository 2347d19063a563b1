"""Innovation resources: where research sits, with how much of the total the list covers."""

from typing import Final

import pandas as pd

from geo.analysis.roles.firms import concentration
from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites
from geo.atlas.jjj import sites as units
from geo.layers import Text3
from geo.render import (
    About,
    Axis,
    Categories,
    Chart,
    Field,
    Link,
    Map,
    MapLayer,
    Note,
    chart,
    choropleth,
    note,
)
from geo.render.charts import Side
from geo.render.colours.palette import ramp

__all__ = ["PAGE", "by_category", "laboratories", "rd_intensity"]

TITLE: Final = Text3("创新资源在哪里", "Where the research resources are", "研究資源はどこにあるか")
_LABS: Final = "national_laboratory_or_key_lab"
DATED: Final = Text3(
    "实验室 2024—2025 年，研发强度 2023 年，人口 2020 年",
    "Laboratories 2024–2025, R&D 2023, residents 2020",
    "実験室 2024～2025年、研究開発 2023年、人口 2020年",
)
YEAR: Final = "2023"
_PRELIMINARY: Final = "preliminary"


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
    listed = pd.DataFrame({"category": research.category, "province_adcode": province})
    found = concentration(listed, context.table("coverage")).values
    if not isinstance(found, pd.DataFrame):  # pragma: no cover - concentration gives a frame
        raise TypeError
    return found.reset_index().round(4)


def laboratories(context: Context) -> pd.DataFrame:
    """Divide the published number of national key laboratories by residents, by province.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        ``province_adcode, published_total, total_year, residents_10k, per_million``; residents
        are those of the 2020 census.
    """
    table = by_category(context)
    labs = table[table.category == _LABS][["province_adcode", "published_total", "total_year"]]
    residents = labs.province_adcode.map(_residents(context))
    per_million = (labs.published_total / residents * 100).round(4)
    found: pd.DataFrame = labs.assign(residents_10k=residents, per_million=per_million)
    return found.reset_index(drop=True)


def rd_intensity(context: Context) -> pd.DataFrame:
    """Return what is published of R&D spending as a share of GDP in 2023, by city.

    Hebei's release names the cities above the mean of the province only; the others are known to
    be not above it. All values are preliminary ones, before the revision of GDP.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        Indexed by adcode, the 13 cities: ``percent`` (null where not named), ``at_most`` (of
        those), ``band`` and ``source``.
    """
    panel = context.table("city_panel", numbers=("value",))
    own = panel[
        (panel.indicator == "rd_intensity_pct")
        & (panel.year == YEAR)
        & (panel.vintage == _PRELIMINARY)
    ].set_index("adcode")
    cities = context.frame("prefectures").index
    percent = own.value.reindex(cities)
    mean = float(own.value["130000"])
    band = pd.cut(percent, [mean, *_EDGES, 100.0], labels=[*_BANDS]).astype(object)
    return pd.DataFrame(
        {
            "percent": percent,
            "at_most": percent.isna().map({True: mean, False: None}),
            "band": band.where(percent.notna(), "below"),
            "source": own.source.reindex(cities).fillna(own.source["130000"]),
        }
    )


_EDGES: Final = (2.5, 3.0, 4.0)
_BANDS: Final = {
    "low": Text3("2.5% 及以下", "2.5% or less", "2.5%以下"),
    "middle": Text3("2.5%—3%", "more than 2.5%, to 3%", "2.5%超～3%"),
    "high": Text3("3%—4%", "more than 3%, to 4%", "3%超～4%"),
    "top": Text3("4% 以上", "more than 4%", "4%超"),
}


def compose(context: Context) -> Built:
    """Compose the page.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Built
        Map, finding and tables.
    """
    table, labs, spent = by_category(context), laboratories(context), rd_intensity(context)
    rate = labs.set_index("province_adcode").per_million
    finding = Text3(
        f"每百万常住人口拥有全国重点实验室：北京 {rate['110000']:.1f} 家，天津 {rate['120000']:.1f} 家，"
        f"河北至少 {rate['130000']:.2f} 家。",
        f"National key laboratories per million residents: {rate['110000']:.1f} in Beijing, "
        f"{rate['120000']:.1f} in Tianjin and at least {rate['130000']:.2f} in Hebei.",
        f"常住人口100万人当たりの全国重点実験室は、北京{rate['110000']:.1f}か所、天津{rate['120000']:.1f}か所、"
        f"河北は少なくとも{rate['130000']:.2f}か所。",
    )
    covered = table.coverage.dropna()
    caveat = Text3(
        f"实验室数为各地公布总数，口径与年份不尽相同；图上的点是择要列举，只占公布总数的 {covered.min():.0%}—{covered.max():.0%}。",
        "Laboratory numbers are published totals, of different dates and definitions. The dots are "
        f"a selection: {covered.min():.0%} to {covered.max():.0%} of the published totals.",
        "実験室数は各地の公表総数で、時点と定義は一様でない。点は選んで掲載したもので、公表総数の"
        f"{covered.min():.0%}～{covered.max():.0%}にとどまる。",
    )
    facilities = context.frame("facilities")
    research = facilities[facilities.role == "research"]
    made = Map(TITLE, finding=finding, caveats=[caveat, _NAMED_ONLY], kicker=DATED)
    *under, borders = base.ground(context)
    made.add(*under, _cities(context, spent), borders, base.special_area(context, shown=False))
    made.add(sites.facility_points(context, research), base.city_names(context))
    made.add(_rates(labs), _spending(context, spent), _chart(table), *_notes(context, spent))
    tables = {"categories": table, "laboratories": labs, "rd-intensity": spent.reset_index()}
    return Built(made, finding, caveat, tables, DATED)


_NAMED_ONLY: Final = Text3(
    f"研发强度为 {YEAR} 年初步数；河北只公布了高于全省平均的市，其余各市只知不高于这一平均值。",
    f"R&D shares are preliminary figures for {YEAR}. Hebei published only its cities above the "
    "provincial mean; of the others all that is known is that they are not above it.",
    f"研究開発費の比率は{YEAR}年の速報値。河北省は省平均を上回る市だけを公表しており、他の市は平均以下としか分からない。",
)


def _residents(context: Context) -> "pd.Series[float]":
    """Return residents of the 2020 census in units of 10,000, by adcode."""
    panel = context.table("city_panel")
    own = panel[(panel.indicator == "resident_population_10k") & (panel.year == "2020")]
    residents: pd.Series[float] = pd.to_numeric(own.set_index("adcode").value)
    return residents


def _cities(context: Context, spent: pd.DataFrame) -> MapLayer:
    layer = context.layer("prefectures")
    mean = spent.at_most.max()
    frame = layer.frame.join(spent[["percent", "at_most", "band"]])
    title = Text3(
        "研发经费占 GDP 比重（2023 年）",
        "R&D spending as a share of GDP, 2023",
        "研究開発費の対GDP比（2023年）",
    )
    bands = {
        "below": Text3(
            f"不高于河北平均 {mean:.2f}%，未逐市公布",
            f"not above Hebei's mean of {mean:.2f}%, not published by city",
            f"河北平均 {mean:.2f}%以下（市別は未公表）",
        ),
        **_BANDS,
    }
    shades = ramp("purple", len(bands))
    by = Categories("band", bands, dict(zip(bands, shades, strict=True)), title, ordered=True)
    rows = [
        Field("percent", title, "%", 2),
        Field("at_most", Text3("未公布，不高于", "Not published, at most", "未公表、上限"), "%", 2),
    ]
    provenance = {
        "title": title.described(),
        "sources": [*layer.provenance()["sources"], base.fact_source()],
    }
    about = About(title, provenance, group=base.SITES, layer_id="rd-intensity")
    return choropleth(frame, by, about, fields=rows)


def _notes(context: Context, spent: pd.DataFrame) -> list[Note]:
    """Point at the highest city and at the highest one of Hebei."""
    cities = context.frame("prefectures")
    first = spent.percent.idxmax()
    hebei = spent.percent[spent.index.str.startswith("13")].idxmax()
    made = []
    for adcode, zh, en, ja in (
        (first, "最高", "the highest", "最高"),
        (hebei, "河北最高", "the highest in Hebei", "河北で最高"),
    ):
        side: Side | None = "nw" if adcode == first else None
        row, value = cities.loc[adcode], float(spent.percent[str(adcode)])
        spot = row.geometry.representative_point()
        text = Text3(
            f"{row.name_zh}：研发经费占 GDP {value:.2f}%，{zh}",
            f"{row.name_en}: R&D is {value:.2f}% of GDP, {en}",
            f"{row.name_ja}：研究開発費はGDPの{value:.2f}%、{ja}",
        )
        short = Text3(f"研发 {value:.2f}%", f"R&D {value:.2f}%", f"R&D {value:.2f}%")
        made.append(note(text, spot.x - 0.45, spot.y, short=short, side=side))
    return made


def _rates(labs: pd.DataFrame) -> Chart:
    return chart(
        "bar",
        labs,
        title=Text3(
            "每百万常住人口的全国重点实验室",
            "National key laboratories per million residents",
            "常住人口100万人当たりの全国重点実験室",
        ),
        x=Axis(Text3("省市", "Province", "省・市"), "province_adcode", words=units.PROVINCES),
        y=Axis(Text3("公布总数", "Published totals", "公表総数"), unit=_EACH, decimals=2),
        series={"per_million": Text3("每百万人", "Per million", "100万人当たり")},
        colours={"per_million": "#65408c"},
        note=Text3(
            "河北的来源自称不完整，故为下限；北京为 2025 年末，天津、河北为 2024 年",
            "Hebei's source calls itself incomplete: a lower bound. Beijing: end of 2025; the others: 2024",
            "河北の出典は不完全と断っており下限値。北京は2025年末、天津・河北は2024年",
        ),
    )


_EACH: Final = Text3("家", "laboratories", "か所")


def _spending(context: Context, spent: pd.DataFrame) -> Chart:
    named = spent.dropna(subset=["percent"]).sort_values("percent", ascending=False)
    return chart(
        "bar",
        named.assign(adcode=named.index),
        title=Text3(
            "研发经费占 GDP 比重（2023 年）",
            "R&D spending as a share of GDP, 2023",
            "研究開発費の対GDP比（2023年）",
        ),
        x=Axis(Text3("城市", "City", "都市"), "adcode", words=context.names("prefectures")),
        y=Axis(Text3("比重", "Share", "比率"), unit="%", decimals=2),
        series={"percent": Text3("比重", "Share", "比率")},
        colours={"percent": "#8e6bb0"},
        link=Link("rd-intensity", "adcode"),
        note=Text3(
            f"其余 {len(spent) - len(named)} 市未公布",
            f"No figure is published for the other {len(spent) - len(named)} cities",
            f"他の{len(spent) - len(named)}市は未公表",
        ),
    )


def _chart(table: pd.DataFrame) -> Chart:
    rows = table.pivot(index="category", columns="province_adcode", values="listed")
    rows = rows.reindex(columns=list(units.PROVINCES)).fillna(0)
    rows = rows.loc[rows.sum(axis=1).sort_values(ascending=False).index].reset_index()
    return chart(
        "bar",
        rows,
        title=Text3(
            "图上列出的研发设施", "Research facilities on the map", "地図に載せた研究開発施設"
        ),
        x=Axis(Text3("类别", "Kind", "種別"), "category", words=_SHORT),
        y=Axis(Text3("个数", "Facilities", "か所数"), decimals=0),
        series=units.PROVINCES,
        colours=units.PROVINCE_COLOURS,
    )


_SHORT: Final = {
    "university": Text3("高等院校", "Universities", "大学"),
    "national_laboratory_or_key_lab": Text3("重点实验室", "Key laboratories", "重点実験室"),
    "large_science_facility": Text3("大科学装置", "Large facilities", "大型施設"),
    "science_city_or_park": Text3("科学城、园区", "Science parks", "サイエンスパーク"),
    "supercomputing_or_data_centre": Text3("超算中心", "Supercomputing", "スパコン"),
    "development_zone": Text3("开发区", "Dev. zones", "開発区"),
}
"""Names that fit beside a bar."""


PAGE = Page("innovation", TITLE, compose)
