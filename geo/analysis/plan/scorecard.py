"""Monitoring, assessment and early warning (监测、评估、预警) of a plan's targets.

Words after GB/T 39972-2021: the value is monitored, its pace assessed, a warning given.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.texts import Localized, tr

__all__ = ["REASONS", "STATUSES", "WARNINGS", "Thresholds", "scorecard"]

STATUSES: Final = {
    "achieved": tr("Achieved"),
    "on_pace": tr("On pace"),
    "behind": tr("Behind"),
    "far_behind": tr("Far behind"),
    "reversed": tr("Reversed"),
}
"""The statuses, by the code in the column ``status_code``."""

WARNINGS: Final = {
    "achieved": tr("No warning"),
    "on_pace": tr("No warning"),
    "behind": tr("Yellow warning"),
    "far_behind": tr("Orange warning"),
    "reversed": tr("Red warning"),
}
"""The warning that goes with a status; the levels are this project's own."""

REASONS: Final = {
    "no_value": tr("no value"),
    "no_target": tr("no target"),
    "no_base": tr("not reached; without a base value its pace cannot be assessed"),
    "too_early": tr("the value is not later than the base"),
    "limit_crossed": tr("the limit is crossed"),
}
"""Why a target has no status, or is reversed though its base lies within a limit, by the code in
the column ``reason_code``."""

_SENSES: Final = {
    "up": tr("at least"),
    "down": tr("at most"),
}
_STANDINGS: Final = {
    "stated": tr("stated"),
    "inferred": tr("inferred"),
    "unconfirmed": tr("unconfirmed"),
}


@dataclass(frozen=True)
class Thresholds:
    """Where one status ends and the next begins; stated in the targets file.

    Attributes
    ----------
    on_pace
        Least pace that is on pace.
    behind
        Least pace that is behind; below it, far behind.
    max_age_years
        A value older than this at the date of the scorecard is marked stale.
    """

    on_pace: float
    behind: float
    max_age_years: float = 2.0


def scorecard(
    targets: pd.DataFrame, values: pd.DataFrame, thresholds: Thresholds, *, asof: float
) -> pd.DataFrame:
    """Assess each target by its latest value at a date.

    With x the value at t, base at t0 and target at t1:
    expected = base + (target − base)·(t − t0)/(t1 − t0), held at the target after t1;
    progress = (x − base)/(target − base); pace = progress / expected progress. A target is
    achieved when x ≥ target (sense up) or x ≤ target (sense down: ceilings and reductions),
    with or without a base; reversed when x moved from the base against its sense; after its date
    a missed target is behind at best.

    Parameters
    ----------
    targets
        By ``target``: ``sense``, ``base_value``, ``base_time``, ``target_value``,
        ``target_time`` (decimal years; null when missing), and columns that are kept.
    values
        ``target``, ``time``, ``value``, ``date``, ``source``; those after ``asof`` are not used.
    thresholds
        Limits of the statuses.
    asof
        Date of the assessment as a decimal year.

    Returns
    -------
    DataFrame
        Aligned to ``targets``, their columns and ``value``, ``value_time``, ``value_date``,
        ``value_source``, ``age_years``, ``stale``, ``expected``, ``progress``,
        ``expected_progress``, ``pace``, ``status_code``, ``reason_code``, and both in three
        languages, as warning, sense and standing are. What cannot be computed is null, with its
        reason.

    Raises
    ------
    InputError
        When a value belongs to no target.

    Examples
    --------
    >>> targets = pd.DataFrame({"sense": ["up", "down"], "base_value": [100.0, 50.0],
    ...     "base_time": 2020.0, "target_value": [200.0, 30.0], "target_time": 2030.0},
    ...     index=pd.Index(["a", "b"], name="target"))
    >>> values = pd.DataFrame({"target": ["a", "b"], "time": 2025.0, "value": [140.0, 55.0],
    ...     "date": "2024", "source": ""})
    >>> card = scorecard(targets, values, Thresholds(0.9, 0.5), asof=2026.0)
    >>> card[["expected", "progress", "pace", "status_zh"]].to_numpy().tolist()
    [[150.0, 0.4, 0.8, '滞后'], [40.0, -0.25, -0.5, '反向']]
    """
    strange = sorted(set(values.target) - set(targets.index))
    if strange:
        msg = f"values of {strange[0]!r} belong to no target; known: {', '.join(targets.index)}"
        raise InputError(msg)
    latest = values[values.time <= asof].sort_values("time").drop_duplicates("target", keep="last")
    latest = latest.set_index("target").reindex(targets.index)
    card = targets.assign(
        value=latest.value,
        value_time=latest.time,
        value_date=latest.date,
        value_source=latest.source,
        age_years=asof - latest.time,
    )
    card = card.assign(stale=(card.age_years > thresholds.max_age_years).where(card.value.notna()))
    card = card.assign(**_progress(card))
    judged = [_judge(row, thresholds) for row in card.itertuples()]
    status = pd.Series([one[0] for one in judged], index=card.index, dtype=object)
    reason = pd.Series([one[1] for one in judged], index=card.index, dtype=object)
    return card.assign(
        status_code=status,
        reason_code=reason,
        **_texts("status", status, STATUSES),
        **_texts("warning", status, WARNINGS),
        **_texts("reason", reason, REASONS),
        **_texts("sense", card.sense, _SENSES),
        **(_texts("standing", card.standing, _STANDINGS) if "standing" in card.columns else {}),
    )


def _progress(card: pd.DataFrame) -> "dict[str, pd.Series[float]]":
    span = (card.target_value - card.base_value).replace(0.0, np.nan)
    share = (card.value_time - card.base_time) / (card.target_time - card.base_time)
    share = share.clip(lower=0.0, upper=1.0)
    progress = (card.value - card.base_value) / span
    return {
        "expected": card.base_value + (card.target_value - card.base_value) * share,
        "progress": progress,
        "expected_progress": share,
        "pace": progress / share.replace(0.0, np.nan),
    }


def _judge(row: Any, limits: Thresholds) -> tuple[str | None, str | None]:
    sign = 1.0 if row.sense == "up" else -1.0
    if pd.isna(row.value) or pd.isna(row.target_value):
        return None, "no_value" if pd.isna(row.value) else "no_target"
    if sign * (row.value - row.target_value) >= 0:
        return "achieved", None
    if pd.isna(row.base_value):
        return None, "no_base"
    if row.value_time <= row.base_time:
        return None, "too_early"
    if sign * (row.base_value - row.target_value) >= 0:
        return "reversed", "limit_crossed"
    return _by_pace(row, sign, limits), None


def _by_pace(row: Any, sign: float, limits: Thresholds) -> str:
    if sign * (row.value - row.base_value) < 0:
        return "reversed"
    if row.pace < limits.behind:
        return "far_behind"
    if row.pace < limits.on_pace or row.value_time >= row.target_time:
        return "behind"
    return "on_pace"


def _texts(
    name: str, codes: "pd.Series[str]", texts: dict[str, Localized]
) -> "dict[str, pd.Series[str]]":
    return {
        f"{name}_{lang}": codes.map({code: text.described()[lang] for code, text in texts.items()})
        for lang in ("zh", "en", "ja")
    }
