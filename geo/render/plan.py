"""Sites in a plan as a map: circles, corridors, sites by circle, stacked years beside it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.render.charts import Axis, Chart, chart
from geo.render.colours.colouring import Categories
from geo.render.colours.palette import CATEGORY_COLOURS, OTHER
from geo.render.drawing.lines import lines
from geo.render.drawing.points import points
from geo.render.drawing.polygons import polygons
from geo.render.layer import About, MapLayer
from geo.render.map import Language, Map
from geo.texts import Localized, names_of, tr, tr_in, tr_n

__all__ = ["plan_map", "year_charts"]

_GROUP: Final = tr("The plan")
_UNCONFIRMED: Final = tr("Units not confirmed (hatched)")
_OUTSIDE: Final = tr("Outside")
_DEFINITIONS: Final = {
    "list": tr_in("plan", "by list"),
    "radius": tr_in("plan", "by radius"),
    "minutes": tr("by minutes"),
    "corridor": tr("by corridor"),
}
_KINDS: Final = {
    "founded": tr("year founded"),
    "listed": tr("year listed"),
    "opened": tr("year opened"),
    "unstated": tr("year of a kind not stated"),
}
_YEAR: Final = tr("Year")
_STOCK: Final = tr("Sites so far")


def _names(frame: pd.DataFrame) -> dict[str, Localized]:
    columns = ["name_zh", "name_en", "name_ja"]
    rows = zip(frame.index, frame[columns].to_numpy(), strict=True)
    named = {str(key): Localized.of(*row) for key, row in rows}
    return named | {"outside": _OUTSIDE}


def _colours(parts: Mapping[str, Localized]) -> dict[str, str]:
    inside = [one for one in parts if one != "outside"]
    return dict(zip(inside, CATEGORY_COLOURS, strict=False)) | {"outside": OTHER}


def plan_map(  # noqa: PLR0913 - what a page of a publication has
    areas: gpd.GeoDataFrame,
    corridors: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    *,
    title: Localized,
    circles: pd.DataFrame,
    unconfirmed: gpd.GeoDataFrame | None = None,
    years: pd.DataFrame | None = None,
    finding: Localized | None = None,
    provenances: Mapping[str, Mapping[str, Any]] | None = None,
    caveats: tuple[Localized, ...] = (),
    lang: Language = "zh",
) -> Map:
    """Compose the map of sites placed in a plan.

    Parameters
    ----------
    areas
        Circles with ``definition``, ``circle``, names, as
        ``geo.analysis.plan.circles.circle_areas``
        returns.
    corridors
        The plan's lines with names, by axis id.
    sites
        Points with ``circle_list`` and ``circle_radius``.
    title
        Title of the map in three languages.
    circles
        The plan's circles by id, with names, from the inside out.
    unconfirmed
        Units with names whose membership in ``circle`` no source confirms; they are hatched.
    years
        Counts by year as ``geo.analysis.plan.circles.shares_by_year`` returns them, for the stacked
        charts.
    finding
        One sentence that says what the map shows.
    provenances
        Provenance of ``plan`` and of ``sites``, with the sources that the page has to name.
    caveats
        Sentences that a reader must know, in three languages.
    lang
        Language code of the language in which the page opens: ``zh``, ``en`` or ``ja``.

    Returns
    -------
    Map
        Sites coloured by list, and, switched off, by radius: two layers, never mixed.

    Raises
    ------
    InputError
        When no site has a position.
    """
    parts = _names(circles)
    known = provenances or {}
    made = Map(title, finding=finding, caveats=caveats, lang=lang)
    made.add(*_areas(areas, _colours(parts), known.get("plan")))
    if unconfirmed is not None and len(unconfirmed):
        about = About(_UNCONFIRMED, known.get("plan"), group=_GROUP, layer_id="unconfirmed")
        by = Categories("circle", parts, _colours(parts), _UNCONFIRMED)
        made.add(polygons(unconfirmed, about, role="unconfirmed", colour_by=by))
    about = About(tr("Corridors"), known.get("plan"), group=_GROUP)
    made.add(lines(corridors, about, width=3.0))
    for column, shown in (("circle_list", True), ("circle_radius", False)):
        words = _DEFINITIONS[column.removeprefix("circle_")]
        heading = tr("Circle {words}", words=words)
        colouring = Categories(column, labels=parts, colours=_colours(parts), title=heading)
        about = About(heading, known.get("sites"), shown=shown, layer_id=f"sites-{column}")
        made.add(points(sites, about, colour_by=colouring))
    if years is not None:
        made.add(*year_charts(years, circles, corridors))
    return made


def _areas(
    areas: gpd.GeoDataFrame, colours: Mapping[str, str], provenance: Mapping[str, Any] | None
) -> Iterator[MapLayer]:
    """Draw the disks of each definition, the widest first; only the lists are switched on."""
    for definition, own in areas.groupby("definition", sort=False):
        words = _DEFINITIONS[str(definition)]
        for circle_id, row in own.iloc[::-1].iterrows():
            unsure = _unsure(row)
            about = About(
                tr(
                    "{name} {words}{unsure}",
                    words=words,
                    unsure=unsure,
                    name=names_of(row),
                ),
                provenance,
                group=_GROUP,
                shown=definition == "list",
                layer_id=str(circle_id),
            )
            yield polygons(own.loc[[circle_id]], about, role="zone", colour=colours[row["circle"]])


def _unsure(row: "pd.Series[Any]") -> Localized:
    n = 0 if pd.isna(row["n_unconfirmed"]) else int(row["n_unconfirmed"])
    if n == 0:
        return Localized(zh="", en="", ja="")
    return tr_n(n, ", {n} unit unconfirmed", ", {n} units unconfirmed")


def year_charts(
    years: pd.DataFrame, circles: pd.DataFrame, corridors: pd.DataFrame
) -> Iterator[Chart]:
    """Draw the stock of sites by year as stacked areas, a chart a definition and kind of date.

    Parameters
    ----------
    years
        As ``geo.analysis.plan.circles.shares_by_year`` returns; undated sites are counted, not
        drawn.
    circles, corridors
        With names, by id; they name the parts.

    Yields
    ------
    Chart
        Each site once (exclusive), so that the areas stack to the whole.
    """
    undated = years[years.date_kind == "undated"]
    for (kind, definition), own in years[years.year.notna()].groupby(
        ["date_kind", "definition"], sort=False
    ):
        parts = _names(corridors if definition == "corridor" else circles)
        wide = own.pivot_table(index="year", columns="part", values="n_stock", aggfunc="sum")
        wide = wide.reindex(columns=list(parts), fill_value=0.0)
        if wide.to_numpy().sum() == 0:
            continue
        n = undated[undated.definition == definition].n_stock.sum()
        yield chart(
            "area",
            wide.rename_axis(columns=None).reset_index().astype({"year": int}),
            title=_joined(_DEFINITIONS[str(definition)], _KINDS[str(kind)]),
            x=Axis(_YEAR, column="year", decimals=0),
            y=Axis(_STOCK),
            series=parts,
            colours=_colours(parts),
            note=_undated(int(n)),
        )


def _joined(one: Localized, other: Localized) -> Localized:
    return tr("Stock {value}, {other}", value=one, other=other)


def _undated(n: int) -> Any:
    if not n:
        return None
    return tr_n(n, "{n} more has no date and is left out", "{n} more have no date and are left out")
