"""Overview: facilities and firms by province."""

import pandas as pd

from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites
from geo.layers import vocabulary
from geo.render import About, Categories, Field, Map, MapLayer, Note, note, points
from geo.texts import tr

__all__ = ["PAGE"]

TITLE = tr("Facilities and firms of Beijing–Tianjin–Hebei")


def counts(context: Context) -> pd.DataFrame:
    """Count facilities and firms by province, by the county that each row states.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

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
        Layers, plan and projection of the region, read when first asked for.

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
        Layers, plan and projection of the region, read when first asked for.

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
    finding = tr(
        "Of the {n_in_beijing} research facilities listed, {in_beijing_mean:.0%} are in "
        "Beijing; of the {n_in_hebei} manufacturing sites, {in_hebei_mean:.0%} are in "
        "Hebei.",
        n_in_beijing=len(in_beijing),
        in_beijing_mean=in_beijing.mean(),
        n_in_hebei=len(in_hebei),
        in_hebei_mean=in_hebei.mean(),
    )
    caveat = tr(
        "The list is a selection, not a census: the shares describe the list, not the region."
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
    research = tr("Research: {in_beijing} sites in Beijing alone", in_beijing=in_beijing)
    made = tr(
        "Manufacturing: {in_hebei} sites in {cities} cities of Hebei",
        in_hebei=in_hebei,
        cities=cities,
    )
    short = (
        tr("Research: {in_beijing}", in_beijing=in_beijing),
        tr("Manufacturing: {in_hebei}", in_hebei=in_hebei),
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
        tr("Basis of the node"),
    )
    sets = tr("Axis sets")
    rows = [Field("axis_sets", sets, words=vocabulary("axis_set"))]
    about = About.of(layer, shown=False, group=tr("Plan"))
    return points(layer.frame, about, colour_by=by, fields=rows)


PAGE = Page("overview", TITLE, compose)
