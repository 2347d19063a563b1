"""Roles: brain, hand and ground, by the sites that each city has in the list."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.result import Result
from geo.analysis.roles.firms import FEW_SITES, TRIANGLE_ROLES, firm_roles, role_triangle
from geo.atlas import base
from geo.atlas.base import counted, listed
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites
from geo.layers import Text3
from geo.render import (
    About,
    Axis,
    Categories,
    Chart,
    Discs,
    Field,
    Link,
    Map,
    MapLayer,
    Note,
    Reference,
    note,
    polygons,
    ternary,
)
from geo.render.charts import Side

__all__ = ["PAGE", "triangle"]

TITLE: Final = Text3("大脑、双手与土地", "Brain, hand and ground", "頭脳・手・大地")
CORNERS: Final = {
    "brain": Text3("大脑（研发）", "brain (research)", "頭脳（研究）"),
    "hand": Text3("双手（制造）", "hand (manufacturing)", "手（製造）"),
    "ground": Text3(
        "土地（应用，点位过少）",
        "ground (application, too few sites)",
        "大地（応用、地点が少なすぎる）",
    ),
    "none": Text3("无明显偏重", "no role stands out", "目立つ偏りなし"),
    "few": Text3(
        f"点位少于 {FEW_SITES} 处",
        f"fewer than {counted(FEW_SITES, 'en')} sites",
        f"{FEW_SITES}か所未満",
    ),
}
_COLOURS: Final = {
    "brain": "#1f78b4",
    "hand": "#d98a00",
    "ground": "#a9c7bc",
    "none": "#cfc8bb",
    "few": "#ece9e3",
}


def triangle(context: Context, *, firms: bool = False) -> Result:
    """Place each city between research, manufacturing and application.

    Parameters
    ----------
    context
        The shared layers.
    firms
        Whether the listed firms that are present count too, by industry and registered seat.

    Returns
    -------
    Result
        Of ``geo.analysis.roles.firms.role_triangle``, regions are adcodes of the 13 cities.
    """
    cities = context.frame("counties").city_adcode
    facilities = context.frame("facilities")
    placed = pd.DataFrame({"region": facilities.adcode.map(cities), "role": facilities.role})
    if firms:
        firm = context.present_firms()
        registered = pd.DataFrame({"region": firm.adcode.map(cities), "role": firm_roles(firm)})
        placed = pd.concat([placed, registered])
    return role_triangle(placed[placed.role.isin(TRIANGLE_ROLES)])


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
    brain, hand = (table[table.leading == one] for one in ("brain", "hand"))
    ground, few = int(table.ground_sites.sum()), int((table.leading == "few").sum())
    finding = Text3(
        f"与清单整体相比，偏重研发的是{_names(brain, 'zh')}，偏重制造的是{_names(hand, 'zh')}。"
        f"应用类设施全区域仅 {ground} 处，“土地”在哪里无从判断。",
        f"Compared with the list as a whole, research leads in {_names(brain, 'en')} and "
        f"manufacturing in {_names(hand, 'en')}. With only {ground} application sites, the list "
        "cannot tell where the ground is.",
        f"掲載施設全体と比べ、研究開発に偏るのは{_names(brain, 'ja')}、製造に偏るのは{_names(hand, 'ja')}。"
        f"応用の施設は全体で{ground}か所しかなく、「大地」がどこかは判断できない。",
    )
    shares = [f"{one:.0%}" for one in _university_coverage(context)]
    caveat = Text3(
        f"仅依据清单中的 {found.n} 处设施。清单为择要列举，京、津、冀高校分别收录 {'、'.join(shares)}；"
        f"{few} 个城市不足 {FEW_SITES} 处，不予归类。",
        f"Based on {found.n} listed facilities, a selection: of the universities of Beijing, Tianjin "
        f"and Hebei it holds {listed(shares)}. Left out: {counted(few, 'en')} cities with fewer than "
        f"{counted(FEW_SITES, 'en')} sites.",
        f"掲載施設{found.n}か所のみによる。一覧は選んで掲載したもので、大学の収録率は北京・天津・河北の順に"
        f"{'、'.join(shares)}。{FEW_SITES}か所未満の{few}市は分類しない。",
    )
    made = Map(TITLE, finding=finding, caveats=[caveat, _MISSING], kicker=base.LISTED)
    *under, borders = base.ground(context)
    made.add(*under, _cities(context, table), borders, base.special_area(context, shown=False))
    made.add(_sites(context), base.city_names(context), *_notes(context, table))
    made.add(_facilities_chart(table), _firms_chart(context))
    return Built(made, finding, caveat, {"cities": table.reset_index()}, base.LISTED)


def _university_coverage(context: Context) -> list[float]:
    """Return how much of each province's universities the list holds."""
    totals = context.table("coverage", numbers=("rows_in_table", "published_total"))
    own = totals[totals.category == "university"].sort_values("province_adcode")
    return (own.rows_in_table / own.published_total).tolist()


