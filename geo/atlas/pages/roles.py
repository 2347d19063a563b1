"""Roles: brain, hand and ground, by the sites that each city has in the list."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.result import Result
from geo.analysis.roles import TRIANGLE_ROLES, role_triangle
from geo.atlas import base
from geo.atlas.context import Context
from geo.atlas.page import Built, Page
from geo.layers import Text3
from geo.render import About, Axis, Categories, Chart, Field, Link, Map, MapLayer, chart, polygons

__all__ = ["PAGE", "triangle"]

TITLE: Final = Text3("大脑、双手与土地", "Brain, hand and ground", "頭脳・手・大地")
CORNERS: Final = {
    "brain": Text3("大脑（研发）", "brain (research)", "頭脳（研究）"),
    "hand": Text3("双手（制造）", "hand (manufacturing)", "手（製造）"),
    "ground": Text3(
        "土地（应用，点位过少）", "ground (application, too few)", "大地（応用、点が少なすぎる）"
    ),
    "few": Text3("点位少于 5 处", "fewer than five sites", "5 か所未満"),
}
_COLOURS: Final = {"brain": "#1f78b4", "hand": "#d98a00", "ground": "#a9c7bc", "few": "#d9d6d0"}


def triangle(context: Context) -> Result:
    """Place each city between research, manufacturing and application.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Result
        Of ``geo.analysis.roles.role_triangle``, regions are adcodes of the 13 cities.
    """
    facilities = context.frame("facilities")
    city = facilities.adcode.map(context.frame("counties").city_adcode)
    sites = pd.DataFrame({"region": city, "role": facilities.role})
    return role_triangle(sites[sites.role.isin(TRIANGLE_ROLES)])


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
    found = triangle(context)
    values = found.values
    if not isinstance(values, pd.DataFrame):  # pragma: no cover - role_triangle gives a frame
        raise TypeError
    table = _table(context, values)
    placed = table[table.leading != "few"]
    brain, hand = (placed[placed.leading == one] for one in ("brain", "hand"))
    ground, few = int(table.ground_sites.sum()), int((table.leading == "few").sum())
    finding = Text3(
        f"与清单整体相比，研发偏重：{_names(brain, 'zh')}；制造偏重：{_names(hand, 'zh')}。"
        f"应用类设施全区仅 {ground} 处，“土地”一角无从判断。",
        f"Against the whole list, research leads in {_names(brain, 'en')}, manufacturing in "
        f"{_names(hand, 'en')}. With {ground} application sites in all, the list cannot tell where "
        "the ground is.",
        f"掲載全体と比べて、研究に偏るのは{_names(brain, 'ja')}、製造は{_names(hand, 'ja')}。"
        f"応用の施設は全体で {ground} か所しかなく、「大地」は判断できない。",
    )
    caveat = Text3(
        f"只按清单中 {found.n} 处设施；{few} 个城市不足 5 处，不予归类。",
        f"From {found.n} listed facilities only; {few} cities have fewer than five and are not read.",
        f"掲載施設 {found.n} か所のみによる。{few} 市は 5 か所未満で分類しない。",
    )
    made = Map(TITLE, finding=finding, caveats=[caveat], kicker=base.LISTED)
    *under, borders = base.ground(context)
    made.add(*under, _cities(context, table), borders, base.xiongan(context, shown=False))
    made.add(base.facility_points(context), base.city_names(context), _chart(table))
    return Built(made, finding, caveat, {"cities": table.reset_index()}, base.LISTED)


_LED: Final = ("brain", "hand", "ground")


def _names(rows: pd.DataFrame, language: str) -> str:
    names: list[str] = rows[f"name_{language}"].tolist()
    nothing = {"zh": "无", "en": "no city", "ja": "なし"}[language]
    return (", " if language == "en" else "、").join(names) or nothing


def _table(context: Context, values: pd.DataFrame) -> pd.DataFrame:
    cities = context.frame("prefectures")
    roles = context.table("roles").set_index("unit_id")
    found = values.reindex(cities.index)
    stated = roles.reindex(cities.index)
    table: pd.DataFrame = pd.DataFrame(cities[["name_zh", "name_en", "name_ja"]])
    table = table.assign(**{one: found[one].round(4) for one in _LED}, sites=found.n.fillna(0))
    return table.assign(
        ground_sites=(found.ground * found.n).fillna(0).round(),
        leading=found.leading.fillna("few"),
        **{f"role_{one}": stated[f"role_{one}"] for one in ("zh", "en", "ja")},
        role_basis=stated.confidence,
    )


def _cities(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("prefectures")
    frame = gpd.GeoDataFrame(table, geometry=layer.frame.geometry, crs=layer.frame.crs)
    title = Text3("相对偏重的角色", "Leading role, relative to the list", "相対的に強い役割")
    rows = [
        *(Field(one, CORNERS[one], decimals=2) for one in _LED),
        Field("sites", Text3("计入设施", "Sites counted", "対象施設"), decimals=0),
        Field(
            "role_zh",
            Text3("规划定位（中文）", "Role in the plans (Chinese)", "計画での位置づけ（中国語）"),
        ),
        Field(
            "role_en", Text3("规划定位（英文）", "Role in the plans", "計画での位置づけ（英語）")
        ),
        Field("role_basis", Text3("定位依据", "Standing", "根拠"), words=_STANDING),
    ]
    about = About.of(layer, title=title, group=Text3("角色", "Roles", "役割"), layer_id="roles")
    by = Categories("leading", CORNERS, _COLOURS, title)
    return polygons(frame, about, role="zone", colour_by=by, fields=rows)


_STANDING: Final = {
    "stated": Text3("文件载明", "stated", "文書に明記"),
    "general": Text3(
        "一般认识，未复核原文", "general knowledge, wording not re-read", "一般的知識・原文未確認"
    ),
}


def _chart(table: pd.DataFrame) -> Chart:
    rows = table[table.leading != "few"].sort_values("brain", ascending=False)
    rows = rows.assign(
        adcode=rows.index, **{f"{one}_percent": (rows[one] * 100).round(1) for one in _LED}
    )
    words = {
        str(code): Text3(row.name_zh, row.name_en, row.name_ja) for code, row in rows.iterrows()
    }
    return chart(
        "bar",
        rows,
        title=Text3("三类设施的构成", "Make-up of each city's sites", "施設の構成"),
        x=Axis(Text3("城市", "City", "都市"), "adcode", words=words),
        y=Axis(Text3("占比", "Share", "割合"), unit="%", decimals=0),
        series={f"{one}_percent": CORNERS[one] for one in _LED},
        colours={f"{one}_percent": _COLOURS[one] for one in _LED},
        link=Link("roles", "adcode"),
    )


PAGE = Page("roles", TITLE, compose)
