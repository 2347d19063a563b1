"""The claims check as a page: what was said, what can be computed, verdict, caveat, source."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from geo.layers.layer import Text3
from geo.render.report import Column, Section, report_page

__all__ = ["CLAIMS_CAVEAT", "CLAIMS_TITLE", "claims_page"]

CLAIMS_TITLE: Final = Text3(
    "报道的说法，逐条核对", "The article's claims, one by one", "記事の主張を一つずつ検証"
)
"""Title of the page."""

CLAIMS_CAVEAT: Final = Text3(
    "未能核实不等于不实：只表示未找到可读的来源。",
    "Not confirmed does not mean wrong: no source that could be read was found.",
    "確認できないことは誤りを意味しない。読める出典が見つからなかったということ。",
)
"""What a reader of the verdicts must be told."""

_NONE: Final = Text3("", "", "")
_COLUMNS: Final = (
    Column(
        Text3("报道的说法", "What was said", "記事の主張"),
        "said",
        translated=True,
        under=(Column(_NONE, "verdict", translated=True, tone="verdict"),),
    ),
    Column(
        Text3("在此可计算", "What can be computed", "ここで計算できること"),
        "computed",
        translated=True,
    ),
    Column(
        Text3("注意与来源", "Caveat and source", "注意点と出典"),
        "caveat",
        translated=True,
        under=(Column(Text3("来源：", "Source:", "出典："), "source"),),
    ),
)
_LANGUAGES: Final = ("zh", "en", "ja")
_HEADING: Final = Text3("核对结果", "What the check found", "検証の結果")
_INTRO: Final = Text3(
    "逐条核对 2026 年 3 月的报道。结论来自查阅资料；“可计算的内容”每次由数据表重新计算，"
    "不会把未核实的说法变成已核实。",
    "Each claim of the article of March 2026. Verdicts rest on sources that were read; what can be "
    "computed is computed from the tables each time, and confirms nothing by itself.",
    "2026年3月の記事の主張を一つずつ検証。判定は資料の確認により、計算欄は毎回データ表から算出したもので、"
    "それ自体は確認を意味しません。",
)


def claims_page(
    table: pd.DataFrame,
    *,
    provenance: Mapping[str, Any],
    lang: str = "zh",
    lead: Sequence[Text3] = (),
) -> str:
    """Write the claims check as HTML.

    Parameters
    ----------
    table
        As ``geo.analysis.claims.check_claims`` returns.
    provenance
        Stands in the page for ``jjj explain``.
    lang
        The language shown first.
    lead
        Paragraphs before the caveat and the explanation, such as the finding.

    Returns
    -------
    str
        A whole page.

    Raises
    ------
    UnknownIdError
        When there is no such language.
    """
    counts = table.verdict.value_counts()
    words = table.drop_duplicates("verdict").set_index("verdict")
    tally = [
        (one, Text3(*(words[f"verdict_{lang}"][one] for lang in _LANGUAGES)), int(counts[one]))
        for one in counts.index
    ]
    section = Section(_HEADING, [*lead, CLAIMS_CAVEAT, _INTRO], _COLUMNS, table, tally)
    return report_page(CLAIMS_TITLE, [section], provenance=provenance, lang=lang)