_MISSING: Final = Text3(
    "数据缺口：分城市分行业就业、跨省产业链联系、总部与分支机构均无公开数据，本页不作推测；"
    "模板见 layers/templates，备齐后可用 jjj roles 计算。",
    "Missing: no open table has employment by city and industry, supply-chain links across "
    "provinces, or headquarters and branches, and nothing stands in for them here. Templates for "
    "your own tables are in layers/templates; jjj roles measures them.",
    "データなし：都市・産業別の就業者、省をまたぐ産業チェーン、本社と支社の公開データはなく、ここでは"
    "推測しない。手持ちの表をlayers/templatesの形式にすればjjj rolesで計算できる。",
)
_LED: Final = ("brain", "hand", "ground")


def _names(rows: pd.DataFrame, language: str) -> str:
    names: list[str] = rows[f"name_{language}"].tolist()
    nothing = {"zh": "无", "en": "no city", "ja": "なし"}[language]
    return (listed(names) if language == "en" else "、".join(names)) or nothing


def _sites(context: Context) -> MapLayer:
    """Return the sites that count, in the colours of the corners."""
    facilities = context.frame("facilities")
    return sites.role_points(context, facilities[facilities.role.isin(TRIANGLE_ROLES)])


def _table(context: Context, values: pd.DataFrame) -> pd.DataFrame:
    cities = context.frame("prefectures")
    roles = context.table("roles").set_index("unit_id")
    found = values.reindex(cities.index)
    stated = roles.reindex(cities.index)
    table: pd.DataFrame = pd.DataFrame(cities[["name_zh", "name_en", "name_ja"]])
    table = table.assign(**{one: found[one].round(4) for one in _LED}, sites=found.n.fillna(0))
    return table.assign(
        ground_sites=(found.ground * found.n).fillna(0).round(),
        leading=_leading(found),
        **{f"role_{one}": stated[f"role_{one}"] for one in ("zh", "en", "ja")},
        role_basis=stated.confidence,
    )


def _texts(table: pd.DataFrame, stem: str) -> dict[str, Text3]:
    """Return a text of each city in three languages, by adcode."""
    columns = (table[f"{stem}_{language}"].tolist() for language in ("zh", "en", "ja"))
    return {key: Text3(*said) for key, *said in zip(table.index.tolist(), *columns, strict=True)}


def _leading(values: pd.DataFrame) -> "pd.Series[str]":
    """Return the leading role of each city, or why it has none."""
    none = (values.n >= FEW_SITES).map({True: "none", False: "few"})
    return values.leading.where(values.leading.notna(), none)


