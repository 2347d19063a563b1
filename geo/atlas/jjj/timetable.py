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
from geo.layers import Text3
from geo.layers.places import city_seats
from geo.render import Axis as ChartAxis
from geo.render import Chart, Link, chart

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
    "before_km": Text3("此前已开通", "open before", "それ以前に開業"),
    "new_km": Text3("当年开通", "opened that year", "その年に開業"),
}


def openings(context: Context) -> pd.DataFrame:
    """Return the kilometres of line that were open at the end of each year.

    Parameters
    ----------
    context
        The shared layers.

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
        The shared layers.

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
        title=Text3(
            "历年已开通的高速铁路", "High-speed line open, by year", "開業済みの高速鉄道（年別）"
        ),
        x=ChartAxis(Text3("年份", "Year", "年"), "year", decimals=0),
        y=ChartAxis(Text3("年末里程", "Length at the end of the year", "年末の延長"), "", "km", 0),
        series=_OPEN,
        colours={"before_km": "#b9b3a9", "new_km": COLOUR},
        link=Link("rail_lines", "ids"),
        note=Text3(
            f"所列 {n} 条线路在本区域内车站间的直线长度，不是运营里程",
            f"Straight links between the stations of the {n} lines listed, in the region: not the "
            "operating length",
            f"掲載{n}路線の域内の駅間直線距離で、営業キロではない",
        ),
    )


DATE: Final = pd.Timestamp("2016-03-10")
DATED: Final = Text3(
    "2016 年 3 月 10 日时刻表", "Timetable of 10 March 2016", "2016年3月10日の時刻表"
)
ALPHA: Final = 0.05
LOOSER: Final = 0.1
_LANGUAGES: Final = ("zh", "en", "ja")


def trains(context: Context) -> Flows:
    """Check the table of high-speed trains a day between cities.

    Parameters
    ----------
    context
        The shared layers.

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
        Where the cities are, in ``STORAGE_CRS``.
    flows
        The trains.
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
            The shared layers.

        Returns
        -------
        Timetable
            With a main axis.

        Raises
        ------
        InputError
            When the rule names no main axis: nothing could be said of it.
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

    def named(self, axis: Axis) -> Text3:
        """Name an axis by its cities.

        Parameters
        ----------
        axis
            Of ``found`` or ``looser``.

        Returns
        -------
        Text3
            From the core outwards.
        """
        names = ([short_name(self.units, one, way) for one in axis.units] for way in _LANGUAGES)
        return Text3(*(dash.join(one) for dash, one in zip("—–―", names, strict=True)))

    def idle(self) -> Text3:
        """Name the cities without a train.

        Returns
        -------
        Text3
            In the order of their codes.
        """
        zh, en, ja = (
            [short_name(self.units, one, way) for one in self.flows.without_flows]
            for way in _LANGUAGES
        )
        return Text3("、".join(zh), listed(en), "、".join(ja))

    def finding(self) -> Text3:
        """Say which axis is the main one, and whether there is a second.

        Returns
        -------
        Text3
            The sentence of the page.
        """
        n, share = self.on_main_axis, self.main.shares[0]
        main, second = self.named(self.main), self._second()
        cities = main.en.replace("–", " and ")
        return Text3(
            f"{DATE.year} 年 {DATE.month} 月 {DATE.day} 日，{main.zh}之间开行 {n} 班高铁，占各城市对合计的 {share:.0%}，"
            f"是主轴；{second.zh}。",
            f"On {DATE.day} {MONTHS[DATE.month - 1]} {DATE.year}, {n} high-speed trains ran between {cities}, {share:.0%} "
            f"of the total over all pairs of cities: the main axis. {second.en}.",
            f"{DATE.year}年{DATE.month}月{DATE.day}日、{main.ja}間の高速列車は{n}本で、全都市ペアの合計の{share:.0%}を占める"
            f"主軸。{second.ja}。",
        )

    def _second(self) -> Text3:
        if not self.looser.secondary:
            return Text3("未见副轴", "No secondary axis is found", "副軸は見いだされない")
        if self.found.secondary:
            axis = self.named(self.found.secondary[0])
            return Text3(
                f"{axis.zh}是副轴", f"{axis.en} is a secondary axis", f"{axis.ja}は副軸となる"
            )
        axis = self.named(self.looser.secondary[0])
        return Text3(
            f"{axis.zh}只有把显著性水平放宽到 α = {LOOSER:g} 才算副轴",
            f"{axis.en} counts as a secondary axis only if the test is loosened to α = {LOOSER:g}",
            f"{axis.ja}は、有意水準をα = {LOOSER:g}に緩めた場合に限り副軸となる",
        )

    def levels(self) -> Text3:
        """Say how the answer depends on the level of the test, with the shares that decide.

        Returns
        -------
        Text3
            One clause a level.
        """
        main = self._shares(self.main)
        clauses = [self._level(one) for one in (self.found, self.looser)]
        zh, en, ja = ([getattr(one, way) for one in clauses] for way in _LANGUAGES)
        return Text3(
            f"主轴为{main.zh}。能否认定副轴取决于显著性水平：{'；'.join(zh)}。括号内为占全部班次的比重。",
            f"The main axis is {main.en}. Whether there is a secondary one depends on the level of the "
            f"test: {'; '.join(en)}. In brackets: shares of all trains.",
            f"主軸は{main.ja}。副軸の有無は有意水準によって変わる：{'。'.join(ja)}。括弧内は全本数に占める割合。",
        )

    def _level(self, found: Found) -> Text3:
        level, kept = f"α = {found.alpha:g}", f"{found.backbone_weight_share:.1%}"
        named = [self._shares(one) for one in found.secondary]
        none = Text3("无副轴", "none", "副軸なし")
        zh, en, ja = (
            mark.join(getattr(one, way) for one in named or [none])
            for mark, way in (("、", "zh"), (" and ", "en"), ("と", "ja"))
        )
        return Text3(
            f"{level} 时{'副轴为' if named else ''}{zh}，骨干保留班次的 {kept}",
            f"at {level}, {en}, with {kept} of the trains left in the backbone",
            f"{level}では{ja}で、骨格に残るのは本数の{kept}",
        )

    def _shares(self, axis: Axis) -> Text3:
        name, shares = self.named(axis), [f"{one:.1%}" for one in axis.shares]
        return Text3(
            f"{name.zh}（{'、'.join(shares)}）",
            f"{name.en} ({', '.join(shares)})",
            f"{name.ja}（{'、'.join(shares)}）",
        )

    def caveat(self) -> Text3:
        """Say what one day's table cannot show.

        Returns
        -------
        Text3
            With the cities without a train.
        """
        idle = self.idle()
        return Text3(
            f"仅为一日的高铁班次，早于京张、京雄等线开通；当日表中{idle.zh}没有车次。一列车在其停靠的每个城市对中各计一次。",
            "One day's high-speed trains, before the lines to Zhangjiakou and Xiong'an opened; "
            f"{idle.en} had none in the table. A train counts once for every pair of cities it serves.",
            f"一日分の高速列車のみで、京張・京雄などの開業前。{idle.ja}は表に列車がない。列車は停車する都市の"
            "ペアごとに1回ずつ数える。",
        )
