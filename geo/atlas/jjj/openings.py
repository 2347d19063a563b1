"""The high-speed lines by the year in which they opened: what a timetable of one day cannot hold."""

from typing import Final

import pandas as pd

from geo.atlas.context import Context
from geo.layers import Text3
from geo.render import Axis, Chart, Link, chart

__all__ = ["COLOUR", "openings", "openings_chart"]

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
        x=Axis(Text3("年份", "Year", "年"), "year", decimals=0),
        y=Axis(Text3("年末里程", "Length at the end of the year", "年末の延長"), "", "km", 0),
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
