"""The region and the study area of a command.

``--region`` of every command: before its name, or after it.

Where a command measures: in the region, or where the user's own axis, units or nodes lie.
"""

import logging
from pathlib import Path
from typing import Annotated, Any, Final

import geopandas as gpd
import numpy as np
import typer
from pyproj import CRS

from geo.crs import to_storage
from geo.errors import RegionError
from geo.layers import is_layer
from geo.region import Box, current_region, in_region, region_ids, study_crs

__all__ = [
    "RegionOption",
    "add_region",
    "box_around",
    "city_column",
    "crs_of",
    "land_units",
    "plan_of_region",
    "require_inside",
    "said_as",
    "say_former",
    "smallest_units",
]

_HELP: Final = "The region: an id (jjj), or a folder with region.yaml; JJJ_REGION by default."
_former: dict[str, str] = {}
"""What ``--region`` of a command that took a column said, until the command asks."""


def _use(ctx: typer.Context, name: str | None) -> str | None:
    """Mean a region until the command ends; a column's name is kept for commands that took one."""
    if name is None:
        return None
    from geo.errors import MissingFileError, UnknownIdError
    from geo.region import use_region

    try:
        ctx.with_resource(use_region(name))
    except (UnknownIdError, MissingFileError):
        if not any(one.name == "city" for one in ctx.command.params):
            raise
        _former["city"] = name
    return name


RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="ID|FOLDER",
        is_eager=True,
        expose_value=False,
        callback=_use,
        help=_HELP,
    ),
]


def _nothing(_region: RegionOption = None) -> None:
    """Lend its option to every command."""


def add_region(command: Any) -> None:
    """Give a command, or each command of a group, the option ``--region``.

    Parameters
    ----------
    command
        As typer made it.
    """
    if hasattr(command, "commands"):
        for one in command.commands.values():
            add_region(one)
        return
    _former.clear()
    lender = typer.Typer(add_completion=False)
    lender.command()(_nothing)
    command.params.append(typer.main.get_command(lender).params[0])


def city_column(city: str | None) -> str | None:
    """Return the column of cities, also where the older ``--region C`` named it.

    Parameters
    ----------
    city
        As ``--city`` gave it.

    Returns
    -------
    str or None
        None where neither was given.
    """
    former = _former.get("city")
    return former if city is None else city


def say_former() -> None:
    """Say that ``--region`` was read as the column of cities, once that was right."""
    former = _former.pop("city", None)
    if former is None:
        return
    import logging

    logging.getLogger(__name__).warning(
        "--region %s was read as the column of cities; write --city %s: --region names a region",
        former, former,
    )  # fmt: skip


_log = logging.getLogger(__name__)


def crs_of(*frames: gpd.GeoDataFrame | gpd.GeoSeries, name: str) -> CRS:
    """Choose the projection of a run by what defines its study area, and say one of its own.

    Parameters
    ----------
    *frames
        The user's axis, units or nodes, or layers of the region.
    name
        What they are called, as named on the command line.

    Returns
    -------
    CRS
        The region's where they lie in it; else an equal-area one around their middle.

    Raises
    ------
    CRSError
        When they lie too far apart to be measured in one projection.
    """
    region = current_region()
    crs = study_crs(*frames, region=region, name=said_as(name))
    if crs != region.crs:
        _log.warning(
            "%s lies outside the region %s: measured in a projection of its own, %s",
            said_as(name), region.region_id, crs.name,
        )  # fmt: skip
    return crs


def require_inside(frame: gpd.GeoDataFrame | gpd.GeoSeries, *, name: str, uses: str) -> None:
    """Refuse what lies outside the region for a command that uses the region's own layers.

    Parameters
    ----------
    frame
        With at least one place.
    name
        As named on the command line.
    uses
        What of the region is used.

    Raises
    ------
    RegionError
        When a place is out of the region's reach; says where it lies.
    """
    region = current_region()
    if is_layer(name, region) or in_region(frame, region=region):
        return
    west, south, east, north = to_storage(frame).total_bounds
    others = ", ".join(one for one in region_ids() if one != region.region_id)
    known = f" ({others}, or a folder of your own)" if others else " (a folder of your own)"
    msg = (
        f"{said_as(name)} reaches outside the region {region.region_id} (it lies at {west:.2f} to "
        f"{east:.2f}° E, {south:.2f} to {north:.2f}° N), whose {uses} would be used; name its "
        f"region with --region{known}"
    )
    raise RegionError(msg)


def box_around(*frames: gpd.GeoDataFrame | gpd.GeoSeries) -> Box | None:
    """Return where points are places beside the user's own axis, units or nodes.

    Parameters
    ----------
    *frames
        That define the study area.

    Returns
    -------
    Box or None
        Their box with the region's margin on every side; None where it is within the region, whose
        own reach counts then.
    """
    region = current_region()
    if in_region(*frames, region=region):
        return None
    boxes = np.array([to_storage(one).total_bounds for one in frames])
    more = region.reach_deg
    west, south = (float(one) - more for one in boxes[:, :2].min(axis=0))
    east, north = (float(one) + more for one in boxes[:, 2:].max(axis=0))
    if east - west > 180:  # closer together across 180°
        lons = np.concatenate([_lons(one) for one in frames]) % 360
        west, east = float(lons.min()) - more, float(lons.max()) + more
    return (west, south, east, north)


def _lons(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> Any:
    return to_storage(frame).get_coordinates()["x"].to_numpy()


def said_as(name: str) -> str:
    """Return what messages call an input: a layer's id, or a file's name without its folder.

    Parameters
    ----------
    name
        As given.

    Returns
    -------
    str
        ``standard input`` for a dash.
    """
    return "standard input" if name == "-" else Path(name).name


def smallest_units() -> str:
    """Return the layer of the region's smallest units, the default of ``--to``.

    Returns
    -------
    str
        A layer's id.
    """
    return current_region().smallest.layer_id


def land_units() -> str:
    """Return the layer whose union is the region's land.

    Returns
    -------
    str
        A layer's id.

    Raises
    ------
    RegionError
        When the region does not say.
    """
    return current_region().land


def plan_of_region() -> str:
    """Return the id of the region's plan, the default of ``--plan``.

    Returns
    -------
    str
        One of ``geo.layers.plan_ids()``.

    Raises
    ------
    RegionError
        When the region has none.
    """
    return current_region().plan
