"""A callout on the map: the key finding pointed at where it is seen."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from geo.errors import InputError
from geo.render.layer import Text, said

__all__ = ["Note", "note"]

Side = Literal["ne", "se", "sw", "nw"]

_SIDES: Final = ("ne", "se", "sw", "nw")


@dataclass(frozen=True)
class Note:
    """A callout, ready for ``geo.render.Map.add``.

    Attributes
    ----------
    payload
        Plain JSON values.
    """

    payload: dict[str, Any]


def note(text: Text, lon: float, lat: float, *, side: Side = "ne") -> Note:
    """Point at a place with a sentence.

    Parameters
    ----------
    text
        Short: it stands on the map, 14 letters of Chinese a line.
    lon, lat
        The place, in degrees.
    side
        Where the text stands, seen from the place.

    Returns
    -------
    Note
        For ``geo.render.Map.add``.

    Raises
    ------
    InputError
        When the place is not on the map, or there is no such side.

    Examples
    --------
    >>> note("Tiananmen", 116.3975, 39.9085).payload["side"]
    'ne'
    """
    if not (-180 <= lon <= 180 and -85 <= lat <= 85) or side not in _SIDES:
        sides = ", ".join(_SIDES)
        msg = f"a note stands at degrees and on one of {sides}; got {lon}, {lat}, {side!r}"
        raise InputError(msg)
    return Note({"text": said(text), "lon": float(lon), "lat": float(lat), "side": side})
