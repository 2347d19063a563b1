"""The scorecard as a page: 监测、评估、预警 with the numbers of the table beside it."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geo.layers.layer import Text3
from geo.render.report import Column, Section, report_page

__all__ = ["scorecard_page"]

_COLUMNS: Final = (
    Column(Text3("指标", "Indicator", "指標"), "name", translated=True),
    Column(Text3("单位", "Unit", "単位"), "unit", translated=True),
    Column(Text3("方向", "Sense", "方向"), "sense", translated=True),
    Column(Text3("基期值", "Base", "基準値"), "base_value"),
    Column(Text3("目标值", "Target", "目標値"), "target_value"),
    Column(Text3("监测值", "Value", "観測値"), "value"),
    Column(Text3("监测日期", "Date", "観測時点"), "value_date"),
    Column(Text3("应达到值", "Expected", "予定値"), "expected"),
    Column(Text3("进度", "Progress", "進捗"), "progress"),
    Column(Text3("应有进度", "Expected progress", "予定進捗"), "expected_progress"),
    Column(Text3("进度比", "Pace", "ペース"), "pace"),
    Column(Text3("评估", "Assessment", "評価"), "status", translated=True, tone="status_code"),
    Column(Text3("预警", "Warning", "警報"), "warning", translated=True),
    Column(
        Text3("未评估原因", "Not assessed because", "評価できない理由"), "reason", translated=True
    ),
    Column(Text3("目标依据", "Source of the target", "目標の出典"), "source"),
    Column(Text3("依据性质", "Standing", "位置づけ"), "standing", translated=True),
    Column(Text3("数据来源", "Source of the value", "値の出典"), "value_source"),
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
        As ``geo.analysis.scorecard.scorecard`` returns, rounded as in the CSV beside it.
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
    on_pace, behind = thresholds
    stale = int(card.stale.fillna(value=False).astype(bool).sum()) if "stale" in card else 0
    judged = int(card.status_code.notna().sum())
    n = len(card)
    text = [
        Text3(
            f"截至 {asof}：{n} 项指标中 {judged} 项可评估，{stale} 项监测值过旧。",
            f"As of {asof}: {judged} of {n} targets can be assessed, {stale} by a stale value.",
            f"{asof} 時点：{n} 指標のうち {judged} 指標を評価、{stale} 指標は値が古い。",
        ),
        Text3(
            f"进度比 ≥ {on_pace} 为按期，≥ {behind} 为滞后，低于此为严重滞后；"
            "与要求方向相反为反向。",
            f"Pace from {on_pace} up is on pace, from {behind} up behind, below far behind; "
            "a value that moved against its sense is reversed.",
            f"ペース {on_pace} 以上は予定どおり、{behind} 以上は遅れ、それ未満は大幅な遅れ。"
            "求められる方向と逆なら逆行。",
        ),
    ]
    heading = Text3("监测、评估、预警", "Monitoring, assessment, warning", "監測・評価・警報")
    section = Section(heading, text, _COLUMNS, card)
    return report_page(title, [section], notes=[caveat], provenance=provenance, lang=lang)
