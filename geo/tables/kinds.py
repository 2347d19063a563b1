"""Which text columns hold nothing but numbers, and which only look so: codes, ids, telephones."""

import re
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.door.headers import Roles, normalise
from geo.door.opened import Opened

__all__ = ["NumberColumns", "number_columns"]

_ID_NAMES: Final = re.compile(
    r"编号|代码|编码|序号|邮编|电话|手机|(?:^|_)(?:id|code|zip|tel|phone|no)$|id$", re.IGNORECASE
)
_INTEGER: Final = "^-?(?:0|[1-9][0-9]{0,14})$"
_DECIMAL: Final = r"^-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,6}[1-9])?$"
_LOOSE: Final = r"^-?[0-9]{1,3}(?:\.[0-9]{1,12})?$"
_PLACE_ROLES: Final = ("lon", "lat", "x", "y")
_TEXT_ROLES: Final = (
    "name",
    "address",
    "code",
    "credit_code",
    "county",
    "city",
    "province",
    "datum",
    "point",
    "wkt",
)


def number_columns(opened: Opened, roles: Roles) -> dict[str, str]:
    """Find the text columns of a table that hold nothing but plain numbers.

    Parameters
    ----------
    opened
        The table.
    roles
        Columns that stay text whatever they hold: names, codes, addresses.

    Returns
    -------
    dict
        ``Int64`` or ``float64`` by column; empty for tables whose cells have types.
    """
    if not opened.as_text:
        return {}
    kinds = NumberColumns(opened, roles)
    for chunk in opened.chunks():
        kinds.see(chunk.frame)
    return kinds.found()


class NumberColumns:
    """Learns which text columns hold nothing but numbers that survive the change exactly.

    Parameters
    ----------
    opened
        The table.
    roles
        Columns that stay text whatever they hold.
    """

    def __init__(self, opened: Opened, roles: Roles) -> None:
        by_column = {name: role for role, name in roles.columns.items()}
        self.integer: dict[str, bool] = {}
        self.pattern: dict[str, str] = {}
        self.seen: set[str] = set()
        for name in opened.columns:
            role = by_column.get(name)
            if role in _TEXT_ROLES or (role is None and _ID_NAMES.search(normalise(name))):
                continue
            self.pattern[name] = _LOOSE if role in _PLACE_ROLES else _DECIMAL
            self.integer[name] = True

    def see(self, frame: pd.DataFrame) -> None:
        """Look at some more rows.

        Parameters
        ----------
        frame
            Cells as text.
        """
        for name in list(self.pattern):
            cells = pa.array(frame[name].tolist(), type=pa.string(), from_pandas=True)
            filled = cells.filter(pc.not_equal(cells, ""))
            if not len(filled):
                continue
            self.seen.add(name)
            if not pc.all(pc.match_substring_regex(filled, self.pattern[name])).as_py():
                del self.pattern[name]
            elif self.integer[name]:
                self.integer[name] = bool(
                    pc.all(pc.match_substring_regex(filled, _INTEGER)).as_py()
                )

    def found(self) -> dict[str, str]:
        """Return what all rows so far allow.

        Returns
        -------
        dict
            ``Int64`` or ``float64`` by column.
        """
        return {
            name: "Int64" if self.integer[name] else "float64"
            for name in self.pattern
            if name in self.seen
        }
