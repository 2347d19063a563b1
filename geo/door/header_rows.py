"""Which of the first rows are titles, and which one or two rows are the header.

A table that says where its rows are has names that are known. One that does not (flows, a panel of
cities) has none: there the header is the first row that is no title.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from geo.door.headers import flat, role_of

__all__ = ["Header", "header_row"]

_KNOWN_AT_LEAST: Final = 2
_LONE: Final = ("point", "address", "code", "wkt")
_LONGEST_NAME: Final = 40
_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9,.]*%?")

Cells = Sequence[str]


@dataclass(frozen=True)
class Header:
    """A header of one row, or of two.

    Attributes
    ----------
    at
        Position of its last row among the rows looked at.
    names
        Its cells; under a merged head, those of the lower row, with the upper before a name that
        would otherwise repeat.
    rows
        Number of rows of the header, 1 or 2.
    """

    at: int
    names: tuple[str, ...]
    rows: int = 1

    @property
    def titles(self) -> int:
        """Number of title rows above the header."""
        return self.at + 1 - self.rows

    def notes(self, kind: str, line: int) -> list[str]:
        """Return a note on where the header was found, when that is not the first row.

        Parameters
        ----------
        kind
            ``line`` of a text, ``row`` of a sheet.
        line
            Number of the header's line or row, counted from 1.

        Returns
        -------
        list of str
            No sentence, or one.
        """
        notes = []
        if self.rows > 1:
            notes.append(f"the header is two {kind}s taken together, to {kind} {line}")
        elif self.titles:
            notes.append(f"the header is {kind} {line}")
        if self.titles:
            notes.append(f"{self.titles} row(s) of title above it were left out")
        return ["; ".join(notes)] if notes else []


def header_row(rows: Sequence[Cells], *, wanted: Collection[str] = ()) -> Header:
    """Find the header among the first rows of a table.

    It is the row with the most known names, if it has two of them or all that are wanted;
    otherwise the first row that is no title: a title fills one cell, or fewer than half as many
    as the fullest row. A row without numbers below a merged head belongs to it.

    Parameters
    ----------
    rows
        First rows of the table, cells as text.
    wanted
        Names of columns that the user gave; they are known too.

    Returns
    -------
    Header
        Position and names.

    Examples
    --------
    >>> header_row([["名单", "", ""], ["名称", "经度", "纬度"], ["甲", "116", "39"]])
    Header(at=1, names=('名称', '经度', '纬度'), rows=1)
    >>> header_row([["城市", "2022", "", "2023", ""], ["", "GDP", "人口", "GDP", "人口"],
    ...             ["北京", "1", "2", "3", "4"]]).names
    ('城市', '2022 GDP', '2022 人口', '2023 GDP', '2023 人口')
    """
    at = _best(rows, wanted)
    if at + 1 < len(rows) and _goes_on(rows[at], rows[at + 1], rows[at + 2 :]):
        return Header(at + 1, _joined(rows[at], rows[at + 1]), 2)
    if at and _is_head_above(rows[at - 1], rows[at]):
        return Header(at, _joined(rows[at - 1], rows[at]), 2)
    return Header(at, tuple(flat(cell) for cell in rows[at]))


def _best(rows: Sequence[Cells], wanted: Collection[str]) -> int:
    named = {flat(name).lower() for name in wanted}
    scores = [_known(row, named) for row in rows]
    best = max(scores, default=0)
    if best >= min(_KNOWN_AT_LEAST, len(named) or _KNOWN_AT_LEAST):
        return scores.index(best)
    if best and scores[0] == 0:
        lone = next((at for at, row in enumerate(rows) if _is_lone(row)), None)
        if lone is not None:
            return lone
    return _first_below_titles(rows)


def _known(row: Cells, named: set[str]) -> int:
    roles = {role_of(cell) for cell in row if flat(cell).lower() not in named} - {None}
    return len(roles) + len({flat(cell).lower() for cell in row} & named)


def _is_lone(row: Cells) -> bool:
    short = all(len(cell) < _LONGEST_NAME for cell in row)
    return short and any(role_of(cell) in _LONE for cell in row)


def _filled(row: Cells) -> list[str]:
    return [cell for cell in map(flat, row) if cell]


def _is_title(row: Cells, widest: int) -> bool:
    filled = _filled(row)
    return widest > 1 and (len(set(filled)) <= 1 or 2 * len(filled) < widest)


def _first_below_titles(rows: Sequence[Cells]) -> int:
    widest = max((len(_filled(row)) for row in rows), default=0)
    return next((at for at, row in enumerate(rows) if not _is_title(row, widest)), 0)


def _cell(row: Cells, at: int) -> str:
    return flat(row[at]) if at < len(row) else ""


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _goes_on(head: Cells, below: Cells, rows: Sequence[Cells]) -> bool:
    """Tell whether a head with merged cells goes on in the row below it."""
    width = max(len(head), len(below))
    upper = [_cell(head, at) for at in range(width)]
    lower = [_cell(below, at) for at in range(width)]
    merged = [at for at in range(1, width) if lower[at] and upper[at] in ("", upper[at - 1])]
    if not merged or any(map(_is_number, lower)):
        return False
    if any(not low and not up for low, up in zip(lower, upper, strict=True)):
        return False
    return any(_is_number(_cell(row, at)) for row in rows for at in merged)


def _is_head_above(above: Cells, head: Cells) -> bool:
    """Tell whether the row above a header names what it leaves blank, or merged cells repeat."""
    if len(above) != len(head) or len(set(_filled(above))) <= 1:
        return False
    pairs = [(flat(up), flat(low)) for up, low in zip(above, head, strict=True)]
    return any(up and low in ("", up) for up, low in pairs)


def _joined(above: Cells, below: Cells) -> tuple[str, ...]:
    """Return the lower names, the blank ones from above, the repeated ones with their group."""
    width = max(len(above), len(below))
    lower = [_cell(below, at) for at in range(width)]
    groups: list[str] = []
    for at in range(width):
        group = _cell(above, at)
        groups.append(group or (groups[-1] if groups and lower[at] else ""))
    names = [low or group for low, group in zip(lower, groups, strict=True)]
    return tuple(
        f"{group} {name}" if names.count(name) > 1 and group not in ("", name) else name
        for name, group in zip(names, groups, strict=True)
    )
