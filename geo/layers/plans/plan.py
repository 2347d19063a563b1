"""A spatial plan as data: circles, corridors, zones, roles and the standing of each.

Everything is read from one plan file (``docs/plan-file.md``); nothing about a region is in the
code. ``read_plan`` checks the whole file, and what it refers to, before anything is used.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.door.document import open_document
from geo.errors import MissingFileError, UnknownIdError
from geo.layers.plans.layers import Builder
from geo.layers.plans.model import PlanFile
from geo.region import Region, current_region
from geo.texts import Localized

__all__ = ["OUTSIDE", "Plan", "plan_elements", "plan_ids", "read_plan"]

OUTSIDE: Final = "outside"
"""Where a site is known to lie in no circle, corridor or zone; unknown is null instead."""

_ELEMENT_COLUMNS: Final = [
    *("kind", "name_zh", "name_en", "name_ja", "role", "standing", "source", "source_title"),
    *("address", "date", "note", "area_km2", "published_area_km2", "length_km"),
    "published_length_km",
]


@dataclass(frozen=True)
class Plan:
    """A plan that was read and checked.

    Attributes
    ----------
    plan_id
        Short name of the plan, unique in its region.
    title
        Title of the plan in three languages.
    period
        First and last year.
    approved
        Day of approval; None when not known.
    caveat
        What a reader of a map of it must know; None when there is nothing.
    path
        Path of the file it was read from.
    references
        What was read, by source id: ``title``, ``address``, ``date``, ``note``.
    crs
        The equal-area projection in which the plan is measured.
    units
        Polygons that lists refer to, in ``STORAGE_CRS``, by unit id, with names and ``area_km2``.
    centre
        One row: the point from where radii are drawn.
    elements
        Core, wings, cities, nodes: ``kind``, names, standing, source, date, note,
        ``area_km2`` measured beside ``published_area_km2``.
    corridors
        Lines by axis id: ``axis_set``, names, ``half_width_km``, ``length_km`` measured beside
        ``published_length_km``.
    other_axes
        Lines of other documents, for comparison only.
    circles
        From the inside out, by circle id: names, ``radius_km``, ``minutes``, their standing,
        published area with tolerance.
    members
        One row a circle and unit: ``circle``, ``unit``, ``standing``, ``source``, ``note``.
    zones
        Polygons by zone id, in order of priority: names, ``role``, standing.
    roles
        Names by role id.
    clauses
        By clause id: text in three languages, standing, source.
    site_types
        Names and ``matches`` by type.
    fit
        One row a type and role: ``fit`` from -1 (conflict) to 1, ``clause``, ``standing``.
    """

    plan_id: str
    title: Localized
    period: tuple[int, int]
    approved: dt.date | None
    caveat: Localized | None
    path: Path
    references: pd.DataFrame
    crs: CRS
    units: gpd.GeoDataFrame
    centre: gpd.GeoDataFrame
    elements: gpd.GeoDataFrame
    corridors: gpd.GeoDataFrame
    other_axes: gpd.GeoDataFrame
    circles: pd.DataFrame
    members: pd.DataFrame
    zones: gpd.GeoDataFrame
    roles: pd.DataFrame
    clauses: pd.DataFrame
    site_types: pd.DataFrame
    fit: pd.DataFrame


def plan_ids(region: Region | None = None) -> list[str]:
    """Return the ids of a region's plans.

    Parameters
    ----------
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    list of str
        Names of the files in its folder ``plans`` without their suffix.

    Examples
    --------
    >>> plan_ids()
    ['jjj-2023-2035']
    """
    folder = (region or current_region()).folder / "plans"
    return sorted(path.stem for path in folder.glob("*.yaml"))


def read_plan(path_or_id: str | Path | None = None, region: Region | None = None) -> Plan:
    """Read a plan file, check it whole, and resolve what it refers to.

    Parameters
    ----------
    path_or_id
        An id of ``plan_ids(region)``, or the path of a YAML file as in ``docs/plan-file.md``; the
        region's plan by default.
    region
        The region whose layers the plan refers to; None is the current region.

    Returns
    -------
    Plan
        Frames in ``STORAGE_CRS``.

    Raises
    ------
    RegionError
        When none is named and the region has none.
    UnknownIdError
        When it is neither a plan of the region nor looks like a file.
    MissingFileError
        When the file is not there.
    InputError
        When the file, or a file it refers to, is wrong; every defect is named.

    Examples
    --------
    >>> plan = read_plan()
    >>> plan.circles.published_area_km2.tolist()
    [27000.0, 42000.0, nan]
    >>> int((plan.members.query("circle == 'commuting'").standing == "unconfirmed").sum())
    12
    """
    region = region or current_region()
    path = _find(region.plan if path_or_id is None else str(path_or_id), region)
    model, defects = open_document(path, PlanFile)
    frames = Builder(model, path.parent, defects, region).frames()
    defects.raise_any()
    title, caveat = model.plan.title, model.plan.caveat
    return Plan(
        plan_id=model.plan.id,
        title=Localized(zh=title.zh, en=title.en, ja=title.ja),
        period=model.plan.period,
        approved=model.plan.approved,
        caveat=None if caveat is None else Localized(zh=caveat.zh, en=caveat.en, ja=caveat.ja),
        path=path,
        **frames,
    )


def _find(wanted: str, region: Region) -> Path:
    if wanted in plan_ids(region):
        return region.folder / "plans" / f"{wanted}.yaml"
    path = Path(wanted)
    if path.is_file():
        return path
    if path.suffix in (".yaml", ".yml"):
        msg = f"{wanted}: there is no such plan file"
        raise MissingFileError(msg)
    kind = "plan"
    raise UnknownIdError(kind, wanted, plan_ids(region))


def plan_elements(plan: Plan) -> gpd.GeoDataFrame:
    """Gather every element of a plan in one layer, each with its standing, source and date.

    Parameters
    ----------
    plan
        A plan as ``geo.layers.plans.plan.read_plan`` returns it, checked.

    Returns
    -------
    GeoDataFrame
        In ``STORAGE_CRS``, indexed by ``element_id``: ``kind`` (centre, core, wing, city, node,
        corridor, zone), names, ``role`` of zones, ``standing``, ``source``, ``source_title``,
        ``address``, ``date``, ``note``, and what was published beside what was measured:
        ``area_km2``, ``published_area_km2``, ``length_km``, ``published_length_km``. Axes of other
        documents are left out.

    Examples
    --------
    >>> found = plan_elements(read_plan())
    >>> found.standing["wing-subcentre"], float(found.published_area_km2["wing-subcentre"])
    ('stated', 155.0)
    >>> found.loc["plan-jingjin", ["length_km", "published_length_km"]].round(1).tolist()
    [218.8, 220.0]
    """
    parts = [
        plan.centre.assign(kind="centre"),
        plan.elements,
        plan.corridors.assign(kind="corridor"),
        plan.zones.assign(kind="zone").rename(index=lambda one: f"zone-{one}"),
    ]
    rows = [one.rename_axis("element_id").reset_index() for one in parts if len(one)]
    together = pd.concat([pd.DataFrame(one) for one in rows], ignore_index=True)
    cited = plan.references.reindex(together["source"])
    together = together.assign(
        source_title=cited.title.to_numpy(), address=cited.address.to_numpy()
    ).reindex(columns=["element_id", *_ELEMENT_COLUMNS, "geometry"])
    frame = gpd.GeoDataFrame(together, geometry="geometry", crs=plan.units.crs)
    return frame.set_index("element_id")
