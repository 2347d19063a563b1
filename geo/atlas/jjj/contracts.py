"""Technology contracts from Beijing to Tianjin and Hebei: the years, and what the sums cover."""

from typing import Final

import pandas as pd

from geo.atlas.context import Context
from geo.layers import Text3
from geo.render import Axis, Chart, chart

__all__ = ["TITLE", "contracts", "contracts_chart"]

TITLE: Final = Text3(
    "北京流向津冀技术合同成交额",
    "Technology contracts, Beijing to Tianjin and Hebei",
    "北京から天津・河北への技術契約額",
)


def contracts(context: Context) -> pd.DataFrame:
    """Return the technology contracts from Beijing to Tianjin and Hebei, one row a year.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        ``year``, ``published`` and ``derived`` amounts in 100 million yuan, one of them missing.
    """
    table = context.table("tech_contracts")
    yearly = table[table.period.str.fullmatch(r"\d{4}") & table.kind.isin(["amount", "derived"])]
    value = pd.to_numeric(yearly.value_100m_yuan)  # sums may be bounds such as ">3200"
    return pd.DataFrame(
        {
            "year": yearly.period.astype(int),
            "published": value.where(yearly.kind == "amount"),
            "derived": value.where(yearly.kind == "derived"),
            "source": yearly.address,
        }
    ).reset_index(drop=True)


def contracts_chart(context: Context) -> Chart:
    """Draw the four years that the article's sum is made of.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Chart
        Published amounts and the one derived from the sum, with what each published sum covers.
    """
    table = contracts(context)
    return chart(
        "bar",
        table[table.year.between(2021, 2024)],
        title=TITLE,
        x=Axis(Text3("年份", "Year", "年"), "year", decimals=0),
        y=Axis(Text3("成交额", "Amount", "契約額"), unit=Text3("亿元", "100 million yuan", "億元")),
        series={
            "published": Text3("公布", "published", "公表"),
            "derived": Text3("推算", "derived", "推計"),
        },
        colours={"published": "#1f78b4", "derived": "#b9b3a9"},
        note=_covered(context),
    )


def _covered(context: Context) -> Text3:
    """Say which years each published sum covers."""
    sums = context.table("tech_contracts").set_index("period").value_100m_yuan
    four, five = float(sums["2021-2024"]), float(sums["2021-2025"].lstrip(">"))
    return Text3(
        f"{four:.1f} 亿元为 2021—2024 年合计，报道记为整个“十四五”时期；2021—2025 年公布为超过 {five:.0f} 亿元",
        f"{four:,.1f} is the sum of 2021 to 2024; the article gives it for the whole plan period of 2021 to "
        f"2025, for which more than {five:,.0f} is published",
        f"{four:,.1f}億元は2021～2024年の合計。記事は第14次五か年計画の全期間の額とするが、2021～2025年は{five:,.0f}億元超と公表",
    )
