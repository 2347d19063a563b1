"""What a format cannot hold is said once a file, never silently left out."""

import logging
from typing import Any, Final

__all__ = ["Losses"]

_log = logging.getLogger(__name__)
_SHOWN: Final = 20


class Losses:
    """What one file loses, in sentences for its reader.

    Parameters
    ----------
    suffix
        Of the file, for the message.

    Examples
    --------
    >>> losses = Losses("shp")
    >>> losses.count(0, "texts cut")
    >>> losses.count(2, "texts cut")
    >>> losses.said
    ['texts cut: 2']
    """

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix
        self.said: list[str] = []

    def add(self, what: str) -> None:
        """Note a loss.

        Parameters
        ----------
        what
            A sentence without full stop.
        """
        if what not in self.said:
            self.said.append(what)

    def count(self, number: int, what: str) -> None:
        """Note a loss of so many things; nothing when there are none.

        Parameters
        ----------
        number
            How many.
        what
            What they are and what became of them.
        """
        if number:
            self.add(f"{what}: {number:,}")

    def names(self, before: list[str], after: list[str]) -> None:
        """Note every column that has another name in the file.

        Parameters
        ----------
        before, after
            Names as given and as written, in one order.
        """
        pairs = [f"{old} → {new}" for old, new in zip(before, after, strict=True) if old != new]
        if pairs:
            self.add(f"columns renamed: {', '.join(pairs)}")

    def utc(self, names: list[str], columns: list[Any]) -> None:
        """Note times without zone where a format knows times in UTC only.

        Parameters
        ----------
        names, columns
            Of the file; Arrow arrays.
        """
        import pyarrow as pa  # noqa: PLC0415 - only the formats that rest on Arrow need it

        for name, column in zip(names, columns, strict=True):
            if pa.types.is_timestamp(column.type) and column.type.tz is None:
                self.add(f"{name}: times are read as UTC")

    def tell(self) -> None:
        """Log what was noted, as one warning."""
        if self.said:
            rest = len(self.said) - _SHOWN
            more = f"; and {rest} more" if rest > 0 else ""
            _log.warning("%s: %s%s", self._suffix, "; ".join(self.said[:_SHOWN]), more)
