"""Pages that any region can have: where its units and sites are, and what lies along its axes."""

import pandas as pd

from geo.analysis.corridors.membership import DEFAULT_WIDTH_KM, measure, share_inside
from geo.atlas import base
from geo.atlas.context import Built, Context, Page
from geo.atlas.corridor_map import corridor_map
from geo.atlas.gallery import Front, Point
from geo.layers import ids
from geo.region import Level, Region
from geo.render import About, Map, MapLayer, labels, lines, points, polygons
from geo.render.drawing.polygons import Role
from geo.texts import Text3

__all__ = ["brief", "front", "pages"]

_SITES = ("facilities", "firms", "stations", "airports")


def pages(region: Region) -> tuple[Page, ...]:
    """Return the pages for which a region has layers.

    Parameters
    ----------
    region
        Which.

    Returns
    -------
    tuple of Page
        The overview, and a page of corridors where there are axes and sites.
    """
    name = region.name
    title = Text3(f"{name.zh}概览", f"{name.en}: overview", f"{name.ja}の概観")
    found = [Page("overview", title, overview)]
    if "axes" in ids(region) and "facilities" in ids(region):
        along = Text3("走廊沿线的设施", "Facilities along the axes", "軸に沿った施設")
        found.append(Page("corridors", along, corridors))
    return tuple(found)


def front(region: Region) -> Front:
    """Return what the front page of a region says before its maps.

    Parameters
    ----------
    region
        Which.

    Returns
    -------
    Front
        With the region's own word on review, where it gives one.
    """
    name, said = region.name, region.profile.review
    review = Text3("未送审", "not reviewed", "審査を受けていない")
    if said is not None:
        review = Text3(said.zh or said.en, said.en, said.ja or said.en)
    return Front(
        Text3(f"{name.zh}空间图集", f"Atlas of {name.en}", f"{name.ja} 空間アトラス"),
        Text3(
            "单元、设施与轴线在哪里，有多少。",
            "Where units, facilities and axes are, and how many.",
            "単位、施設、軸がどこにどれだけあるか。",
        ),
        review,
    )


def brief(context: Context) -> list[Point]:
    """Sum up a region in numbers taken from its layers.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    list of Point
        What it is made of, and what it lacks.
    """
    region = context.region
    made = _units_in_words(context)
    lacks = {
        "networks": region.profile.networks.rail or region.profile.networks.road,
        "plan": region.profile.plan,
        "axes": "axes" if context.has("axes") else None,
    }
    words = {
        "networks": Text3("交通网络", "transport networks", "交通網"),
        "plan": Text3("规划", "a plan", "計画"),
        "axes": Text3("轴线", "axes", "軸"),
    }
    absent = [words[key] for key, held in lacks.items() if held is None]
    points_ = [Point(Text3("地区", "The region", "地域"), made)]
    if absent:
        missing = Text3(
            f"没有{'、'.join(one.zh for one in absent)}的资料。",
            f"It ships without {', '.join(one.en for one in absent)}.",
            f"{'・'.join(one.ja for one in absent)}の資料はない。",
        )
        points_.append(Point(Text3("缺什么", "What is missing", "ないもの"), missing))
    return points_


def _units_in_words(context: Context) -> Text3:
    counts = [(len(context.frame(one.layer_id)), one.plural) for one in context.region.levels]
    name = context.region.name
    return Text3(
        f"{name.zh}：{'、'.join(f'{n} 个{one.zh}' for n, one in counts)}。",
        f"{name.en}: {', '.join(f'{n} {one.en}' for n, one in counts)}.",
        f"{name.ja}：{'、'.join(f'{n}の{one.ja}' for n, one in counts)}。",
    )


def _units(context: Context) -> list[MapLayer]:
    """Draw the levels from the smallest up, the larger ones as outlines, with their names."""
    made = []
    levels = context.region.levels
    for level in levels:
        layer = context.layer(level.layer_id)
        role: Role = "land" if level is levels[0] else "outline"
        about = About.of(layer, title=level.plural, group=base.BOUNDARIES)
        made.append(polygons(layer.frame, about, role=role))
    return made


def _names(context: Context, level: Level) -> MapLayer:
    layer = context.layer(level.layer_id)
    inside = layer.frame.set_geometry(layer.frame.representative_point())
    about = About.of(layer, title=level.plural, group=base.BOUNDARIES, layer_id="unit-names")
    return labels(inside, about, strong=True)


def overview(context: Context) -> Built:
    """Compose the page of what the region has.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Built
        Units, axes and sites, with a table of the sites.
    """
    region = context.region
    sites = [one for one in _SITES if context.has(one)]
    finding = _units_in_words(context)
    caveat = _accuracy(region)
    made = Map(pages(region)[0].title, finding=finding, caveats=[caveat], box=region.view)
    made.add(*_units(context))
    if context.has("axes"):
        layer = context.layer("axes")
        made.add(lines(layer.frame, About.of(layer, group=base.AXIS_GROUP), width=3.0))
    for one in sites:
        layer = context.layer(one)
        made.add(points(layer.frame, About.of(layer, group=base.SITES)))
    made.add(_names(context, region.levels[-1]))
    tables = {one: pd.DataFrame(context.frame(one).drop(columns="geometry")) for one in sites}
    return Built(made, finding, caveat, {name: one.reset_index() for name, one in tables.items()})


def _accuracy(region: Region) -> Text3:
    metres = region.profile.boundary_accuracy_m
    if metres is None:
        return Text3(
            "边界的精度未知；仅供分析，不作划界依据",
            "How exact the boundaries are is not known: for analysis, not for delimitation",
            "境界の精度は不明。分析用であり、境界画定の根拠にはならない",
        )
    return Text3(
        f"边界偏差约 {metres:.0f} 米；仅供分析，不作划界依据",
        f"Boundaries are right to about {metres:.0f} m: for analysis, not for delimitation",
        f"境界の誤差は約{metres:.0f} m。分析用であり、境界画定の根拠にはならない",
    )


def corridors(context: Context) -> Built:
    """Compose the page of the facilities along the axes.

    Parameters
    ----------
    context
        The shared layers.

    Returns
    -------
    Built
        As ``geo.atlas.corridor_map``, with the table of what lies inside each axis' corridor.
    """
    axes, sites = context.metric("axes"), context.layer("facilities")
    made = corridor_map(sites.frame, axes, about=About.of(sites), context=context)
    rows = []
    for axis_id in axes.index:
        own = measure(context.metric("facilities"), axes.loc[[axis_id]])
        share = share_inside(own)
        rows.append((axis_id, int(share.inside), int(share.outside), int(share.unknown)))
    table = pd.DataFrame(rows, columns=["axis_id", "inside", "outside", "unknown"])
    caveat = Text3(
        f"轴线为示意；走廊为轴线两侧各 {DEFAULT_WIDTH_KM:g} 公里",
        f"Axes are schematic; a corridor is {DEFAULT_WIDTH_KM:g} km to each side",
        f"軸は模式図。回廊は軸の両側{DEFAULT_WIDTH_KM:g} km",
    )
    sentence = made.finding if isinstance(made.finding, Text3) else Text3("", "", "")
    return Built(made, sentence, caveat, {"axes": table})
