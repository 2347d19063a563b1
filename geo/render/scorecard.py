"""The scorecard as a page: 监测、评估、预警 with the numbers of the table beside it."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geo.layers.layer import Text3
from geo.render.report import Column, Section, report_page

__all__ = ["scorecard_page"]

_LANGUAGES: Final = ("zh", "en", "ja")
_ORDER: Final = ("achieved", "on_pace", "behind", "far_behind", "reversed")
_NONE: Final = Text3("", "", "")
_STALE: Final = Text3("监测值过旧", "too old", "値が古い")
_NOT_ASSESSED: Final = Text3("未评估", "Not assessed", "未評価")
_COLUMNS: Final = (
    Column(
        Text3("指标", "Indicator", "指標"),
        "name",
        translated=True,
        under=(
            Column(Text3("单位：", "Unit:", "単位："), "unit", translated=True),
            Column(Text3("要求：", "Required:", "要件："), "sense", translated=True),
        ),
    ),
    Column(
        Text3("基期值", "Base value", "基準値"), "base_value", under=(Column(_NONE, "base_date"),)
    ),
    Column(
        Text3("目标值", "Target", "目標値"), "target_value", under=(Column(_NONE, "target_date"),)
    ),
    Column(
        Text3("监测值", "Monitored value", "監測値"),
        "value",
        under=(Column(_NONE, "value_date"), Column(_NONE, "stale", translated=True)),
    ),
    Column(Text3("应达到值", "Expected", "到達すべき値"), "expected"),
    Column(
        Text3("进度", "Progress", "進捗"),
        "progress",
        under=(Column(Text3("应有", "due", "予定"), "expected_progress"),),
        bar=("progress", "expected_progress"),
    ),
    Column(Text3("进度比", "Pace", "進捗比"), "pace"),
    Column(
        Text3("评估、预警", "Assessment, warning", "評価・警報"),
        "status",
        translated=True,
        tone="status_code",
        under=(
            Column(_NONE, "warning", translated=True),
            Column(_NONE, "reason", translated=True),
        ),
    ),
    Column(
        Text3("目标依据", "Source of the target", "目標の出典"),
        "source",
        address="address",
        under=(
            Column(Text3("性质：", "Standing:", "根拠："), "standing", translated=True),
            Column(Text3("数据来源：", "Value:", "値の出典："), "value_source"),
        ),
    ),
)


def scorecard_page(
    card: pd.DataFrame,
    title: Text3,
    *,
    asof: str,
    thresholds: tuple[float, float],
    caveat: Text3,
    provenance: Mapping[str, Any],
    lang: str = "zh",
) -> str:
    """Write a scorecard as HTML with the same numbers as its table.

    Parameters
    ----------
    card
        As ``geo.analysis.plan.scorecard.scorecard`` returns, rounded as in the CSV beside it.
    title
        Of the targets.
    asof
        Date of the scorecard as it was asked for.
    thresholds
        Least pace that is on pace, and that is behind.
    caveat
        What a reader must be told.
    provenance
        Stands in the page for ``jjj explain``.
    lang
        The language shown first.

    Returns
    -------
    str
        A whole page.

    Raises
    ------
    UnknownIdError
        When there is no such language.
    """
    stale = card.stale.fillna(value=False).astype(bool)
    shown = card.assign(
        **{f"stale_{lang}": stale.map({True: _STALE.described()[lang]}) for lang in _LANGUAGES}
    )
    heading = Text3("监测、评估、预警", "Monitoring, assessment, warning", "監測・評価・警報")
    text = _said(card, int(stale.sum()), asof, thresholds)
    section = Section(heading, text, _COLUMNS, shown, _tally(card))
    return report_page(title, [section], notes=[caveat], provenance=provenance, lang=lang)


def _tally(card: pd.DataFrame) -> list[tuple[str, Text3, int]]:
    found = []
    for code in _ORDER:
        own = card[card.status_code == code]
        if len(own):
            words = Text3(*(str(own[f"status_{lang}"].iloc[0]) for lang in _LANGUAGES))
            found.append((code, words, len(own)))
    rest = int(card.status_code.isna().sum())
    return [*found, *([("open", _NOT_ASSESSED, rest)] if rest else [])]


def _said(
    card: pd.DataFrame, stale: int, asof: str, thresholds: tuple[float, float]
) -> list[Text3]:
    (on_pace, behind), n = thresholds, len(card)
    judged = int(card.status_code.notna().sum())
    return [
        Text3(
            f"截至 {asof}，{n} 项指标中 {judged} 项可以评估；监测值过旧的有 {stale} 项。",
            f"As of {asof}, {judged} of {n} targets can be assessed; monitored values too old: "
            f"{stale}.",
            f"{asof}時点で{n}指標のうち{judged}指標を評価。監測値が古い指標は{stale}件。",
        ),
        Text3(
            f"进度比＝进度÷应有进度：不低于 {on_pace} 为按期，不低于 {behind} 为滞后，"
            "更低为严重滞后；变化方向与要求相反、或突破限值，为反向。进度条上的竖线为应有进度。",
            f"Pace is progress over the progress due: from {on_pace} up on pace, from {behind} up "
            "behind, below that far behind; a value that moved the wrong way, or beyond its limit, "
            "is reversed. The tick on a bar is the progress due.",
            f"進捗比＝進捗÷予定進捗。{on_pace}以上は予定どおり、{behind}以上は遅れ、"
            "それ未満は大幅な遅れ。求められる方向と逆に動いた値と限度を超えた値は逆行。"
            "バーの縦線は予定進捗。",
        ),
    ]
