"""The middle of weighted points: by coordinates, and by the least sum of distances."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError

__all__ = ["least_distance_point", "weighted_mean"]

Floats = NDArray[np.float64]
_MAX_STEPS: Final = 1000


def weighted_mean(rows: pd.DataFrame) -> Floats:
    weight = rows["weight"].to_numpy()
    total = weight.sum()
    if total <= 0:
        msg = "the weights sum to zero, so there is no centre"
        raise InputError(msg)
    return np.asarray(weight @ rows[["x", "y"]].to_numpy() / total, dtype=float)


def least_distance_point(rows: pd.DataFrame) -> Floats:
    """Descend by the better of Weiszfeld's and Newton's step; a data point may be the median.

    Weiszfeld's steps alone creep for thousands of rounds near a data point.
    """
    merged = rows.loc[rows["weight"] > 0].groupby(["x", "y"])[["weight"]].sum().reset_index()
    spots, weight = merged[["x", "y"]].to_numpy(), merged["weight"].to_numpy()
    here = weighted_mean(rows)
    for _ in range(_MAX_STEPS):
        nearest = int(np.hypot(*(spots - here).T).argmin())
        if _holds(nearest, spots, weight):
            return np.asarray(spots[nearest], dtype=float)
        aim = _downhill(here, spots, weight)
        if _cost(aim, spots, weight) >= _cost(here, spots, weight):
            break
        here = aim
    return _polished(here, spots, weight)


def _polished(here: Floats, spots: Floats, weight: Floats) -> Floats:
    """Follow Newton's steps while the pull shrinks: the cost is too flat for the last digits."""
    pull, curvature = _slope(here, spots, weight)
    for _ in range(20):
        aim = here + np.linalg.lstsq(curvature, pull, rcond=None)[0]
        fresh, bent = _slope(aim, spots, weight)
        if not np.hypot(*fresh) < np.hypot(*pull):
            break
        here, pull, curvature = aim, fresh, bent
    return here


def _slope(here: Floats, spots: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return the pull towards the points and how it bends."""
    away = spots - here
    length = np.maximum(np.hypot(*away.T), np.finfo(float).tiny)
    near = weight / length
    unit = away / length[:, None]
    return near @ away, np.eye(2) * near.sum() - (unit * near[:, None]).T @ unit


def _holds(at: int, spots: Floats, weight: Floats) -> bool:
    """Tell whether the others' pull on a data point is no more than its own weight."""
    away = spots - spots[at]
    length = np.hypot(*away.T)
    other = length > 0
    pull = (weight[other] / length[other]) @ away[other]
    return bool(np.hypot(*pull) <= weight[at])


def _downhill(here: Floats, spots: Floats, weight: Floats) -> Floats:
    """Return the better of a Weiszfeld step and a damped Newton step; ``here`` when none helps."""
    away = spots - here
    length = np.hypot(*away.T)
    if length.min() == 0:  # on a data point that is not the median: leave it along the pull
        other = length > 0
        pull = (weight[other] / length[other]) @ away[other]
        return _damped(here, pull / np.hypot(*pull) * length[other].min(), spots, weight)
    pull, curvature = _slope(here, spots, weight)
    newton = np.asarray(np.linalg.lstsq(curvature, pull, rcond=None)[0], dtype=float)
    aims = [here + pull / (weight / length).sum(), _damped(here, newton, spots, weight)]
    return min(aims, key=lambda aim: _cost(aim, spots, weight))


def _damped(here: Floats, step: Floats, spots: Floats, weight: Floats) -> Floats:
    start = _cost(here, spots, weight)
    for _ in range(60):
        if _cost(here + step, spots, weight) < start:
            return here + step
        step = step / 2
    return here


def _cost(spot: Floats, spots: Floats, weight: Floats) -> float:
    return float(weight @ np.hypot(*(spots - spot).T))
