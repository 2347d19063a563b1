"""Innovation resources: research facilities, and the coverage of the list."""

from typing import Final

import pandas as pd

from geo.analysis.roles.firms import concentration
from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites
from geo.atlas.jjj import sites as units
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
from geo.texts import Localized, names_of, tr, tr_in

__all__ = ["PAGE", "by_category", "laboratories", "rd_intensity"]

TITLE: Final = tr("Where the research resources are")
_LABS: Final = "national_laboratory_or_key_lab"
DATED: Final = tr("Laboratories 2024–2025, R&D 2023, residents 2020")
YEAR: Final = "2023"
_PRELIMINARY: Final = "preliminary"


def by_category(context: Context) -> pd.DataFrame:
    """Count research facilities by category and province, beside published totals.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

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
        Layers, plan and projection of the region, read when first asked for.

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
        Layers, plan and projection of the region, read when first asked for.

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
    "low": tr("2.5% or less"),
    "middle": tr("more than 2.5%, to 3%"),
    "high": tr("more than 3%, to 4%"),
    "top": tr("more than 4%"),
}


def compose(context: Context) -> Built:
    """Compose the page.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    Built
        Map, finding and tables.
    """
    table, labs, spent = by_category(context), laboratories(context), rd_intensity(context)
    rate = labs.set_index("province_adcode").per_million
    finding = tr(
        "National key laboratories per million residents: {rate_110000:.1f} in Beijing, "
        "{rate_120000:.1f} in Tianjin and at least {rate_130000:.2f} in Hebei.",
        rate_110000=rate["110000"],
        rate_120000=rate["120000"],
        rate_130000=rate["130000"],
    )
    covered = table.coverage.dropna()
    caveat = tr(
        "Laboratory numbers are published totals, of different dates and definitions. The "
        "dots are a selection: {covered_min:.0%} to {covered_max:.0%} of the published "
        "totals.",
        covered_min=covered.min(),
        covered_max=covered.max(),
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


_NAMED_ONLY: Final = tr(
    "R&D shares are preliminary figures for {year}. Hebei published only its cities "
    "above the provincial mean; of the others all that is known is that they are not "
    "above it.",
    year=YEAR,
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
    title = tr("R&D spending as a share of GDP, 2023")
    bands = {
        "below": tr("not above Hebei's mean of {mean:.2f}%, not published by city", mean=mean),
        **_BANDS,
    }
    shades = ramp("purple", len(bands))
    by = Categories("band", bands, dict(zip(bands, shades, strict=True)), title, ordered=True)
    rows = [
        Field("percent", title, "%", 2),
        Field("at_most", tr("Not published, at most"), "%", 2),
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
        text = tr(
            "{name}: R&D is {value:.2f}% of GDP, {words}",
            name=names_of(row),
            value=value,
            words=Localized(zh=zh, en=en, ja=ja),
        )
        short = tr("R&D {value:.2f}%", value=value)
        made.append(note(text, spot.x - 0.45, spot.y, short=short, side=side))
    return made


def _rates(labs: pd.DataFrame) -> Chart:
    return chart(
        "bar",
        labs,
        title=tr("National key laboratories per million residents"),
        x=Axis(tr("Province"), "province_adcode", words=units.PROVINCES),
        y=Axis(tr("Published totals"), unit=_EACH, decimals=2),
        series={"per_million": tr("Per million")},
        colours={"per_million": "#65408c"},
        note=tr(
            "Hebei's source calls itself incomplete: a lower bound. Beijing: end of 2025; the "
            "others: 2024"
        ),
    )


_EACH: Final = tr("laboratories")


def _spending(context: Context, spent: pd.DataFrame) -> Chart:
    named = spent.dropna(subset=["percent"]).sort_values("percent", ascending=False)
    return chart(
        "bar",
        named.assign(adcode=named.index),
        title=tr("R&D spending as a share of GDP, 2023"),
        x=Axis(tr("City"), "adcode", words=context.names("prefectures")),
        y=Axis(tr_in("innovation", "Share"), unit="%", decimals=2),
        series={"percent": tr_in("innovation", "Share")},
        colours={"percent": "#8e6bb0"},
        link=Link("rd-intensity", "adcode"),
        note=tr(
            "No figure is published for the other {n_spent_len_named} cities",
            n_spent_len_named=len(spent) - len(named),
        ),
    )


def _chart(table: pd.DataFrame) -> Chart:
    rows = table.pivot(index="category", columns="province_adcode", values="listed")
    rows = rows.reindex(columns=list(units.PROVINCES)).fillna(0)
    rows = rows.loc[rows.sum(axis=1).sort_values(ascending=False).index].reset_index()
    return chart(
        "bar",
        rows,
        title=tr("Research facilities on the map"),
        x=Axis(tr("Kind"), "category", words=_SHORT),
        y=Axis(tr_in("innovation", "Facilities"), decimals=0),
        series=units.PROVINCES,
        colours=units.PROVINCE_COLOURS,
    )


_SHORT: Final = {
    "university": tr("Universities"),
    "national_laboratory_or_key_lab": tr("Key laboratories"),
    "large_science_facility": tr("Large facilities"),
    "science_city_or_park": tr("Science parks"),
    "supercomputing_or_data_centre": tr("Supercomputing"),
    "development_zone": tr("Dev. zones"),
}
"""Names that fit beside a bar."""


PAGE = Page("innovation", TITLE, compose)
