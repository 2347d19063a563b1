"""Colour palettes that are safe for colour-blind readers."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError

__all__ = [
    "CATEGORY_COLOURS",
    "HOLLOW",
    "NO_DATA",
    "OTHER",
    "RAMPS",
    "Ramp",
    "categories",
    "distinct_colour",
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

# sRGB in linear light as seen with all cones and without one kind of them: Machado, Oliveira and
# Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1
_EYES: Final = np.array([
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
     [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
     [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
     [0.004733, 0.691367, 0.303900]],
])  # fmt: skip
_TO_XYZ: Final = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)
_WHITE: Final = np.array([0.95047, 1.0, 1.08883])  # D65
_APART: Final = 14.0  # in CIELAB: any two colours of kinds are farther from each other
_LIGHTNESS: Final = (25.0, 75.0)  # what is lost neither on a light ground nor on a dark one


def _mixed(low: str, high: str, share: float) -> str:
    pairs = ((int(low[at : at + 2], 16), int(high[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def ramp(name: str, k: int) -> list[str]:
    """Return the colours of a classed ramp.

    Parameters
    ----------
    name
        Name of the ramp, a key of ``RAMPS``.
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
        Number of categories, 0 or more.

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


def distinct_colour(used: Sequence[str], at: int = 0) -> str:
    """Choose a colour that differs from those of other marks, also for colour-blind readers.

    Parameters
    ----------
    used
        Hex colours of the other marks.
    at
        Which of the colours of kinds is tried first.

    Returns
    -------
    str
        The first colour of kinds that is far from all of them; where none is, of all colours of
        middling lightness the farthest.

    Examples
    --------
    >>> distinct_colour([]), distinct_colour(["#0072b2", "#d55e00"])
    ('#0072b2', '#009e73')
    >>> distinct_colour(CATEGORY_COLOURS) in CATEGORY_COLOURS
    False
    """
    first = at % len(CATEGORY_COLOURS)
    own = [*CATEGORY_COLOURS[first:], *CATEGORY_COLOURS[:first]]
    painted = [one[:7] for one in used if one != HOLLOW]
    if not painted:
        return own[0]
    free = [one for one, gap in zip(own, _gaps(own, painted), strict=True) if gap > _APART]
    if free:
        return free[0]
    many = _middling()
    return many[int(np.argmax(_gaps(many, [*painted, OTHER, NO_DATA])))]


def _gaps(colours: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
    """Return how far each colour is from the nearest of others, to the eyes that tell least."""
    between = _lab(colours)[:, :, None] - _lab(others)[:, None, :]
    return np.asarray(np.linalg.norm(between, axis=-1).min(axis=(0, 2)))


def _lab(colours: Sequence[str]) -> NDArray[np.float64]:
    """Return CIELAB of colours as each kind of eyes sees them."""
    rgb = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in colours]) / 255
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.einsum("eij,cj->eci", _EYES, light), 0, 1)
    x, y, z = np.moveaxis(np.cbrt(np.maximum(seen @ _TO_XYZ.T / _WHITE, 216 / 24389)), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@lru_cache(maxsize=1)
def _middling() -> list[str]:
    steps = [f"{one:02x}" for one in range(0, 256, 0x11)]
    every = [f"#{''.join(one)}" for one in product(steps, repeat=3)]
    low, high = _LIGHTNESS
    light: Any = _lab(every)[0, :, 0]
    return [
        one for one, is_fit in zip(every, (light > low) & (light < high), strict=True) if is_fit
    ]


def hex_colour(text: str) -> str:
    """Return a colour if it is one that a page can shade and paint.

    Parameters
    ----------
    text
        Colour as a caller wrote it.

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
