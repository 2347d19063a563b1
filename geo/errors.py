"""Exceptions of this package: one root class, each also a subclass of a built-in one.

A message says what is wrong, with which value, and what to do about it; the command line prints
it as one line and exits with 1.
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "CRSError",
    "GeoError",
    "InputError",
    "LayerError",
    "MissingExtraError",
    "MissingFileError",
    "OutputError",
    "RegionError",
    "UnknownIdError",
    "readable",
]


_LONGEST_ID = 60
_LONGEST_LIST = 400


class GeoError(Exception):
    """Root of every error this package raises on purpose."""


class InputError(GeoError, ValueError):
    """A table, a file or an argument has an invalid value."""


class MissingFileError(GeoError, FileNotFoundError):
    """A file that was named is not there, or is not a regular file."""


class UnknownIdError(GeoError, LookupError):
    """A layer, axis, unit or column that does not exist; names the nearest ones that do.

    Parameters
    ----------
    kind
        What was looked for, in the reader's words ("layer", "axis").
    wanted
        The id that does not exist.
    known
        The ids that do exist.
    of
        The file or layer that lacks it, where that is not plain from the kind.

    Examples
    --------
    >>> str(UnknownIdError("layer", "countis", ["counties", "towns"]))
    "unknown layer 'countis'; nearest: counties; known: counties, towns"
    """

    def __init__(self, kind: str, wanted: str, known: Iterable[str], *, of: str = "") -> None:
        known = [str(one)[:_LONGEST_ID] for one in known]
        near = get_close_matches(wanted, known, n=3, cutoff=0.5)
        hint = f"nearest: {', '.join(near)}; " if near else ""
        shown = ", ".join(known[:30])
        shown = shown[:_LONGEST_LIST] + (" …" if len(known) > 30 or shown[_LONGEST_LIST:] else "")
        where = f"{of}: " if of else ""
        super().__init__(f"{where}unknown {kind} {wanted!r}; {hint}known: {shown or 'none'}")


class CRSError(GeoError, ValueError):
    """Coordinates are in no reference system, or in the wrong one for what was asked."""


class LayerError(GeoError, ValueError):
    """A layer breaks its own schema; every defect is listed, with counts and an example.

    Parameters
    ----------
    layer_id
        Id of the layer that was checked.
    defects
        One sentence for each defect.

    Examples
    --------
    >>> str(LayerError("counties", ["2 of 199 geometries are empty (110101, 110102)"]))
    'layer counties: 2 of 199 geometries are empty (110101, 110102)'
    """

    def __init__(self, layer_id: str, defects: Iterable[str]) -> None:
        self.defects = list(defects)
        super().__init__(f"layer {layer_id}: " + "; ".join(self.defects))


class OutputError(GeoError, OSError):
    """A result cannot be written where it was asked for; what stood there is unchanged."""


class RegionError(GeoError, LookupError):
    """A region lacks what was asked of it, or the input lies outside it; nothing is borrowed."""


class MissingExtraError(GeoError, ImportError):
    """An optional package is needed; the message names the extra that brings it."""


def readable(text: str) -> str:
    r"""Decode the bytes of file names that the locale could not.

    Parameters
    ----------
    text
        May hold surrogates, as Python gives such bytes under ``LANG=C``.

    Returns
    -------
    str
        With the characters that they are in UTF-8; bytes that are none stay surrogates.

    Examples
    --------
    >>> readable("\udce4\udcbc\udc81.csv")
    '企.csv'
    >>> readable("\udcff.csv")
    '\udcff.csv'
    """
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a sign that no file name is made of
        return text
