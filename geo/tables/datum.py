"""Detection of the datum of a table by likelihood, and the decision.

Which datum puts the points of a table into the counties that its rows state.

GCJ-02 moves a point by half a kilometre and BD-09 by more than one, so near a border a wrong datum
puts it into the neighbouring county. Each row is weighed by its signed distance to the border of
the stated county, with the border's own error and rows that are simply wrong allowed for. Rows in
one place share one piece of border, so they do not count as independent. How often the answers are
right is measured in ``docs/datum-test.md``.

Which datum a table is taken to be in: stated by someone, found by evidence, or assumed.
"""

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS
from scipy.special import logsumexp, ndtr

from geo.crs import STORAGE_CRS, parse_crs, project, require_crs, to_analysis
from geo.datum import DATUMS, Datum, to_wgs84
from geo.door.headers import Roles, is_placed
from geo.door.table import Chunk, Opened
from geo.errors import CRSError, InputError
from geo.layers import load
from geo.region import Region, study_crs
from geo.tables.addresses import stated_counties
from geo.tables.coordinates import stated_coordinates

__all__ = [
    "AUTO",
    "CONFIDENCE",
    "HYPOTHESES",
    "DatumDecision",
    "DatumVerdict",
    "decide",
    "evidence_in",
    "judge_datum",
    "refuse_metres",
    "stated_decision",
    "vote_datum",
]

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
        The datum found, or None when it cannot be determined.
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
    """Find the datum of a table's coordinates by likelihood.

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
    """Return the datum that puts most rows into their counties, for comparison with the likelihood.

    Parameters
    ----------
    lon, lat, adcode, counties
        Coordinates in degrees as they stand in the table, county-level code that each row states,
        and polygons in ``STORAGE_CRS`` indexed by adcode.

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


AUTO: Final = "auto"
_DEGREES_AT_MOST: Final = 180.0

Evidence = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class DatumDecision:
    """Which datum the coordinates were taken to be in, and why.

    Attributes
    ----------
    datum
        Datum of the coordinates: one of ``DATUMS``, or ``"EPSG:n"``.
    how
        ``declared`` by the user, stated by the ``file``, the ``header`` or a ``column``, found by
        ``evidence``, or ``assumed``.
    evidence
        What the likelihood test found; None when no row states a county.
    crs
        The reference system, when the datum is one.
    """

    datum: str
    how: str
    evidence: DatumVerdict | None = None
    crs: CRS | None = None


def stated_decision(name: str, opened: Opened, roles: Roles, datum: str) -> DatumDecision | None:
    """Return the datum that someone states: the user, the file, a header, a column.

    Parameters
    ----------
    name
        Name of the file, for messages.
    opened, roles
        The opened table, and which column plays which role.
    datum
        Datum of the coordinates: ``"auto"``, one of ``DATUMS``, or ``"EPSG:n"``.

    Returns
    -------
    DatumDecision or None
        None when nobody states one.

    Raises
    ------
    CRSError
        When what is stated is an old datum, or is none.
    """
    if datum.strip().lower() != AUTO:
        return _declared(datum)
    if opened.declared is not None:
        return DatumDecision(opened.declared, "file")
    crs = opened.crs
    if crs is not None and (crs.is_projected or crs.to_epsg() not in (4326, 4490, None)):
        return _of_crs(crs, "file")
    if roles.datum == "old":
        msg = f"{name}: a header says Beijing 1954 or Xi'an 1980: bring it to CGCS2000 first"
        raise CRSError(msg)
    if roles.datum is not None:
        return _declared(roles.datum, "header")
    if is_placed(opened.columns):
        return DatumDecision("wgs84", "file")
    return DatumDecision("wgs84", "column") if "datum" in roles.columns else None


def _declared(datum: str, how: str = "declared") -> DatumDecision:
    plain = datum.strip().lower()
    return DatumDecision(plain, how) if plain in DATUMS else _of_crs(parse_crs(datum), how)


def _of_crs(crs: CRS, how: str) -> DatumDecision:
    epsg = crs.to_epsg()
    plain = {4326: "wgs84", 4490: "cgcs2000"}.get(epsg or 0)
    if plain is not None:
        return DatumDecision(plain, how)
    return DatumDecision(f"EPSG:{epsg}" if epsg else crs.name, how, crs=crs)


