"""Which datum a table is taken to be in: stated by someone, found by evidence, or assumed."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from pyproj import CRS

from geo.crs import parse_crs
from geo.datum import DATUMS
from geo.door.headers import Roles
from geo.door.opened import Chunk, Opened
from geo.door.own_columns import is_placed
from geo.errors import CRSError, InputError
from geo.layers import load
from geo.region import Region
from geo.tables.coordinates import stated_coordinates
from geo.tables.datum_test import HYPOTHESES, DatumVerdict, judge_datum
from geo.tables.stated_county import stated_counties

__all__ = ["AUTO", "DatumDecision", "decide", "evidence_in", "refuse_metres", "stated_decision"]

AUTO: Final = "auto"
_DEGREES_AT_MOST: Final = 180.0

Evidence = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class DatumDecision:
    """Which datum the coordinates were taken to be in, and why.

    Attributes
    ----------
    datum
        One of ``DATUMS``, or ``"EPSG:n"``.
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
        The file, for messages.
    opened, roles
        The table and its columns.
    datum
        ``"auto"``, one of ``DATUMS``, or ``"EPSG:n"``.

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
        Its first rows.
    roles
        Its columns.

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
        Some rows.
    roles
        Their columns.
    region
        Whose codes and addresses are read.

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
    """Settle the datum: what is stated goes first, then the evidence, then WGS 84.

    Parameters
    ----------
    fixed
        From ``stated_decision``.
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
