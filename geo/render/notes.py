"""A callout on the map: the key finding pointed at where it is seen."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from geo.errors import InputError
from geo.layers import Text3
from geo.render.layer import Text, said

__all__ = ["Note", "note"]

Side = Literal["ne", "se", "sw", "nw"]

_SIDES: Final = ("ne", "se", "sw", "nw")
_MOST_SIGNS: Final = 200


@dataclass(frozen=True)
class Note:
    """A callout, ready for ``geo.render.Map.add``.

    Attributes
    ----------
    payload
        Plain JSON values.
    """

    payload: dict[str, Any]


def note(
    text: Text, lon: float, lat: float, *, short: Text | None = None, side: Side | None = None
) -> Note:
    """Point at a place with a sentence.

    The page sets the sentence in lines of equal length beside the place, where it covers no name
    and as few marks as may be, and draws a line to the place. Where there is no room, and on a
    phone, the short form stands there; without one a number, which the panel explains.

    Parameters
    ----------
    text
        One short sentence, at most 200 signs in each language; up to 30 Chinese ones read well.
    lon, lat
        The place, in degrees.
    short
        A few words for where there is little room, at most 200 signs.
    side
        Where the text should stand, seen from the place; by default where there is most room.

    Returns
    -------
    Note
        For ``geo.render.Map.add``.

    Raises
    ------
    InputError
        When the place is not on the map, there is no such side, or a text is empty or too long.

    Examples
    --------
    >>> note("Tiananmen", 116.3975, 39.9085).payload["side"] is None
    True
    """
    if not (-180 <= lon <= 180 and -85 <= lat <= 85) or side not in {None, *_SIDES}:
        sides = ", ".join(_SIDES)
        msg = f"a note stands at degrees and on one of {sides}; got {lon}, {lat}, {side!r}"
        raise InputError(msg)
    for one in (text, *([] if short is None else [short])):
        for words in said(one).values() if isinstance(one, Text3) else [one]:
            if not 1 <= len(words.strip()) <= _MOST_SIGNS:
                msg = f"a note has 1 to {_MOST_SIGNS} signs; got {len(words)}: {words[:40]!r}"
                raise InputError(msg)
    place = {"lon": float(lon), "lat": float(lat), "side": side}
    return Note({"text": said(text), "short": said(short), **place})
