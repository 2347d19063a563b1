"""Xiong'an: what is there, what has moved, and what the layer lacks."""

from typing import Final

import pandas as pd

from geo.atlas import base
from geo.atlas.context import Context
from geo.atlas.page import Built, Page
from geo.layers import Text3
from geo.region import XIONGAN
from geo.render import About, Map, MapLayer, lines, polygons

__all__ = ["PAGE", "inventory"]

TITLE: Final = Text3(
    "雄安新区：已到与未到", "Xiong'an: here and not yet here", "雄安新区：移転済みと未移転"
)
_BOX: Final = (115.55, 38.68, 116.55, 39.28)


def inventory(context: Context) -> pd.DataFrame:
    """List the facilities and firms that state one of Xiong'an's three counties.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    DataFrame
        One row a site: kind, id, names, county, status, accuracy and what the row rests on.
    """
    facilities = context.frame("facilities").assign(kind="facility", status="present")
    facilities = facilities.assign(rests_on=facilities.source)
    firms = context.frame("firms").assign(kind="firm")
    firms = firms.assign(rests_on=firms.position_basis)
    columns = [
        *("kind", "name_zh", "name_en", "adcode", "status", "position_accuracy_m"),
        *("rests_on", "checked_against"),
    ]
    both = pd.concat([facilities[columns], firms[columns]])
    own: pd.DataFrame = both[both.adcode.isin(XIONGAN.adcodes)]
    return own.rename_axis("site_id").reset_index()


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
    table = inventory(context)
    firms = table[table.kind == "firm"]
    here, waiting = (int((firms.status == one).sum()) for one in ("present", "not_moved_yet"))
    area = context.frame("xiongan").iloc[0]
    finding = Text3(
        f"清单中 {len(firms)} 家与雄安有关的企业，{here} 家已注册或迁入，{waiting} 家尚未迁入；"
        f"图示面积 {area.area_km2:,.0f} km²，官方 {area.published_area_km2:,.0f} km²。",
        f"Of {len(firms)} listed firms tied to Xiong'an, {here} are registered or have moved and "
        f"{waiting} have not; the map shows {area.area_km2:,.0f} of "
        f"{area.published_area_km2:,.0f} km².",
        f"雄安に関わる掲載企業 {len(firms)} 社のうち {here} 社が登記・移転済み、{waiting} 社は未移転。"
        f"図示面積は {area.area_km2:,.0f} km²、公式は {area.published_area_km2:,.0f} km²。",
    )
    caveat = Text3(
        "文章所称中关村科技园 260 余家企业、65% 来自北京，没有可用名单，图上未列。",
        "The article's 260 firms of the Zhongguancun park, 65 % of them from Beijing, come without "
        "a list that could be read: they are missing here.",
        "記事にある中関村科学園の 260 社余り（65% が北京から）は名簿が得られず、図にはない。",
    )
    made = Map(TITLE, finding=finding, caveats=[caveat], box=_BOX)
    made.add(*base.ground(context), _parts(context), base.xiongan(context), base.rail(context))
    made.add(_axis(context), _firms(context, table), _facilities(context, table))
    made.add(base.county_names(context), base.city_names(context))
    return Built(made, finding, caveat, {"sites": table})


def _parts(context: Context) -> MapLayer:
    layer = context.layer("counties")
    parts = layer.frame.loc[list(XIONGAN.adcodes)]
    title = Text3("三县", "The three counties", "三県")
    return polygons(parts, About.of(layer, title=title, group=base.BOUNDARIES), role="outline")


def _axis(context: Context) -> MapLayer:
    layer = context.layer("axes")
    frame = layer.frame.loc[["plan-jingxiong"]]
    title = Text3("京雄走廊（示意）", "Beijing–Xiong'an Corridor (schematic)", "京雄回廊（模式図）")
    about = About.of(layer, title=title, group=Text3("规划", "Plan", "計画"))
    return lines(frame, about, colour="#b8452f", width=2.4)


def _firms(context: Context, table: pd.DataFrame) -> MapLayer:
    return base.firm_points(context, context.frame("firms").loc[_ids(table, "firm")])


def _facilities(context: Context, table: pd.DataFrame) -> MapLayer:
    return base.facility_points(context, context.frame("facilities").loc[_ids(table, "facility")])


def _ids(table: pd.DataFrame, kind: str) -> list[str]:
    found: list[str] = table.site_id[table.kind == kind].tolist()
    return found


PAGE = Page("xiongan", TITLE, compose)
