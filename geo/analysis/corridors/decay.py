"""Decay across an axis: fit of density against distance, with a 95 % interval."""

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.special import ndtri, xlogy

from geo.analysis.corridors.buffers import require_width, ribbon_area_km2, ribbon_polygon
from geo.analysis.corridors.linear_referencing import require_one_axis
from geo.crs import require_crs
from geo.errors import InputError

__all__ = ["Decay", "decay"]

_CONFIDENCE: Final = 0.95
_STEPS: Final = 100
_NUMBERS: Final = (
    "beta_per_km",
    "beta_low",
    "beta_high",
    "rho0_per_km2",
    "half_distance_km",
    "half_low",
    "half_high",
    "deviance_explained",
    "dispersion",
)


@dataclass(frozen=True)
class Decay:
    """A fitted exponential decay; NaN where the data do not decide.

    Attributes
    ----------
    beta_per_km, beta_low, beta_high
        β and its 95 % interval, widened by the dispersion where that is above 1.
    rho0_per_km2
        Density at the axis, ρ₀.
    half_distance_km, half_low, half_high
        ln 2 / β and its interval; null where β is not above 0, infinite where only its lower
        bound is not.
    deviance_explained
        1 less the deviance of the fit by that of an even density.
    dispersion
        Pearson's χ² by its degrees of freedom: well above 1 when points come in clusters.
    n, n_dropped
        Points in the rings; points without a position or beyond the last ring.
    n_blurred
        Points in the rings that are known less well than a ring is wide.
    n_rings, n_zero_rings
        Rings with land; those of them without a point, which stay in the fit.
    note
        Why there is no fit, or what to beware of; empty when nothing.
    rings
        One row a ring: ``from_km``, ``to_km``, ``land_km2``, ``count``, ``per_km2``, ``fitted``.
    """

    beta_per_km: float
    beta_low: float
    beta_high: float
    rho0_per_km2: float
    half_distance_km: float
    half_low: float
    half_high: float
    deviance_explained: float
    dispersion: float
    n: int
    n_dropped: int
    n_blurred: int
    n_rings: int
    n_zero_rings: int
    note: str
    rings: pd.DataFrame


def decay(
    measured: pd.DataFrame,
    axis: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    ring_km: float = 2.0,
    max_km: float = 20.0,
    land: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    accuracy_m: "pd.Series[float] | None" = None,
) -> Decay:
    """Fit the decay of density with distance from an axis.

    The model is ρ(d) = ρ₀·exp(-β·d). Points are counted in rings around the axis, and a Poisson
    regression of the counts with the logarithm of the ring's land as offset gives β; rings
    without a point stay in, which the regression of log densities could not do.

    Parameters
    ----------
    measured
        Points measured against this axis, as ``geo.analysis.corridors.membership.measure`` returns
        them.
    axis
        One line in equal-area metres, indexed by ``axis_id``.
    ring_km
        Width of a ring.
    max_km
        Outer edge of the last ring.
    land
        Polygons of the land in equal-area metres; rings without land are left out.
    accuracy_m
        Errors of the points in metres, aligned to ``measured``: only counts ``n_blurred``.

    Returns
    -------
    Decay
        The fit with its interval, and the rings it rests on.

    Raises
    ------
    CRSError
        When a frame is not in equal-area metres, or two are not in the same.
    InputError
        When there is not exactly one axis, or there are fewer than three rings.

    References
    ----------
    Clark, C. (1951). Urban population densities. Journal of the Royal Statistical Society A
    114, 490-496. doi:10.2307/2981088.

    Examples
    --------
    >>> from geo.crs import equal_area
    >>> metres = equal_area(116.5, 39.3)
    >>> axis = gpd.GeoSeries([shapely.LineString([(0, 0), (99e3, 0)])], ["a"], crs=metres)
    >>> measured = pd.DataFrame({"offset_km": [0.5] * 8 + [1.5] * 4 + [2.5] * 2})
    >>> found = decay(measured, axis, ring_km=1.0, max_km=4.0)
    >>> found.n_zero_rings, round(found.half_distance_km, 2)
    (1, 0.74)
    >>> decay(measured.iloc[:0], axis).note
    'no point lies within 20.0 km of the axis: nothing to fit'
    """
    edges = _ring_edges(ring_km, max_km)
    rings = _rings(axis, edges, land)
    offset = measured["offset_km"].to_numpy(dtype=float, na_value=np.nan)
    near = np.isfinite(offset) & (offset <= max_km)
    at = np.clip(np.searchsorted(edges, offset[near], side="right") - 1, 0, len(edges) - 2)
    rings["count"] = np.bincount(at, minlength=len(rings))
    n_off_land = int(rings.loc[rings["land_km2"] <= 0, "count"].sum())
    rings = rings[rings["land_km2"] > 0].reset_index(drop=True)
    rings["per_km2"] = rings["count"] / rings["land_km2"]
    blurred = 0 if accuracy_m is None else int((accuracy_m[near] > ring_km * 1000.0).sum())
    return _fit(rings, len(offset) - int(near.sum()) + n_off_land, blurred, max_km)


