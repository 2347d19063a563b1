"""What of a layer a map does not show, which is said; nothing of a file is an error."""

import logging
from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import InputError
from geo.render.given import Given
from geo.render.layer import MapLayer

__all__ = ["tell_losses"]

_LOG = logging.getLogger(__name__)
_MOST_DEGREES: Final = 360.0


def tell_losses(opened: Sequence[Given], layers: Sequence[Sequence[MapLayer]]) -> None:
    """Say how many rows of each layer have no place on the map.

    Parameters
    ----------
    opened
        What was asked for.
    layers
        What is drawn of each.

    Raises
    ------
    InputError
        When nothing of a file is drawn.

    Examples
    --------
    >>> from geo.render.given import given
    >>> tell_losses(list(given("axes")), [[]])
    Traceback (most recent call last):
    geo.errors.InputError: axes: holds no geometry that can be drawn
    """
    drawn = {
        one.name
        for one, made in zip(opened, layers, strict=True)
        for x in made
        if x.payload["n"] or x.kind == "flow"
    }
    for one, made in zip(opened, layers, strict=True):
        if one.name not in drawn:
            msg = f"{one.name}: holds no geometry that can be drawn{_guess(one.frame)}"
            raise InputError(msg)
        if lost := _lost(one, made):
            name = one.name if one.about.group is None else f"{one.name} ({one.about.title})"
            _LOG.warning(
                "%s: %s of %s rows have no place on the map%s",
                name, f"{lost:,}", f"{len(one.frame):,}", _guess(one.frame),
            )  # fmt: skip


def _lost(one: Given, made: Sequence[MapLayer]) -> int:
    """Count rows without a place, but those of a file that its reader told of."""
    if not made:
        return len(one.frame)
    # flows leave out those of no weight and of a place to itself, which have places
    lost = sum(int(x.payload["dropped"]) for x in made if x.kind != "flow")
    if lost and one.account is not None:  # which its reader told
        lost -= int(one.frame.geometry.isna().sum())
    return lost


def _guess(frame: gpd.GeoDataFrame) -> str:
    """Guess why coordinates lie off the earth."""
    bounds = shapely.bounds(frame.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return ""
    x, y = np.abs(bounds[:, [0, 2]]).max(axis=1), np.abs(bounds[:, [1, 3]]).max(axis=1)
    if (np.maximum(x, y) > _MOST_DEGREES).any():
        return "; coordinates look like metres where the file says degrees"
    if ((y > 90) & (x <= 90)).any():
        return "; longitude and latitude look swapped"
    return ""
