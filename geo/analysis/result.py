"""A result with its formula, its count and what was left out; the register of all formulas.

The register of formulas: what a figure is, who published it, what it must not be read as.

The texts stand in ``formula_texts/*.yaml``, one file a field, in English; the catalogue of words
translates names and caveats. A result names its formula by id, so a formula without a text cannot
produce a figure.

A result that says what it rests on: how many rows, which were left out, which formula.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import pandas as pd
import yaml
from pyproj import CRS

from geo.crs import crs_text
from geo.errors import InputError, UnknownIdError
from geo.layers.specs import specs
from geo.sources.registry import SOURCES
from geo.texts import Localized, tr, translated

__all__ = [
    "Formula",
    "Result",
    "Values",
    "explain",
    "formula",
    "formula_ids",
]

_FOLDER: Final = "formula_texts"
_LABELS: Final = {
    "formula": tr("formula"),
    "reference": tr("reference"),
    "caveat": tr("caveat"),
}


@dataclass(frozen=True)
class Formula:
    """One measure as it is printed beside its figures.

    Attributes
    ----------
    formula_id
        Short name, such as ``coupling-coordination``.
    name
        Name of the measure in three languages.
    text
        The formula in plain signs, with what each letter stands for.
    references
        Author, year, journal or DOI; "own definition" where there is no standard.
    caveat
        What a reader must know, in three languages.
    """

    formula_id: str
    name: Localized
    text: str
    references: tuple[str, ...]
    caveat: Localized

    def described(self) -> dict[str, Any]:
        """Return the formula for the provenance of a file.

        Returns
        -------
        dict
            Id, name, text, references and caveat.
        """
        return {
            "id": self.formula_id,
            "name": self.name.described(),
            "text": self.text,
            "references": list(self.references),
            "caveat": self.caveat.described(),
        }


@lru_cache(maxsize=1)
def _register() -> dict[str, Formula]:
    found: dict[str, Formula] = {}
    for file in sorted(files("geo.analysis").joinpath(_FOLDER).iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".yaml"):
            continue
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
        for formula_id, entry in entries.items():
            if formula_id in found:
                msg = f"{file.name}: formula {formula_id!r} is described twice"
                raise ValueError(msg)
            found[formula_id] = Formula(
                formula_id,
                translated(entry["name"]),
                " ".join(entry["text"].split()),
                tuple(entry["references"]),
                translated(entry["caveat"]),
            )
    return found


def formula_ids() -> list[str]:
    """Return the ids of all registered formulas.

    Returns
    -------
    list of str
        In alphabetic order.

    Examples
    --------
    >>> "moran" in formula_ids()
    True
    """
    return sorted(_register())


def formula(formula_id: str) -> Formula:
    """Return a formula by its id.

    Parameters
    ----------
    formula_id
        Id of a formula, one of ``formula_ids()``.

    Returns
    -------
    Formula
        Text, references and caveat.

    Raises
    ------
    UnknownIdError
        When there is none of that name.

    Examples
    --------
    >>> formula("herfindahl").name.zh
    '赫芬达尔指数'
    >>> formula("herfindal")
    Traceback (most recent call last):
    geo.errors.UnknownIdError: unknown formula 'herfindal'; nearest: herfindahl; known: ...
    """
    known = _register()
    if formula_id not in known:
        raise UnknownIdError("formula", formula_id, sorted(known))
    return known[formula_id]


def explain(formula_id: str, *, lang: str = "en") -> str:
    """Describe a formula in a few lines, as ``--explain`` prints it.

    Parameters
    ----------
    formula_id
        Id of a formula, one of ``formula_ids()``.
    lang
        Language code: ``zh``, ``en`` or ``ja``.

    Returns
    -------
    str
        Name and id, formula, references and caveat, one line each.

    Raises
    ------
    UnknownIdError
        When there is no such formula or language.

    Examples
    --------
    >>> print(explain("herfindahl"))
    Herfindahl index (herfindahl)
      formula: H = Σ_i s_i², ...
      reference: ...
      caveat: ...
    """
    if lang not in ("zh", "en", "ja"):
        raise UnknownIdError("language", lang, ["zh", "en", "ja"])
    found = formula(formula_id)
    label = {key: text.described()[lang] for key, text in _LABELS.items()}
    lines = [f"{found.name.described()[lang]} ({formula_id})"]
    lines.append(f"  {label['formula']}: {found.text}")
    lines += [f"  {label['reference']}: {one}" for one in found.references]
    lines.append(f"  {label['caveat']}: {found.caveat.described()[lang]}")
    return "\n".join(lines)


Values = pd.Series | pd.DataFrame | Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """The values of one measure with formula, counts, projection, years and sources.

    Attributes
    ----------
    values
        A Series, a frame or a dict. A measure over years has ``year`` in its index.
    formula_id
        Id of the formula, one of ``geo.analysis.result.formula_ids()``.
    n
        Number of observations that were used.
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
    remarks: tuple[Localized, ...] = ()

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
    def caveat(self) -> Localized:
        """What a reader must know: the formula's caveat, then the remarks on these data."""
        texts = (self.formula.caveat, *self.remarks)
        return Localized(
            zh=" ".join(one.zh for one in texts),
            en=" ".join(one.en for one in texts),
            ja=" ".join(one.ja for one in texts),
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
