"""The columns that this project adds to a table, told apart from a stranger's of the same names."""

from collections.abc import Collection, Iterable
from typing import Final

__all__ = ["LOCATED", "PLACED", "is_located", "is_placed", "renamed"]

PLACED: Final = ("location_basis", "location_accuracy_m", "datum_in")
"""What every table that was placed has beside its own columns."""
LOCATED: Final = (
    "adcode", "county", "city", "province", "in_xiongan", "location_basis", "location_accuracy_m",
    "boundary_distance_m", "ambiguous", "datum_in",
)  # fmt: skip
"""The columns that ``jjj locate`` adds, in their order."""


def is_placed(columns: Collection[str]) -> bool:
    """Tell whether a table was placed by this project before.

    Parameters
    ----------
    columns
        Its names.

    Returns
    -------
    bool
        True where it has all of ``PLACED``, which nobody else writes together.

    Examples
    --------
    >>> is_placed(["name", "datum_in"]), is_placed(["name", *PLACED])
    (False, True)
    """
    return set(PLACED) <= set(columns)


def is_located(columns: Collection[str]) -> bool:
    """Tell whether a table was written by ``jjj locate``.

    Parameters
    ----------
    columns
        Its names.

    Returns
    -------
    bool
        True where it has all of ``LOCATED``.
    """
    return set(LOCATED) <= set(columns)


def renamed(columns: Iterable[str], added: Collection[str]) -> dict[str, str]:
    """Make room for columns that are about to be added.

    Parameters
    ----------
    columns
        Names of a table.
    added
        Names that it gets.

    Returns
    -------
    dict
        New name by old: ``side`` becomes ``side_in``, and where that is taken ``side_in2``.

    Examples
    --------
    >>> renamed(["side", "side_in"], ["side"])
    {'side': 'side_in2'}
    """
    names = list(columns)
    taken = {*names, *added}
    changed: dict[str, str] = {}
    for name in names:
        if name in added:
            new, number = f"{name}_in", 2
            while new in taken:
                new, number = f"{name}_in{number}", number + 1
            changed[name] = new
            taken.add(new)
    return changed
