"""Which datum puts the points of a table into the counties that its rows state.

GCJ-02 moves a point by half a kilometre and BD-09 by more than one, so near a border a wrong datum
puts it into the neighbouring county. Each row is weighed by its signed distance to the border of
the stated county, with the border's own error and rows that are simply wrong allowed for. Rows in
one place share one piece of border, so they do not count as independent. How often the answers are
right is measured in ``docs/datum-test.md``.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS
from scipy.special import logsumexp, ndtr

from geo.crs import STORAGE_CRS, project, require_crs, to_analysis
from geo.datum import Datum, to_wgs84
from geo.errors import InputError
from geo.region import study_crs

__all__ = ["CONFIDENCE", "HYPOTHESES", "DatumVerdict", "judge_datum", "vote_datum"]

HYPOTHESES: Final[tuple[Datum, ...]] = ("wgs84", "gcj02", "bd09")
"""CGCS2000 is taken as equal to WGS 84."""
CONFIDENCE: Final = 0.99
"""Below this posterior probability the answer is "cannot tell"."""

_BORDER_SIGMAS_M: Final = ((0.85, 120.0), (0.15, 400.0))
"""How far the generalised borders lie from the true ones: a mixture of two normal errors."""
_GROSS: Final = 0.03
"""Share of rows whose stated county or coordinates are simply wrong."""
_CELL_M: Final = 2_000.0
_SHARED: Final = 0.7
"""Correlation of two rows' evidence within one cell: design effect 1 + (n − 1)·ρ."""
_TEMPER: Final = 0.8
"""The power to which the likelihood is taken, set so that stated confidence is reached."""
_MOST_ROWS: Final = 5_000
_FIT: Final = 0.75
"""Least share of rows that the answer must put into their counties."""


@dataclass(frozen=True)
class DatumVerdict:
    """What the test found.

    Attributes
    ----------
    datum
        The answer, or None when it cannot be told.
    n
        Rows that state a county and have coordinates, as far as they were used.
    n_places
        Distinct places (county and 2 km cell) among them.
    inside
        Share of rows inside their stated county, by datum.
    posterior
        Probability by datum, from equal priors.
    log_odds
        Natural log-odds of the likeliest datum against the next.
    """

    datum: Datum | None
    n: int
    n_places: int
    inside: dict[str, float]
    posterior: dict[str, float]
    log_odds: float


def judge_datum(
    lon: ArrayLike,
    lat: ArrayLike,
    adcode: ArrayLike,
    counties: gpd.GeoDataFrame,
    *,
    confidence: float = CONFIDENCE,
    hypotheses: tuple[Datum, ...] = HYPOTHESES,
) -> DatumVerdict:
    """Judge which datum the coordinates of a table are in.

    For row i and datum H, s is the signed distance from the point, brought to WGS 84 under H, to
    the border of the stated county (positive inside), and

    ℓᵢ(H) = ln[(1 − ε)·Σₖ wₖ·Φ(s/σₖ) + ε]

    with gross errors ε and border errors σₖ. The mean of ℓ in each place, times the effective
    number of its rows n/(1 + (n − 1)ρ), is summed over places and tempered; the posterior follows
    from equal priors.

    Parameters
    ----------
    lon, lat
        Degrees as they stand in the table.
    adcode
        County-level code that each row states.
    counties
        Polygons in ``STORAGE_CRS`` indexed by adcode.
    confidence
        Smallest posterior probability at which an answer is given, 0.5 to 1.
    hypotheses
        The datums that are weighed against each other.

    Returns
    -------
    DatumVerdict
        ``datum`` is None below the confidence, without rows, or when no datum puts most rows into
        their counties.

    Raises
    ------
    CRSError
        When the counties are not in ``STORAGE_CRS``.
    InputError
        When the arrays differ in length, or the confidence is out of range.

    Examples
    --------
    >>> from shapely import box
    >>> counties = gpd.GeoDataFrame(index=["a"], geometry=[box(116, 39, 117, 40)], crs="EPSG:4326")
    >>> judge_datum([], [], [], counties).datum is None
    True
    """
    require_crs(counties, STORAGE_CRS, name="counties")
    if not 0.5 <= confidence < 1:
        msg = f"confidence must be from 0.5 to below 1, not {confidence}"
        raise InputError(msg)
    x, y, codes = np.asarray(lon, float), np.asarray(lat, float), np.asarray(adcode, object)
    if not x.shape == y.shape == codes.shape:
        msg = f"lon, lat and adcode differ in length: {x.shape}, {y.shape}, {codes.shape}"
        raise InputError(msg)
    known = np.flatnonzero(np.isfinite(x + y) & _in(codes, counties))
    if len(known) > _MOST_ROWS:
        known = known[np.linspace(0, len(known) - 1, _MOST_ROWS).astype(int)]
    if not len(known):
        return DatumVerdict(None, 0, 0, {}, {}, 0.0)
    rows = x[known], y[known], codes[known]
    crs = study_crs(counties)
    signed = _signed_distances(*rows, counties, hypotheses, crs)
    return _verdict(signed, _places(*rows, crs), confidence, hypotheses)


