"""Overview: who is where."""

import pandas as pd

from geo.atlas import base
from geo.atlas.context import Context
from geo.atlas.page import Built, Page
from geo.layers import Text3, vocabulary
from geo.render import About, Categories, Field, Map, MapLayer, points

__all__ = ["PAGE"]

TITLE = Text3(
    "京津冀的设施与企业", "Facilities and firms of Beijing–Tianjin–Hebei", "京津冀の施設と企業"
)


def counts(context: Context) -> pd.DataFrame:
    """Count facilities and firms by province, by the county that each row states.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        One row a category of facility, and one for firms present; one column a province.
    """
    provinces = context.frame("counties").province_adcode
    facilities, firms = context.frame("facilities"), context.present_firms()
    table = pd.crosstab(facilities.category, facilities.adcode.map(provinces))
    table.loc["firms"] = firms.adcode.map(provinces).value_counts()
    return table.rename_axis(index="category", columns=None).reset_index()


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
    facilities = context.frame("facilities")
    provinces = context.frame("counties").province_adcode
    research = facilities[facilities.role == "research"]
    in_beijing = (research.adcode.map(provinces) == "110000").mean()
    made = facilities[facilities.role == "manufacturing"]
    in_hebei = (made.adcode.map(provinces) == "130000").mean()
    finding = Text3(
        f"清单中 {len(research)} 处研发设施有 {in_beijing:.0%} 在北京，"
        f"{len(made)} 处制造设施有 {in_hebei:.0%} 在河北。",
        f"Of the {len(research)} research facilities listed, {in_beijing:.0%} are in Beijing; of the "
        f"{len(made)} manufacturing sites, {in_hebei:.0%} are in Hebei.",
        f"掲載した研究施設 {len(research)} か所の {in_beijing:.0%} は北京に、"
        f"製造拠点 {len(made)} か所の {in_hebei:.0%} は河北にある。",
    )
    caveat = Text3(
        "清单为选列而非全量，占比只说明清单。",
        "The list is a selection, not a census: its shares describe the list.",
        "掲載は選択であり悉皆ではない。割合は掲載分についてのもの。",
    )
    chart = Map(TITLE, finding=finding, caveats=[caveat])
    chart.add(
        *base.ground(context),
        base.xiongan(context),
        base.rail(context),
        base.firm_points(context),
        base.facility_points(context),
        _nodes(context),
        base.city_names(context),
    )
    return Built(chart, finding, caveat, {"counts": counts(context)})


def _nodes(context: Context) -> MapLayer:
    layer = context.layer("plan_nodes")
    names = vocabulary("basis")
    by = Categories(
        "basis",
        {one: names[one] for one in ("stated", "schematic")},
        {"stated": "#111111", "schematic": "#a8a29a"},
        Text3("节点依据", "Standing of the node", "節点の根拠"),
    )
    rows = [Field("axis_sets", Text3("所属轴线体系", "Axis sets", "軸の体系"))]
    about = About.of(layer, shown=False, group=Text3("规划", "Plan", "計画"))
    return points(layer.frame, about, colour_by=by, fields=rows)


PAGE = Page("overview", TITLE, compose)
