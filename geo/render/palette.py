"""Colours that readers with colour-blind eyes tell apart, chosen once for all maps."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from geo.errors import InputError

__all__ = [
    "CATEGORY_COLOURS",
    "HOLLOW",
    "NO_DATA",
    "OTHER",
    "RAMPS",
    "Ramp",
    "categories",
    "hex_colour",
    "ramp",
]

_HEX: Final = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")

Ramp = Literal["blue", "green", "ochre", "purple", "heat", "balance"]

RAMPS: Final[dict[str, tuple[str, ...]]] = {
    "blue": ("#eaf1f7", "#c3d9ea", "#8fb8d8", "#5591bf", "#27699f", "#0b3f70"),
    "green": ("#edf4e8", "#cbe3c4", "#97c9a0", "#57a581", "#227a64", "#084b45"),
    "ochre": ("#faf1de", "#f3d9a6", "#e3b369", "#c5843a", "#945520", "#5a2d12"),
    "purple": ("#f3eef6", "#d9cbe5", "#b69bcd", "#8e6bb0", "#65408c", "#3a1b5e"),
    "heat": ("#fdf3d8", "#fbd48a", "#f3a04f", "#dd6340", "#ab2f45", "#631645"),
    "balance": ("#8a4a0b", "#cd8f3e", "#efd3a4", "#f2f0ec", "#b5d0e6", "#5591bf", "#134f86"),
}
"""Light to dark (``balance``: two darks around a light middle); lightness alone tells the order."""

CATEGORY_COLOURS: Final = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#46237a",
    "#6b3d12",
    "#1f2a33",
)
"""Okabe and Ito (2008) without their yellow, which is lost on a light ground, and three darks."""

OTHER: Final = "#9a9a9a"
NO_DATA: Final = "#d9d6d0"
HOLLOW: Final = "#00000000"
"""No fill: the ground shows through, in the light and in the dark."""


def _mixed(low: str, high: str, share: float) -> str:
    pairs = ((int(low[at : at + 2], 16), int(high[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def ramp(name: str, k: int) -> list[str]:
    """Return the colours of a classed ramp.

    Parameters
    ----------
    name
        One of ``RAMPS``.
    k
        Number of classes, 1 to 9.

    Returns
    -------
    list of str
        Hex colours, first class first.

    Raises
    ------
    InputError
        When there is no such ramp, or k is out of range.

    Examples
    --------
    >>> ramp("blue", 3)
    ['#eaf1f7', '#72a4cc', '#0b3f70']
    >>> ramp("blue", 1)
    ['#5591bf']
    """
    if name not in RAMPS or not 1 <= k <= 9:
        msg = f"no ramp {name!r} with {k} classes; ramps are {', '.join(RAMPS)}, classes 1 to 9"
        raise InputError(msg)
    anchors = RAMPS[name]
    if k == 1:
        return [anchors[len(anchors) // 2]]
    found = []
    for step in range(k):
        place = step * (len(anchors) - 1) / (k - 1)
        at = min(int(place), len(anchors) - 2)
        found.append(_mixed(anchors[at], anchors[at + 1], place - at))
    return found


def categories(n: int) -> list[str]:
    """Return colours for categories, the most frequent first.

    Parameters
    ----------
    n
        Number of categories.

    Returns
    -------
    list of str
        n hex colours; beyond nine all are the grey of "other".

    Examples
    --------
    >>> categories(2), categories(10)[-1] == OTHER
    (['#0072b2', '#d55e00'], True)
    """
    colours: Sequence[str] = CATEGORY_COLOURS
    return [colours[at] if at < len(colours) else OTHER for at in range(n)]


def hex_colour(text: str) -> str:
    """Return a colour if it is one that a page can shade and paint.

    Parameters
    ----------
    text
        As a caller gave it.

    Returns
    -------
    str
        The same.

    Raises
    ------
    InputError
        When it is not ``#`` and six or eight hexadecimal digits: the page computes with them, and
        any other text of CSS could ask a host for an image.

    Examples
    --------
    >>> hex_colour("#0072b2")
    '#0072b2'
    >>> hex_colour("red")
    Traceback (most recent call last):
    geo.errors.InputError: 'red' is no colour of a map; write it as #rrggbb
    """
    if not _HEX.fullmatch(text):
        msg = f"{text!r} is no colour of a map; write it as #rrggbb"
        raise InputError(msg)
    return text
