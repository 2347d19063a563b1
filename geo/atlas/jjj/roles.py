"""Roles: brain, hand and ground, by the sites that each city has in the list."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.analysis.result import Result
from geo.analysis.roles.firms import FEW_SITES, TRIANGLE_ROLES, firm_roles, role_triangle
from geo.atlas import base
from geo.atlas.base import listed, number_in_words
from geo.atlas.context import Built, Context, Page
from geo.atlas.jjj import sites
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
from geo.texts import Localized, names_of, tr, tr_in

__all__ = ["PAGE", "triangle"]

TITLE: Final = tr("Brain, hand and ground")
CORNERS: Final = {
    "brain": tr("brain (research)"),
    "hand": tr("hand (manufacturing)"),
    "ground": tr("ground (application, too few sites)"),
    "none": tr("no role stands out"),
    "few": tr(
        "fewer than {few_sites} sites",
        few_sites=Localized(
            zh=str(FEW_SITES), en=number_in_words(FEW_SITES, "en"), ja=str(FEW_SITES)
        ),
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
        Layers, plan and projection of the region, read when first asked for.
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
        Layers, plan and projection of the region, read when first asked for.

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
    finding = tr(
        "Compared with the list as a whole, research leads in {brain} and manufacturing "
        "in {hand}. With only {ground} application sites, the list cannot tell where the "
        "ground is.",
        brain=Localized(zh=_names(brain, "zh"), en=_names(brain, "en"), ja=_names(brain, "ja")),
        hand=Localized(zh=_names(hand, "zh"), en=_names(hand, "en"), ja=_names(hand, "ja")),
        ground=ground,
    )
    shares = [f"{one:.0%}" for one in _university_coverage(context)]
    caveat = tr(
        "Based on {n} listed facilities, a selection: of the universities of Beijing, "
        "Tianjin and Hebei it holds {shares}. Left out: {few} cities with fewer than "
        "{few_sites} sites.",
        n=found.n,
        shares=Localized(zh="、".join(shares), en=listed(shares), ja="、".join(shares)),
        few=Localized(zh=str(few), en=number_in_words(few, "en"), ja=str(few)),
        few_sites=Localized(
            zh=str(FEW_SITES), en=number_in_words(FEW_SITES, "en"), ja=str(FEW_SITES)
        ),
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


_MISSING: Final = tr(
    "Missing: no open table has employment by city and industry, supply-chain links "
    "across provinces, or headquarters and branches, and nothing stands in for them "
    "here. Templates for your own tables are in layers/templates; jjj roles measures "
    "them."
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


def _texts(table: pd.DataFrame, stem: str) -> dict[str, Localized]:
    """Return a text of each city in three languages, by adcode."""
    columns = (table[f"{stem}_{language}"].tolist() for language in ("zh", "en", "ja"))
    return {
        key: Localized.of(*names)
        for key, *names in zip(table.index.tolist(), *columns, strict=True)
    }


def _leading(values: pd.DataFrame) -> "pd.Series[str]":
    """Return the leading role of each city, or why it has none."""
    none = (values.n >= FEW_SITES).map({True: "none", False: "few"})
    return values.leading.where(values.leading.notna(), none)


def _cities(context: Context, table: pd.DataFrame) -> MapLayer:
    layer = context.layer("prefectures")
    percent = table.assign(**{one: table[one] * 100 for one in _LED})
    frame = gpd.GeoDataFrame(percent, geometry=layer.frame.geometry, crs=layer.frame.crs)
    title = tr("Leading role, relative to the list")
    rows = [
        *(Field(one, CORNERS[one], "%", 0) for one in _LED),
        Field("sites", tr("Sites counted"), decimals=0),
        Field(
            "role_zh",
            tr("Role in the plans"),
            words={one.zh: one for one in _texts(table, "role").values()},
        ),
        Field("role_basis", tr_in("roles", "Basis"), words=_STANDING),
    ]
    about = About.of(layer, title=title, group=tr("Roles"), layer_id="roles")
    by = Categories("leading", CORNERS, _COLOURS, title)
    return polygons(frame, about, role="zone", colour_by=by, fields=rows)


_STANDING: Final = {
    "stated": tr("stated in a document"),
    "general": tr("general knowledge, not re-read"),
}


def _facilities_chart(table: pd.DataFrame) -> Chart:
    return _chart(
        table,
        tr("Which corner each city leans to"),
        tr(
            "A city's role is its lean away from the whole list (cross), not its largest "
            "share; a lean that hangs on a single site does not count"
        ),
    )


def _firms_chart(context: Context) -> Chart:
    found = triangle(context, firms=True)
    return _chart(
        _table(context, found.table()),
        tr("With listed firms, by registered seat"),
        tr(
            "{n} facilities and firms. A manufacturer counts as a hand where it is "
            "registered, wherever its plants are; this alone moves Beijing towards the hand",
            n=found.n,
        ),
    )


def _chart(table: pd.DataFrame, title: Localized, note_: Localized) -> Chart:
    rows = table[table.leading != "few"].sort_values("brain", ascending=False)
    rows = rows.assign(
        adcode=rows.index, **{f"{one}_percent": (rows[one] * 100).round(2) for one in _LED}
    )
    counted = tr("Sites counted")
    return ternary(
        rows,
        title=title,
        rows=Axis(tr("City"), "adcode", words=_texts(rows, "name")),
        corners={f"{one}_percent": _AT_CORNER[one] for one in _LED},
        shares=Axis(
            tr("Share of the city's sites"),
            unit="%",
            decimals=0,
        ),
        colours={f"{one}_percent": _COLOURS[one] for one in _LED},
        discs=Discs("leading", _COLOURS, Axis(counted, "sites", decimals=0)),
        reference=Reference(tr("whole list"), _whole(table)),
        link=Link("roles", "adcode"),
        note=note_,
    )


_AT_CORNER: Final = {
    "brain": tr("brain"),
    "hand": tr("hand"),
    "ground": tr("ground"),
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
        text = tr(
            "{name}: {share} {words} (list: {all})",
            name=names_of(row),
            share=share,
            words=Localized(zh=zh, en=en, ja=ja),
            all=all_,
        )
        short = tr("{share} {words}", share=share, words=Localized(zh=zh, en=en, ja=ja))
        made.append(note(text, spot.x, spot.y - 0.14, short=short, side=side))
    return made


PAGE = Page("roles", TITLE, compose)