def _ring_edges(ring_km: float, max_km: float) -> NDArray[np.float64]:
    require_width(ring_km, name="ring_km")
    require_width(max_km, name="max_km")
    rings = round(max_km / ring_km)
    if not 3 <= rings <= 1000 or abs(rings * ring_km - max_km) > 1e-9 * max_km:
        msg = (
            f"rings of {ring_km} km up to {max_km} km: take a max_km that is 3 to 1000 whole rings"
        )
        raise InputError(msg)
    return np.linspace(0.0, max_km, rings + 1)


def _rings(
    axis: gpd.GeoDataFrame | gpd.GeoSeries,
    edges_km: NDArray[np.float64],
    land: gpd.GeoDataFrame | gpd.GeoSeries | None,
) -> pd.DataFrame:
    require_one_axis(axis)
    if land is None:
        within = [ribbon_area_km2(axis, width) for width in edges_km[1:]]
    else:
        require_crs(land, axis.crs, name="land")
        ground = shapely.union_all(land.geometry.to_numpy())
        ribbons = [ribbon_polygon(axis, width) for width in edges_km[1:]]
        within = [shapely.intersection(one, ground).area / 1e6 for one in ribbons]
    areas = np.diff(np.concatenate([[0.0], within]))
    return pd.DataFrame({"from_km": edges_km[:-1], "to_km": edges_km[1:], "land_km2": areas})


def _fit(rings: pd.DataFrame, n_dropped: int, n_blurred: int, max_km: float) -> Decay:
    counts = rings["count"].to_numpy(dtype=float)
    occupied = int((counts > 0).sum())
    nothing = Decay(
        **dict.fromkeys(_NUMBERS, float("nan")),
        n=int(counts.sum()),
        n_dropped=n_dropped,
        n_blurred=n_blurred,
        n_rings=len(rings),
        n_zero_rings=len(rings) - occupied,
        note=f"no point lies within {max_km} km of the axis: nothing to fit",
        rings=rings.assign(fitted=float("nan")),
    )
    if occupied == 0:
        return nothing
    if occupied == 1 or len(rings) < 3:
        note = f"{occupied} of {len(rings)} rings with land hold all points: no slope to fit"
        return replace(nothing, note=note)
    return _fitted(nothing, counts)


def _fitted(counted: Decay, counts: NDArray[np.float64]) -> Decay:
    rings = counted.rings
    middle = (rings["from_km"] + rings["to_km"]).to_numpy() / 2
    land = rings["land_km2"].to_numpy()
    level, slope, spread = _poisson(counts, middle, land)
    fitted = land * np.exp(level + slope * middle)
    dispersion = float(np.sum((counts - fitted) ** 2 / fitted) / (len(counts) - 2))
    beta = -slope
    reach = float(ndtri((1 + _CONFIDENCE) / 2)) * spread * np.sqrt(max(1.0, dispersion))
    uneven = _deviance(counts, land * counts.sum() / land.sum())
    return replace(
        counted,
        beta_per_km=beta,
        beta_low=beta - reach,
        beta_high=beta + reach,
        rho0_per_km2=float(np.exp(level)),
        half_distance_km=_half(beta),
        half_low=_half(beta + reach),
        half_high=float("inf") if beta - reach <= 0 < beta else _half(beta - reach),
        deviance_explained=1 - _deviance(counts, fitted) / uneven if uneven > 0 else 0.0,
        dispersion=dispersion,
        note="" if beta - reach > 0 else "the interval of beta holds 0: no decay is shown",
        rings=rings.assign(fitted=fitted / land),
    )


def _half(beta: float) -> float:
    return float(np.log(2) / beta) if beta > 0 else float("nan")


def _deviance(counts: NDArray[np.float64], fitted: NDArray[np.float64]) -> float:
    return float(2 * np.sum(xlogy(counts, counts / fitted) - (counts - fitted)))


def _poisson(
    counts: NDArray[np.float64], distance: NDArray[np.float64], land: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Fit log(count / land) = level + slope·distance; return both and the slope's error.

    Newton's method on the log-likelihood, which is concave: with two rings that hold points the
    maximum exists and is found from an even density.
    """
    design = np.column_stack([np.ones_like(distance), distance])
    both = np.array([np.log(counts.sum() / land.sum()), 0.0])
    information = np.eye(2)
    for _ in range(_STEPS):
        fitted = land * np.exp(design @ both)
        information = design.T @ (design * fitted[:, None])
        step = np.linalg.solve(information, design.T @ (counts - fitted))
        # a long step may overshoot where few rings hold points
        step *= min(1.0, 2.0 / float(np.max(np.abs(design @ step)) or 1.0))
        both = both + step
        if np.max(np.abs(step)) < 1e-12:
            break
    return float(both[0]), float(both[1]), float(np.sqrt(np.linalg.inv(information)[1, 1]))
