"""Overview: who is where."""

import pandas as pd

from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites
from geo.layers import Text3, vocabulary
from geo.render import About, Categories, Field, Map, MapLayer, Note, note, points

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


def roles(context: Context) -> pd.DataFrame:
    """Count facilities by function and province.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        One row a function, one column a province, and ``total``.
    """
    provinces = context.frame("counties").province_adcode
    facilities = context.frame("facilities")
    table = pd.crosstab(facilities.role, facilities.adcode.map(provinces))
    table["total"] = table.sum(axis=1)
    return table.rename_axis(index="role", columns=None).reset_index()


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
    province = facilities.adcode.map(context.frame("counties").province_adcode)
    research, made = facilities.role == "research", facilities.role == "manufacturing"
    cities = facilities.adcode.map(context.frame("counties").city_adcode)
    in_beijing = province[research] == "110000"
    in_hebei = province[made] == "130000"
    finding = Text3(
        f"清单中 {len(in_beijing)} 处研发设施，{in_beijing.mean():.0%} 在北京；"
        f"{len(in_hebei)} 处制造设施，{in_hebei.mean():.0%} 在河北。",
        f"Of the {len(in_beijing)} research facilities listed, {in_beijing.mean():.0%} are in "
        f"Beijing; of the {len(in_hebei)} manufacturing sites, {in_hebei.mean():.0%} are in Hebei.",
        f"掲載した研究開発施設{len(in_beijing)}か所の{in_beijing.mean():.0%}は北京に、"
        f"製造拠点{len(in_hebei)}か所の{in_hebei.mean():.0%}は河北にある。",
    )
    caveat = Text3(
        "清单为择要列举，不是普查；占比只反映清单本身。",
        "The list is a selection, not a census: the shares describe the list, not the region.",
        "一覧は選んで掲載したもので、全数調査ではない。割合は一覧の内訳を示すにすぎない。",
    )
    chart = Map(TITLE, finding=finding, caveats=[caveat], kicker=base.LISTED)
    chart.add(
        *base.ground(context),
        base.special_area(context),
        base.rail(context),
        sites.firm_points(context),
        sites.role_points(context),
        _nodes(context),
        base.city_names(context),
        *_notes(int(in_beijing.sum()), int(in_hebei.sum()), cities[made][in_hebei].nunique()),
    )
    return Built(
        chart, finding, caveat, {"counts": counts(context), "roles": roles(context)}, base.LISTED
    )


def _notes(in_beijing: int, in_hebei: int, cities: int) -> list[Note]:
    research = Text3(
        f"研发：{in_beijing} 处集中在北京一市",
        f"Research: {in_beijing} sites in Beijing alone",
        f"研究開発：{in_beijing}か所が北京に集中",
    )
    made = Text3(
        f"制造：{in_hebei} 处分布在河北 {cities} 个市",
        f"Manufacturing: {in_hebei} sites in {cities} cities of Hebei",
        f"製造：河北の{cities}市に{in_hebei}か所が分散",
    )
    short = (
        Text3(f"研发 {in_beijing} 处", f"Research: {in_beijing}", f"研究開発 {in_beijing}か所"),
        Text3(f"制造 {in_hebei} 处", f"Manufacturing: {in_hebei}", f"製造 {in_hebei}か所"),
    )
    return [
        note(research, 116.2, 40.0, short=short[0], side="nw"),
        note(made, 118.5, 38.95, short=short[1], side="se"),
    ]


def _nodes(context: Context) -> MapLayer:
    layer = context.layer("plan_nodes")
    names = vocabulary("basis")
    by = Categories(
        "basis",
        {one: names[one] for one in ("stated", "schematic")},
        {"stated": "#111111", "schematic": "#a8a29a"},
        Text3("节点依据", "Basis of the node", "節点の根拠"),
    )
    sets = Text3("所属轴线体系", "Axis sets", "属する軸の体系")
    rows = [Field("axis_sets", sets, words=vocabulary("axis_set"))]
    about = About.of(layer, shown=False, group=Text3("规划", "Plan", "計画"))
    return points(layer.frame, about, colour_by=by, fields=rows)


PAGE = Page("overview", TITLE, compose)
