"""A result that says what it rests on: how many rows, which were left out, which formula."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pyproj import CRS

from geo.analysis.formulas import Formula, formula
from geo.crs import crs_text
from geo.errors import InputError
from geo.layers import Text3
from geo.layers.specs import specs
from geo.sources.registry import SOURCES

__all__ = ["Result", "Values"]

Values = pd.Series | pd.DataFrame | Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """The values of one measure, with everything a reviewer asks about them.

    Attributes
    ----------
    values
        A Series, a frame or a dict. A measure over years has ``year`` in its index.
    formula_id
        One of ``geo.analysis.formulas.formula_ids()``.
    n
        Observations used.
    n_dropped
        Why rows were left out, and how many each; empty when none was.
    crs
        Projection of lengths and coordinates; None when there are none.
    years
        The years covered, ascending; empty when the data carry none.
    source_ids
        Ids of ``geo.sources.registry``, or the name of the user's file.
    remarks
        What these data add to the formula's standing caveat.

    Raises
    ------
    UnknownIdError
        When the formula is not registered.
    InputError
        When a count is negative.

    Examples
    --------
    >>> one = Result({"hhi": 0.5}, "herfindahl", n=2, n_dropped={"no value": 1})
    >>> one.table().iloc[0].to_dict()
    {'hhi': 0.5}
    >>> one.described()["n_dropped"]
    {'no value': 1}
    """

    values: Values
    formula_id: str
    n: int
    n_dropped: Mapping[str, int] = field(default_factory=dict)
    crs: CRS | None = None
    years: tuple[int, ...] = ()
    source_ids: tuple[str, ...] = ()
    remarks: tuple[Text3, ...] = ()

    def __post_init__(self) -> None:
        formula(self.formula_id)
        if self.n < 0 or any(count < 0 for count in self.n_dropped.values()):
            msg = f"a count of observations is negative: n {self.n}, dropped {self.n_dropped}"
            raise InputError(msg)
        kept = {reason: count for reason, count in self.n_dropped.items() if count}
        object.__setattr__(self, "n_dropped", kept)

    @property
    def formula(self) -> Formula:
        """The formula behind the values."""
        return formula(self.formula_id)

    @property
    def caveat(self) -> Text3:
        """What a reader must be told: the formula's caveat, then the remarks on these data."""
        texts = (self.formula.caveat, *self.remarks)
        return Text3(
            " ".join(one.zh for one in texts),
            " ".join(one.en for one in texts),
            " ".join(one.ja for one in texts),
        )

    def table(self) -> pd.DataFrame:
        """Return the values as a frame to write or show.

        Returns
        -------
        DataFrame
            A frame as it is, a Series as one column, a dict as one row.
        """
        if isinstance(self.values, pd.DataFrame):
            return self.values
        if isinstance(self.values, pd.Series):
            name = "value" if self.values.name is None else str(self.values.name)
            return self.values.to_frame(name)
        return pd.DataFrame([dict(self.values)])

    def described(self) -> dict[str, Any]:
        """Return everything but the values, for the provenance of a file.

        Returns
        -------
        dict
            Formula, n, n_dropped, crs, years, sources and caveat.
        """
        return {
            "formula": self.formula.described(),
            "n": self.n,
            "n_dropped": dict(self.n_dropped),
            "crs": None if self.crs is None else crs_text(self.crs),
            "years": list(self.years),
            "sources": [_source(one) for one in self.source_ids],
            "caveat": self.caveat.described(),
        }


def _source(source_id: str) -> dict[str, Any]:
    known = SOURCES.get(source_id) or specs().sources.get(source_id)
    return {"source_id": source_id} if known is None else known.described()
