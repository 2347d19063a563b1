"""Coordination: whether input and output of innovation go together, province by province."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.coordination import coupling as coordination
from geo.analysis.coordination import coupling as development
from geo.analysis.coordination import indicators
from geo.analysis.coordination.coupling import CLASSES
from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites as units
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
    choropleth,
    note,
)
from geo.render.charts import Side
from geo.render.colours.palette import ramp
from geo.texts import Localized, tr, tr_in

__all__ = ["IN_STEP", "PAGE", "degrees"]

TITLE: Final = tr("Do innovation input and output keep pace?")
INPUT: Final = ("rd_intensity_pct",)
OUTPUT: Final = ("patents_granted", "tech_contract_100m_yuan")
_WORKBOOK: Final = "jingjinji-education-network"
IN_STEP: Final = 0.1
"""Scores of input and output that differ by no more than this are read as in step."""
_GAPS: Final = {
    "step": tr("input and output are in step"),
    "output": tr("output lags behind input"),
    "input": tr("input lags behind output"),
}


def degrees(context: Context) -> pd.DataFrame:
    """Measure the coupling coordination degree of innovation input and output by province.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    DataFrame
        ``adcode, year, input, output`` (scores on bounds pooled over years and provinces),
        ``degree`` and its class in three languages; null where C is undefined.
    """
    panel = context.table("city_panel", numbers=("value",))
    own = panel[panel.source.str.endswith(_WORKBOOK) & panel.adcode.isin(units.PROVINCES)]
    wide = own.pivot(index=["adcode", "year"], columns="indicator", values="value").reset_index()
    wide = wide.assign(unit=wide.adcode, year=wide.year.astype(int))
    scores = indicators.subsystem_scores(wide, {"input": [*INPUT], "output": [*OUTPUT]}).values
    if not isinstance(scores, pd.DataFrame):  # pragma: no cover - it gives a frame
        raise TypeError
    found = coordination.coupling_coordination(scores).values
    if not isinstance(found, pd.DataFrame):  # pragma: no cover - it gives a frame
        raise TypeError
    both = scores.join(found[["degree", "class_zh", "class_en", "class_ja"]]).reset_index()
    return both.rename(columns={"unit": "adcode"}).round(4)


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
    table = degrees(context)
    known = table.dropna(subset=["degree"]).sort_values("year").groupby("adcode")
    first, last = known.first(), known.last()
    last = last.assign(gap=_lagging(last))
    end = int(last.year.max())
    dated = tr("Data of {year_min}–{end}", year_min=int(table.year.min()), end=end)
    finding = _finding(first, last, end)
    caveat = tr(
        "The degree can be compared only among these three provinces and years. Output is "
        "counted in totals, not per resident, which favours the large. The three "
        "indicators come from one public workbook of official figures that was not "
        "checked against the yearbooks; there are no data for cities."
    )
    made = Map(TITLE, finding=finding, caveats=[caveat], kicker=dated)
    *under, _ = base.ground(context)  # no city borders: nothing here is known by city
    made.add(*under, base.special_area(context, shown=False), _provinces(context, last))
    made.add(_lines(table), _gaps(table), _index(context), *_notes(last))
    return Built(made, finding, caveat, {"degrees": table}, dated)


def _finding(first: pd.DataFrame, last: pd.DataFrame, end: int) -> Localized:
    """Say how the degrees moved, and which side lags where."""
    ways = {one: f"{first.degree[one]:.2f}→{last.degree[one]:.2f}" for one in units.PROVINCES}
    start, late = int(first.year.min()), int(first.year["130000"])
    lags = _lags(last)
    return tr(
        "Coupling coordination of innovation input and output, {start} to {end}: Beijing "
        "{ways_110000}, Tianjin {ways_120000}, Hebei {ways_130000} (from {late}). In "
        "{end} {lags}.",
        start=start,
        end=end,
        ways_110000=ways["110000"],
        ways_120000=ways["120000"],
        ways_130000=ways["130000"],
        late=late,
        lags=lags,
    )


def _lags(last: pd.DataFrame) -> Localized:
    """Name the provinces in which one side lags."""
    behind = [one for one in units.PROVINCES if last.gap[one] != "step"]
    if not behind:
        return tr("input and output are in step in all three")
    named = [(units.PROVINCES[one], _GAPS[str(last.gap[one])]) for one in behind]
    return Localized(
        zh="，".join(f"{name.zh}{gap.zh}" for name, gap in named),
        en=" and ".join(f"{gap.en} in {name.en}" for name, gap in named),
        ja="、".join(f"{name.ja}で{gap.ja.removesuffix('る')}" for name, gap in named) + "る",
    )


def _lagging(scores: pd.DataFrame) -> "pd.Series[str]":
    """Tell which side lags, row by row: ``step``, ``output`` or ``input``."""
    apart = scores.output - scores.input
    return (
        pd.Series("step", scores.index)
        .mask(apart < -IN_STEP, "output")
        .mask(apart > IN_STEP, "input")
    )


_SPOTS: Final[dict[str, tuple[float, float, Side]]] = {
    "110000": (116.0, 40.2, "nw"),
    "120000": (117.75, 38.95, "se"),
    "130000": (114.6, 38.0, "nw"),
}
"""Where a callout points at each province, and the side with room."""


def _notes(last: pd.DataFrame) -> list[Note]:
    made = []
    for one, (lon, lat, side) in _SPOTS.items():
        row, name, gap = last.loc[one], units.PROVINCES[one], _GAPS[str(last.gap[one])]
        text = tr(
            "{name} {degree:.2f}: {gap} ({input:.2f} in, {output:.2f} out)",
            name=name,
            degree=row.degree,
            gap=gap,
            input=row.input,
            output=row.output,
        )
        short = Localized.of(*(f"{one} {row.degree:.2f}" for one in (name.zh, name.en, name.ja)))
        made.append(note(text, lon, lat, short=short, side=side))
    return made


def _provinces(context: Context, last: pd.DataFrame) -> MapLayer:
    layer = context.layer("provinces")
    columns = ["year", "input", "output", "degree", "class_en", "gap"]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(layer.frame.drop(columns="geometry")).join(last[columns]),
        geometry=layer.frame.geometry,
        crs=layer.frame.crs,
    )
    title = tr("Coupling coordination degree")
    lows = (0.0, *(high for high, _ in CLASSES))
    names = {
        name.en: Localized.of(*(f"{one} {low:g}–{high:g}" for one in (name.zh, name.en, name.ja)))
        for low, (high, name) in zip(lows, CLASSES, strict=False)
    }
    shades = dict(zip(names, ramp("green", 9)[:1] + ramp("green", 9), strict=True))
    shown = [
        Field("class_en", tr("Class"), words=names),
        Field("degree", title, decimals=3),
        Field("input", tr("Input score"), decimals=3),
        Field("output", tr("Output score"), decimals=3),
        Field("gap", tr("Which side lags"), words=_GAPS),
        Field("year", tr("Year"), decimals=0),
    ]
    group = tr("Coordination")
    about = About.of(layer, title=title, group=group, layer_id="degree")
    by = Categories("class_en", names, shades, tr("Class"), ordered=True)
    return choropleth(frame, by, about, fields=shown)


def _lines(table: pd.DataFrame) -> Chart:
    wide = table.pivot(index="year", columns="adcode", values="degree").reset_index()
    return chart(
        "line",
        wide,
        title=tr("Coupling coordination degree"),
        x=Axis(tr("Year"), "year", decimals=0),
        y=Axis(tr("Degree (0 to 1)"), decimals=2),
        series=units.PROVINCES,
        colours=units.PROVINCE_COLOURS,
        note=tr(
            "D = √(C·T). Input: R&D intensity. Output: patents granted and technology "
            "contracts, by entropy weights. The same bounds for all years and provinces"
        ),
    )


def _gaps(table: pd.DataFrame) -> Chart:
    wide = table.assign(gap=table.output - table.input)
    wide = wide.pivot(index="year", columns="adcode", values="gap").reset_index()
    return chart(
        "line",
        wide,
        title=tr("Output score minus input score"),
        x=Axis(tr("Year"), "year", decimals=0),
        y=Axis(tr("Difference of scores"), decimals=2),
        series=units.PROVINCES,
        colours=units.PROVINCE_COLOURS,
        note=tr(
            "Below zero output lags, above zero input lags; within {in_step:g} they are in step",
            in_step=IN_STEP,
        ),
    )


_INDEX_YEAR: Final = "2024"
_PARTS: Final = {
    "innovation": tr("Innovation"),
    "green": tr("Green"),
    "sharing": tr("Sharing"),
    "coordination": tr_in("coordination", "Coordination"),
    "openness": tr("Openness"),
}


def _index(context: Context) -> Chart:
    table = context.table("development_index", numbers=("value",))
    parts = table[(table.year == _INDEX_YEAR) & table.component.isin(_PARTS)]
    rebuilt = development.development_index(context.table("development_index")).values
    if not isinstance(rebuilt, pd.DataFrame):  # pragma: no cover - it gives a frame
        raise TypeError
    latest = rebuilt.reset_index().sort_values("year").tail(1)
    mean, published = latest.mean_of_five.item(), latest.published.item()
    return chart(
        "bar",
        parts.sort_values("value", ascending=False),
        title=tr(
            "National statistics bureau's index of regional development, {index_year} (2014 = 100)",
            index_year=_INDEX_YEAR,
        ),
        x=Axis(tr("Sub-index"), "component", words=_PARTS),
        y=Axis(tr("Index"), decimals=1),
        series={"value": tr("Index")},
        colours={"value": "#5591bf"},
        note=tr(
            "The five average {mean:.2f}; the published total is {published:.1f}. The older "
            "index (2010 = 100) is another series",
            mean=mean,
            published=published,
        ),
    )


PAGE = Page("coordination", TITLE, compose)