def _cities(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("prefectures")
    percent = table.assign(**{one: table[one] * 100 for one in _LED})
    frame = gpd.GeoDataFrame(percent, geometry=layer.frame.geometry, crs=layer.frame.crs)
    title = Text3("相对偏重的角色", "Leading role, relative to the list", "相対的に強い役割")
    rows = [
        *(Field(one, CORNERS[one], "%", 0) for one in _LED),
        Field("sites", Text3("计入设施", "Sites counted", "対象施設"), decimals=0),
        Field(
            "role_zh",
            Text3("规划定位", "Role in the plans", "計画での位置づけ"),
            words={one.zh: one for one in _texts(table, "role").values()},
        ),
        Field("role_basis", Text3("定位依据", "Basis", "位置づけの根拠"), words=_STANDING),
    ]
    about = About.of(layer, title=title, group=Text3("角色", "Roles", "役割"), layer_id="roles")
    by = Categories("leading", CORNERS, _COLOURS, title)
    return polygons(frame, about, role="zone", colour_by=by, fields=rows)


_STANDING: Final = {
    "stated": Text3("文件载明", "stated in a document", "文書に明記"),
    "general": Text3(
        "一般认识，未复核原文", "general knowledge, not re-read", "一般的な認識、原文は未確認"
    ),
}


def _facilities_chart(table: pd.DataFrame) -> Chart:
    return _chart(
        table,
        Text3("各城市偏向哪一角", "Which corner each city leans to", "各都市はどの角に寄るか"),
        Text3(
            "角色按相对清单整体（十字）的偏离归类，不看绝对占比；去掉一处就会改变的，不算",
            "A city's role is its lean away from the whole list (cross), not its largest share; a lean "
            "that hangs on a single site does not count",
            "役割は割合の大小ではなく、掲載全体（十字）からの偏りで決める。1か所で変わる偏りは数えない",
        ),
    )


def _firms_chart(context: Context) -> Chart:
    found = triangle(context, firms=True)
    return _chart(
        _table(context, found.table()),
        Text3(
            "加上上市企业（按注册地）",
            "With listed firms, by registered seat",
            "上場企業を加えた場合（登記地）",
        ),
        Text3(
            f"设施与企业共 {found.n} 处。制造业企业按注册地计入“双手”，不论工厂在哪里，北京因此移向“双手”",
            f"{found.n} facilities and firms. A manufacturer counts as a hand where it is registered, "
            "wherever its plants are; this alone moves Beijing towards the hand",
            f"施設と企業の計{found.n}。製造業の企業は工場の所在にかかわらず登記地で「手」に数えるため、北京は"
            "「手」に寄る",
        ),
    )


def _chart(table: pd.DataFrame, title: Text3, note_: Text3) -> Chart:
    rows = table[table.leading != "few"].sort_values("brain", ascending=False)
    rows = rows.assign(
        adcode=rows.index, **{f"{one}_percent": (rows[one] * 100).round(2) for one in _LED}
    )
    counted = Text3("计入设施", "Sites counted", "対象施設")
    return ternary(
        rows,
        title=title,
        rows=Axis(Text3("城市", "City", "都市"), "adcode", words=_texts(rows, "name")),
        corners={f"{one}_percent": _AT_CORNER[one] for one in _LED},
        shares=Axis(
            Text3("占本市三类设施的比重", "Share of the city's sites", "市内の施設に占める割合"),
            unit="%",
            decimals=0,
        ),
        colours={f"{one}_percent": _COLOURS[one] for one in _LED},
        discs=Discs("leading", _COLOURS, Axis(counted, "sites", decimals=0)),
        reference=Reference(Text3("清单整体", "whole list", "掲載全体"), _whole(table)),
        link=Link("roles", "adcode"),
        note=note_,
    )


_AT_CORNER: Final = {
    "brain": Text3("大脑", "brain", "頭脳"),
    "hand": Text3("双手", "hand", "手"),
    "ground": Text3("土地", "ground", "大地"),
}


def _whole(table: pd.DataFrame) -> tuple[float, float, float]:
    """Return the three shares of all sites, in percent."""
    sums = table[[*_LED]].fillna(0).mul(table.sites, axis=0).sum()
    brain, hand, ground = (sums / sums.sum() * 100).tolist()
    return brain, hand, ground


def _notes(context: Context, table: pd.DataFrame) -> list[Note]:
    """Point at the city that leans most to the brain, and at the one most to the hand."""
    placed = table[table.leading != "few"]
    spots = context.frame("prefectures").geometry.representative_point()
    whole = dict(zip(_LED, _whole(table), strict=True))
    made = []
    sides: dict[str, Side] = {"brain": "nw", "hand": "se"}
    for corner, zh, en, ja in (
        ("brain", "研发", "research", "研究開発"),
        ("hand", "制造", "manufacturing", "製造"),
    ):
        if not (placed.leading == corner).any():
            continue
        side = sides[corner]
        most = str(placed[placed.leading == corner][corner].idxmax())
        row, spot, all_ = table.loc[most], spots[most], f"{whole[corner]:.0f}%"
        share = f"{row[corner]:.0%}"
        text = Text3(
            f"{row.name_zh}：{zh}占 {share}（清单整体 {all_}）",
            f"{row.name_en}: {share} {en} (list: {all_})",
            f"{row.name_ja}：{ja}が{share}（掲載全体は{all_}）",
        )
        short = Text3(f"{zh} {share}", f"{share} {en}", f"{ja} {share}")
        made.append(note(text, spot.x, spot.y - 0.14, short=short, side=side))
    return made


PAGE = Page("roles", TITLE, compose)
