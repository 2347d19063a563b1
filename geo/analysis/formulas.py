"""The register of formulas: what a figure is, who published it, what it must not be read as.

The texts stand in ``formula_texts/*.yaml``, one file a field, in the three languages that readers
see. A result names its formula by id, so a formula without a text cannot produce a figure.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

from geo.errors import UnknownIdError
from geo.layers import Text3

__all__ = ["Formula", "explain", "formula", "formula_ids"]

_FOLDER: Final = "formula_texts"
_LABELS: Final = {
    "formula": Text3("公式", "formula", "式"),
    "reference": Text3("文献", "reference", "文献"),
    "caveat": Text3("注意", "caveat", "注意"),
}


@dataclass(frozen=True)
class Formula:
    """One measure as it is printed beside its figures.

    Attributes
    ----------
    formula_id
        Short name, such as ``coupling-coordination``.
    name
        In three languages.
    text
        The formula in plain signs, with what each letter stands for.
    references
        Author, year, journal or DOI; "own definition" where there is no standard.
    caveat
        What a reader must be told, in three languages.
    """

    formula_id: str
    name: Text3
    text: str
    references: tuple[str, ...]
    caveat: Text3

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
                Text3(**entry["name"]),
                " ".join(entry["text"].split()),
                tuple(entry["references"]),
                Text3(**entry["caveat"]),
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
        One of ``formula_ids()``.

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
        One of ``formula_ids()``.
    lang
        ``zh``, ``en`` or ``ja``.

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
