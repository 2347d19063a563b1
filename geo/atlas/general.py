"""Pages that any region can have: its units and sites, and facilities along its axes."""

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
from geo.texts import Localized, tr

__all__ = ["brief", "front", "pages"]

_SITES = ("facilities", "firms", "stations", "airports")


def pages(region: Region) -> tuple[Page, ...]:
    """Return the pages for which a region has layers.

    Parameters
    ----------
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    tuple of Page
        The overview, and a page of corridors where there are axes and sites.
    """
    name = region.name
    title = tr("{name}: overview", name=name)
    found = [Page("overview", title, overview)]
    if "axes" in ids(region) and "facilities" in ids(region):
        along = tr("Facilities along the axes")
        found.append(Page("corridors", along, corridors))
    return tuple(found)


def front(region: Region) -> Front:
    """Return what the front page of a region says before its maps.

    Parameters
    ----------
    region
        The region whose files, codes and projection are used.

    Returns
    -------
    Front
        With the region's own word on review, where it gives one.
    """
    name, stated = region.name, region.profile.review
    review = tr("not reviewed")
    if stated is not None:
        review = Localized(zh=stated.zh or stated.en, en=stated.en, ja=stated.ja or stated.en)
    return Front(
        tr("Atlas of {name}", name=name),
        tr("Where units, facilities and axes are, and how many."),
        review,
    )


def brief(context: Context) -> list[Point]:
    """Sum up a region in numbers taken from its layers.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

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
        "networks": tr("transport networks"),
        "plan": tr("a plan"),
        "axes": tr("axes"),
    }
    absent = [words[key] for key, held in lacks.items() if held is None]
    points_ = [Point(tr("The region"), made)]
    if absent:
        missing = tr(
            "It ships without {absent}.",
            absent=Localized(
                zh="、".join(one.zh for one in absent),
                en=", ".join(one.en for one in absent),
                ja="・".join(one.ja for one in absent),
            ),
        )
        points_.append(Point(tr("What is missing"), missing))
    return points_


def _units_in_words(context: Context) -> Localized:
    counts = [(len(context.frame(one.layer_id)), one.plural) for one in context.region.levels]
    name = context.region.name
    return tr(
        "{name}: {counts}.",
        name=name,
        counts=Localized(
            zh="、".join((f"{n} 个{one.zh}" for n, one in counts)),
            en=", ".join((f"{n} {one.en}" for n, one in counts)),
            ja="、".join((f"{n}の{one.ja}" for n, one in counts)),
        ),
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
        Layers, plan and projection of the region, read when first asked for.

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


def _accuracy(region: Region) -> Localized:
    metres = region.profile.boundary_accuracy_m
    if metres is None:
        return tr("How exact the boundaries are is not known: for analysis, not for delimitation")
    return tr(
        "Boundaries are right to about {metres:.0f} m: for analysis, not for delimitation",
        metres=metres,
    )


def corridors(context: Context) -> Built:
    """Compose the page of the facilities along the axes.

    Parameters
    ----------
    context
        Layers, plan and projection of the region, read when first asked for.

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
    caveat = tr(
        "Axes are schematic; a corridor is {default_width_km:g} km to each side",
        default_width_km=DEFAULT_WIDTH_KM,
    )
    sentence = (
        made.finding if isinstance(made.finding, Localized) else Localized(zh="", en="", ja="")
    )
    return Built(made, sentence, caveat, {"axes": table})
