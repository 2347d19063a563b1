"""Trains by the timetable, and lines by the year they opened.

The high-speed lines by the year in which they opened: what a timetable of one day cannot hold.

What one day's timetable says of axes: the flows, what the axis rule finds, and the words for it.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.flows.axes import Axis, Found, find_axes
from geo.analysis.flows.table import Flows, check_flows
from geo.analysis.flows.verdicts import short_name
from geo.atlas.base import MONTHS, listed
from geo.atlas.context import Context
from geo.crs import to_analysis
from geo.errors import InputError
from geo.layers.places import city_seats
from geo.render import Axis as ChartAxis
from geo.render import Chart, Link, chart
from geo.texts import Localized, tr

__all__ = [
    "ALPHA",
    "COLOUR",
    "DATE",
    "DATED",
    "LOOSER",
    "Timetable",
    "openings",
    "openings_chart",
    "trains",
]

COLOUR: Final = "#0a8f72"
"""Of what opened, in the chart and on the map."""

_OPEN: Final = {
    "before_km": tr("open before"),
    "new_km": tr("opened that year"),
}


def openings(context: Context) -> pd.DataFrame:
    """Return the kilometres of line that were open at the end of each year.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    DataFrame
        One row a year from the first opening to the last: ``year``, ``before_km``, ``new_km``,
        ``share`` of all kilometres listed that were open then, ``lines`` (ids opened that year).

    Examples
    --------
    >>> table = openings(Context())
    >>> int(table.year.min()), float(table.share.iloc[-1])
    (2008, 1.0)
    """
    lines = context.frame("rail_lines")
    year = lines.opened.str[:4].astype(int)
    years = pd.RangeIndex(year.min(), year.max() + 1, name="year")
    new = lines.length_km.groupby(year).sum().reindex(years, fill_value=0.0)
    ids = lines.index.to_series().groupby(year).agg(" ".join).reindex(years, fill_value="")
    table = pd.DataFrame({"before_km": new.cumsum() - new, "new_km": new})
    return table.assign(share=new.cumsum() / new.sum(), lines=ids).reset_index()


def openings_chart(context: Context) -> Chart:
    """Draw the kilometres open in each year; choosing years shows the lines that opened in them.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    Chart
        Linked to the layer ``rail_lines``.
    """
    table = openings(context)
    n = len(context.frame("rail_lines"))
    return chart(
        "bar",
        table.assign(ids=table.lines.str.split()),
        title=tr("High-speed line open, by year"),
        x=ChartAxis(tr("Year"), "year", decimals=0),
        y=ChartAxis(tr("Length at the end of the year"), "", "km", 0),
        series=_OPEN,
        colours={"before_km": "#b9b3a9", "new_km": COLOUR},
        link=Link("rail_lines", "ids"),
        note=tr(
            "Straight links between the stations of the {n} lines listed, in the region: not "
            "the operating length",
            n=n,
        ),
    )


DATE: Final = pd.Timestamp("2016-03-10")
DATED: Final = tr("Timetable of 10 March 2016")
ALPHA: Final = 0.05
LOOSER: Final = 0.1
_LANGUAGES: Final = ("zh", "en", "ja")


def trains(context: Context) -> Flows:
    """Check the table of high-speed trains a day between cities.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

    Returns
    -------
    Flows
        Undirected: both directions of a pair are summed.
    """
    table = context.table("city_trains", numbers=("trains_per_day",))
    names = {"from_city": "origin", "to_city": "destination", "trains_per_day": "weight"}
    return check_flows(table.rename(columns=names), _units(context))


def _units(context: Context) -> pd.DataFrame:
    cities: pd.DataFrame = context.frame("prefectures")[["name_zh", "name_en", "name_ja"]]
    return cities


@dataclass(frozen=True)
class Timetable:
    """The trains of the day and the axes found in them at two levels.

    Attributes
    ----------
    units
        Names of the cities, by adcode.
    seats
        Seats of the cities as points in ``STORAGE_CRS``.
    flows
        High-speed trains a day between the cities.
    found, looser
        What the axis rule finds at ``ALPHA`` and at ``LOOSER``.
    main
        The main axis at ``ALPHA``.
    """

    units: pd.DataFrame
    seats: gpd.GeoDataFrame
    flows: Flows
    found: Found
    looser: Found
    main: Axis

    @classmethod
    def of(cls, context: Context) -> "Timetable":
        """Read the table and apply the axis rule.

        Parameters
        ----------
        context
            Layers, plan and projection of the region, read when first asked for.

        Returns
        -------
        Timetable
            With a main axis.

        Raises
        ------
        InputError
            When the rule names no main axis.
        """
        flows, seats = trains(context), city_seats(context.region)
        metric = to_analysis(seats, context.region.crs)
        found, looser = (find_axes(flows, metric, alpha=one) for one in (ALPHA, LOOSER))
        if found.main is None:
            msg = "flows: the train table has no main axis; the page cannot be written as it is"
            raise InputError(msg)
        return cls(_units(context), seats, flows, found, looser, found.main)

    @property
    def on_main_axis(self) -> int:
        """Trains a day on the main axis, both ways."""
        return round(self.main.shares[0] * float(self.flows.pairs.weight.sum()))

    def named(self, axis: Axis) -> Localized:
        """Name an axis by its cities.

        Parameters
        ----------
        axis
            An axis of ``found`` or of ``looser``.

        Returns
        -------
        Localized
            From the core outwards.
        """
        names = ([short_name(self.units, one, way) for one in axis.units] for way in _LANGUAGES)
        return Localized.of(*(dash.join(one) for dash, one in zip("—–―", names, strict=True)))

    def idle(self) -> Localized:
        """Name the cities without a train.

        Returns
        -------
        Localized
            In the order of their codes.
        """
        zh, en, ja = (
            [short_name(self.units, one, way) for one in self.flows.without_flows]
            for way in _LANGUAGES
        )
        return Localized(zh="、".join(zh), en=listed(en), ja="、".join(ja))

    def finding(self) -> Localized:
        """Say which axis is the main one, and whether there is a second.

        Returns
        -------
        Localized
            The sentence of the page.
        """
        n, share = self.on_main_axis, self.main.shares[0]
        main, second = self.named(self.main), self._second()
        return tr(
            "On {day} {month} {year}, {n} high-speed trains ran on {main}, {share:.0%} "
            "of the total over all pairs of cities: the main axis. {second}.",
            day=DATE.day,
            year=DATE.year,
            n=n,
            share=share,
            second=second,
            main=main,
            month=Localized.of(str(DATE.month), MONTHS[DATE.month - 1], str(DATE.month)),
        )

    def _second(self) -> Localized:
        if not self.looser.secondary:
            return tr("No secondary axis is found")
        if self.found.secondary:
            axis = self.named(self.found.secondary[0])
            return tr("{axis} is a secondary axis", axis=axis)
        axis = self.named(self.looser.secondary[0])
        return tr(
            "{axis} counts as a secondary axis only if the test is loosened to α = {looser:g}",
            axis=axis,
            looser=LOOSER,
        )

    def levels(self) -> Localized:
        """Say how the answer depends on the level of the test, with the shares that decide.

        Returns
        -------
        Localized
            One clause a level.
        """
        main = self._shares(self.main)
        clauses = [self._level(one) for one in (self.found, self.looser)]
        zh, en, ja = ([getattr(one, way) for one in clauses] for way in _LANGUAGES)
        return tr(
            "The main axis is {main}. Whether there is a secondary one depends on the level "
            "of the test: {clauses}. In brackets: shares of all trains.",
            main=main,
            clauses=Localized(zh="；".join(zh), en="; ".join(en), ja="。".join(ja)),
        )

    def _level(self, found: Found) -> Localized:
        level, kept = f"α = {found.alpha:g}", f"{found.backbone_weight_share:.1%}"
        named = [self._shares(one) for one in found.secondary]
        none = tr("none")
        zh, en, ja = (
            mark.join(getattr(one, way) for one in named or [none])
            for mark, way in (("、", "zh"), (" and ", "en"), ("と", "ja"))
        )
        axes = Localized(zh=zh, en=en, ja=ja)
        if not named:
            return tr(
                "at {level}, none, with {kept} of the trains left in the backbone",
                level=level,
                kept=kept,
            )
        return tr(
            "at {level}, {axes}, with {kept} of the trains left in the backbone",
            level=level,
            axes=axes,
            kept=kept,
        )

    def _shares(self, axis: Axis) -> Localized:
        name, shares = self.named(axis), [f"{one:.1%}" for one in axis.shares]
        return tr(
            "{name} ({shares})",
            name=name,
            shares=Localized(zh="、".join(shares), en=", ".join(shares), ja="、".join(shares)),
        )

    def caveat(self) -> Localized:
        """Say what one day's table cannot show.

        Returns
        -------
        Localized
            With the cities without a train.
        """
        idle = self.idle()
        return tr(
            "One day's high-speed trains, before the lines to Zhangjiakou and Xiong'an "
            "opened; {idle} had none in the table. A train counts once for every pair of "
            "cities it serves.",
            idle=idle,
        )