def _in(codes: NDArray[np.object_], counties: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    held = set(counties.index)
    return np.fromiter((code in held for code in codes), dtype=bool, count=len(codes))


def _signed_distances(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    codes: NDArray[np.object_],
    counties: gpd.GeoDataFrame,
    hypotheses: tuple[Datum, ...],
    crs: CRS,
) -> NDArray[np.float64]:
    """Return metres to the stated county's border, hypotheses × rows, positive inside."""
    wanted, at = np.unique(codes.astype(str), return_inverse=True)
    shapes = to_analysis(counties.loc[wanted], crs).geometry.to_numpy()
    shapely.prepare(shapes)
    borders = shapely.boundary(shapes)
    signed = np.empty((len(hypotheses), len(lon)))
    for row, datum in enumerate(hypotheses):
        easting, northing = project(*to_wgs84(lon, lat, datum), crs)
        inside = shapely.contains_xy(shapes[at], easting, northing)
        metres = shapely.distance(shapely.points(easting, northing), borders[at])
        signed[row] = np.where(inside, metres, -metres)
    return signed


def _places(
    lon: NDArray[np.float64], lat: NDArray[np.float64], codes: NDArray[np.object_], crs: CRS
) -> NDArray[np.int64]:
    easting, northing = project(lon, lat, crs)
    cells = np.floor(np.column_stack([easting, northing]) / _CELL_M).astype(np.int64)
    _, county = np.unique(codes.astype(str), return_inverse=True)
    _, place = np.unique(np.column_stack([cells, county]), axis=0, return_inverse=True)
    return np.asarray(place.ravel(), dtype=np.int64)


def _log_likelihood(signed: NDArray[np.float64]) -> NDArray[np.float64]:
    right = sum(weight * ndtr(signed / sigma) for weight, sigma in _BORDER_SIGMAS_M)
    return np.asarray(np.log((1 - _GROSS) * right + _GROSS))


def _verdict(
    signed: NDArray[np.float64],
    place: NDArray[np.int64],
    confidence: float,
    hypotheses: tuple[Datum, ...],
) -> DatumVerdict:
    rows = np.bincount(place)
    effective = rows / (1 + (rows - 1) * _SHARED)
    total = np.array(
        [
            float((np.bincount(place, weights=row) / rows * effective).sum())
            for row in _log_likelihood(signed)
        ]
    )
    weighed = _TEMPER * total
    posterior = np.exp(weighed - logsumexp(weighed))
    order = np.argsort(weighed)[::-1]
    best = int(order[0])
    inside = (signed > 0).mean(axis=1)
    # of a single datum nothing was judged
    sure = len(order) > 1 and posterior[best] >= confidence and inside[best] >= _FIT
    return DatumVerdict(
        hypotheses[best] if sure else None,
        int(signed.shape[1]),
        len(rows),
        {datum: round(float(inside[at]), 4) for at, datum in enumerate(hypotheses)},
        {datum: round(float(posterior[at]), 6) for at, datum in enumerate(hypotheses)},
        round(float(weighed[order[0]] - weighed[order[1]]), 3) if len(order) > 1 else 0.0,
    )


def vote_datum(
    lon: ArrayLike, lat: ArrayLike, adcode: ArrayLike, counties: gpd.GeoDataFrame
) -> Datum | None:
    """Return the datum that puts most rows into their counties: the plain vote to compare with.

    Parameters
    ----------
    lon, lat, adcode, counties
        As for ``judge_datum``.

    Returns
    -------
    Datum or None
        None on a tie.

    Examples
    --------
    >>> from shapely import box
    >>> counties = gpd.GeoDataFrame(index=["a"], geometry=[box(116, 39, 117, 40)], crs="EPSG:4326")
    >>> vote_datum([117.003], [39.5], ["a"], counties) is None
    True
    """
    inside = judge_datum(lon, lat, adcode, counties).inside
    if not inside:
        return None
    ranked = sorted(inside, key=lambda datum: -inside[datum])
    if inside[ranked[0]] == inside[ranked[1]]:
        return None
    return ranked[0]  # type: ignore[return-value]
