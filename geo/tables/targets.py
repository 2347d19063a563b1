"""Targets files and tables of values, the inputs of a scorecard."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
import pandas as pd
from pydantic import Field, StringConstraints

from geo.door.cells import read_cells
from geo.door.document import Document, defects_error, open_document
from geo.errors import InputError
from geo.texts import Localized

__all__ = ["Targets", "decimal_year", "read_targets", "read_values"]

_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]
_Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
_When = Annotated[int, Field(ge=1900, le=2200)] | dt.date
_COLUMNS: Final = ("target", "date", "value")


class _Names(Document):
    zh: _Prose
    en: _Prose
    ja: _Prose


class _Reference(Document):
    title: _Prose
    address: _Prose | None = None
    date: dt.date | None = None


class _Point(Document):
    value: float
    date: _When
    note: _Prose | None = None


class _Thresholds(Document):
    on_pace: Annotated[float, Field(gt=0, le=1)]
    behind: Annotated[float, Field(ge=0, lt=1)]


class _Target(Document):
    id: _Id
    name: _Names
    unit: _Names
    sense: Literal["up", "down"]
    base: _Point | None = None
    target: _Point | None = None
    standing: Literal["stated", "inferred", "unconfirmed"]
    source: _Id
    note: _Prose | None = None


class Targets(Document):
    """A whole targets file."""

    format: Literal[1]
    title: _Names
    thresholds: _Thresholds
    max_age_years: Annotated[float, Field(gt=0)] = 2.0
    sources: dict[_Id, _Reference]
    targets: list[_Target] = Field(min_length=1)

    def title3(self) -> Localized:
        """Return the title in three languages.

        Returns
        -------
        Localized
            The title.
        """
        return Localized(zh=self.title.zh, en=self.title.en, ja=self.title.ja)

    def frame(self) -> pd.DataFrame:
        """Return the targets as a table.

        Returns
        -------
        DataFrame
            Indexed by ``target``: names, units, ``sense``, ``base_value``, ``base_time``,
            ``target_value``, ``target_time`` (decimal years, null when missing), ``base_date`` and
            ``target_date`` as written, ``standing``, ``source`` (title), ``address``, ``note``.
        """
        rows = []
        for one in self.targets:
            cited = self.sources[one.source]
            rows.append(
                {
                    "target": one.id,
                    **{f"name_{key}": text for key, text in one.name},
                    **{f"unit_{key}": text for key, text in one.unit},
                    "sense": one.sense,
                    **_point(one.base, "base"),
                    **_point(one.target, "target"),
                    "standing": one.standing,
                    "source": cited.title,
                    "address": cited.address,
                    "note": one.note,
                }
            )
        frame = pd.DataFrame(rows).set_index("target")
        numbers = ["base_value", "base_time", "target_value", "target_time"]
        return frame.astype(dict.fromkeys(numbers, "float64"))


def _point(point: _Point | None, name: str) -> dict[str, float | str | None]:
    if point is None:
        return {f"{name}_value": None, f"{name}_time": None, f"{name}_date": None}
    return {
        f"{name}_value": point.value,
        f"{name}_time": decimal_year(point.date),
        f"{name}_date": str(point.date),
    }


def decimal_year(when: "int | dt.date | str") -> float:
    """Turn a date into years; a bare year is its end, as yearly statistics are.

    Parameters
    ----------
    when
        ``2026``, a date, ``"2026"`` or ``"2026-06-30"``.

    Returns
    -------
    float
        Year plus the part of it that is over at the end of the day.

    Raises
    ------
    InputError
        When a text is neither a year nor a date.

    Examples
    --------
    >>> decimal_year(2026), decimal_year("2026-12-31"), decimal_year("2025-12-31")
    (2027.0, 2027.0, 2026.0)
    >>> decimal_year("soon")
    Traceback (most recent call last):
    geo.errors.InputError: 'soon' is neither a year nor a date; write 2026 or 2026-06-30
    """
    if isinstance(when, str):
        text = when.strip()
        try:
            when = int(text) if len(text) == 4 else dt.date.fromisoformat(text)
        except ValueError:
            msg = f"{text!r} is neither a year nor a date; write 2026 or 2026-06-30"
            raise InputError(msg) from None
    if isinstance(when, int):
        return float(when + 1)
    start, end = dt.date(when.year, 1, 1), dt.date(when.year + 1, 1, 1)
    return when.year + ((when - start).days + 1) / (end - start).days


def read_targets(path: str | Path) -> Targets:
    """Read a targets file and check it whole.

    Parameters
    ----------
    path
        A YAML file as in ``docs/plan-file.md``.

    Returns
    -------
    Targets
        The checked content.

    Raises
    ------
    MissingFileError
        When there is no such file.
    InputError
        When it breaks the model, a source is not listed, an id stands twice, a target is not
        after its base, or the thresholds are out of order; every defect is named.
    """
    found, defects = open_document(path, Targets)
    ids = pd.Series([one.id for one in found.targets], dtype=object)
    for at in ids.index[ids.duplicated()]:
        defects.add(f"targets.{at}", f"{ids[at]} stands twice")
    for one in found.targets:
        if one.source not in found.sources:
            defects.add(f"targets.{one.id}.source", f"{one.source} is not among the sources")
        if one.base and one.target and decimal_year(one.target.date) <= decimal_year(one.base.date):
            defects.add(f"targets.{one.id}.target", "its date is not after the base's")
    if found.thresholds.behind >= found.thresholds.on_pace:
        defects.add("thresholds", "behind has to be lower than on_pace")
    defects.raise_any()
    return found


def read_values(path: str | Path, targets: Collection[str] | None = None) -> pd.DataFrame:
    """Read measured values: columns target, date (a year or a day), value, and maybe source.

    Parameters
    ----------
    path
        A table as ``geo.tables.read_cells`` takes it.
    targets
        Ids that a value may belong to; by default any.

    Returns
    -------
    DataFrame
        ``target``, ``time`` (decimal year), ``date`` as written, ``value``, ``source``; rows
        without a value are left out.

    Raises
    ------
    MissingFileError
        When there is no such file.
    InputError
        When the file, a date or a value cannot be read, a column is missing, a target is not
        known, or has two values of one date; every defect is named.
    """
    read = read_cells(path)
    table = read.frame.fillna("")
    missing = [name for name in _COLUMNS if name not in table.columns]
    if missing:
        msg = f"{path}: column {', '.join(missing)} is missing; needed are {', '.join(_COLUMNS)}"
        raise InputError(msg)
    table = table.assign(line=read.lines)[table.value != ""]
    strange = table.iloc[:0] if targets is None else table[~table.target.isin(list(targets))]
    defects = [f"line {one.line}: no target is {one.target!r}" for one in strange.itertuples()]
    times = [_time(row, defects) for row in table.itertuples()]
    values = pd.to_numeric(table.value, errors="coerce").astype("float64")
    made = table.assign(time=times, number=values)
    wrong = made[~np.isfinite(values)]
    double = made[made.duplicated(["target", "time"])]
    defects += [f"line {one.line}: {one.value!r} is not a number" for one in wrong.itertuples()]
    defects += [
        f"line {one.line}: {one.target} has two values of {one.date}" for one in double.itertuples()
    ]
    if defects:
        raise defects_error(path, defects)
    made = made.assign(value=made.number)
    source = made["source"] if "source" in made.columns else ""
    kept = made.assign(source=source)[["target", "time", "date", "value", "source"]]
    return kept.astype({"time": "float64", "value": "float64"}).reset_index(drop=True)


def _time(row: Any, defects: list[str]) -> float:
    try:
        return decimal_year(str(row.date))
    except InputError as error:
        defects.append(f"line {row.line}: {error}")
        return float("nan")