def refuse_metres(chunk: Chunk, roles: Roles) -> None:
    """Refuse a table whose coordinates are metres of an unnamed projection.

    Parameters
    ----------
    chunk
        The first rows of the table.
    roles
        Which column plays which role.

    Raises
    ------
    InputError
        When most rows are metres; the zone number of 8-digit eastings names the projection.
    """
    stated = stated_coordinates(chunk, roles, metres=True)
    x, y = stated.x[stated.usable], stated.y[stated.usable]
    big = (np.abs(x) > _DEGREES_AT_MOST) & (np.abs(y) > _DEGREES_AT_MOST) & (np.abs(x) < 1e8)
    plausible = (
        big & (np.maximum(np.abs(x), np.abs(y)) > 1e6) & (np.minimum(np.abs(x), np.abs(y)) > 1e4)
    )
    if len(x) and plausible.mean() > 0.5:
        eastings = np.maximum(np.abs(x), np.abs(y))[plausible]
        hint = _projection(eastings)
        msg = f"the coordinates are metres; name their projection with --datum, {hint}"
        raise InputError(msg)


def _projection(greater: np.ndarray) -> str:
    """Name the projection that the zone number in an 8-digit easting stands for."""
    zones = np.unique((greater[greater > 1e7] // 1e6).astype(int))
    if not len(zones):
        return "such as EPSG:4509 or EPSG:4547"
    if len(zones) > 1:
        return f"and split the table: its eastings are of zones {', '.join(map(str, zones))}"
    zone = int(zones[0])
    first, epsg, kind = (25, 4513, "3-degree") if zone >= 25 else (13, 4491, "6-degree")
    if not first <= zone <= first + 20 or (first == 13 and zone > 23):
        return f"such as EPSG:4526 (its eastings begin with {zone}, no zone of China)"
    return (
        f"EPSG:{epsg + zone - first} if they are CGCS2000 (its eastings begin with the {kind} "
        f"zone {zone})"
    )


def evidence_in(chunk: Chunk, roles: Roles, region: Region) -> Evidence:
    """Return the coordinates and the stated county of the rows that have both.

    Parameters
    ----------
    chunk
        Some consecutive rows of the table.
    roles
        Which column plays which role.
    region
        The region whose codes and addresses are recognised.

    Returns
    -------
    lon, lat, adcode : tuple of ndarray
        As they stand in the table.
    """
    if not set(roles.columns) & {"code", "county", "address", "credit_code"}:
        return np.empty(0), np.empty(0), np.empty(0, dtype=object)
    stated = stated_coordinates(chunk, roles, metres=False)
    counties = stated_counties(chunk, roles, None, only=stated.usable, region=region)
    codes = np.array([None if one is None else one[0] for one in counties], dtype=object)
    # a firm is registered anywhere in the county of its credit code, or out of it
    has = stated.usable & np.array([code is not None for code in codes], dtype=bool)
    return stated.x[has], stated.y[has], codes[has]


def decide(
    fixed: DatumDecision | None,
    lon: np.ndarray,
    lat: np.ndarray,
    adcode: np.ndarray,
    confidence: float,
    region: Region,
) -> DatumDecision:
    """Decide the datum: the stated one first, then by evidence, then WGS 84.

    Parameters
    ----------
    fixed
        Datum that someone states, as ``stated_decision`` returns it; None when nobody does.
    lon, lat, adcode
        From ``evidence_in``, of as many rows as there are.
    confidence
        Smallest posterior probability at which a datum is found.
    region
        Whose units the rows state, and which datums its tables may be in.

    Returns
    -------
    DatumDecision
        With the evidence, whichever way it was settled.
    """
    evidence = None
    if len(lon):
        counties = load(region.smallest.layer_id, region).frame
        asked = tuple(one for one in HYPOTHESES if one in region.profile.datums)
        evidence = judge_datum(
            lon, lat, adcode, counties, confidence=confidence, hypotheses=asked or ("wgs84",)
        )
        if not evidence.n:
            evidence = None
    if fixed is not None:
        return replace(fixed, evidence=evidence)
    if evidence is not None and evidence.datum is not None:
        return DatumDecision(evidence.datum, "evidence", evidence)
    return DatumDecision("wgs84", "assumed", evidence)
