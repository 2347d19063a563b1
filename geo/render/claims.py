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
    "未能核实不等于不实，只表示没有找到可查阅的来源。",
    "Unconfirmed does not mean wrong: it means that no source was found that could be read.",
    "未確認は誤りを意味しない。閲覧できる出典が見つからなかったということ。",
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
        Text3("数据算得出什么", "What the data say", "データから言えること"),
        "computed",
        translated=True,
        under=(Column(Text3("看图：", "See the map:", "地図："), "map", True, address="page"),),
    ),
    Column(
        Text3("说明与来源", "Caveat and source", "注意点と出典"),
        "caveat",
        translated=True,
        under=(Column(Text3("来源：", "Source:", "出典："), "source", translated=True),),
    ),
)
_LANGUAGES: Final = ("zh", "en", "ja")
_HEADING: Final = Text3("核对结果", "What the check found", "検証の結果")
_INTRO: Final = Text3(
    "以下逐条核对 2026 年 3 月的报道。结论依据查阅到的资料；“数据算得出什么”一栏每次由数据表"
    "重新计算，本身不能把未核实的说法变成已核实。",
    "Each claim of the article of March 2026. Verdicts rest on sources that were read. What the "
    "data say is computed from the tables each time, and confirms nothing by itself.",
    "2026年3月の記事の主張を一つずつ検証した。判定は資料の確認による。「データから言えること」は毎回データ表から"
    "算出したもので、それだけで確認済みとはしない。",
)


def claims_page(
    table: pd.DataFrame,
    *,
    provenance: Mapping[str, Any],
    lang: str = "zh",
    lead: Sequence[Text3] = (),
    maps: Mapping[str, tuple[str, Text3]] | None = None,
) -> str:
    """Write the claims check as HTML.

    Parameters
    ----------
    table
        As ``geo.atlas.jjj.claims.check_claims`` returns.
    provenance
        Stands in the page for ``jjj explain``.
    lang
        The language shown first.
    lead
        Paragraphs before the caveat and the explanation, such as the finding.
    maps
        By claim: file in the same folder, and title, of the map on which it can be read.

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
    shown = table if maps is None else _with_maps(table, maps)
    section = Section(_HEADING, [*lead, CLAIMS_CAVEAT, _INTRO], _COLUMNS, shown, tally)
    return report_page(CLAIMS_TITLE, [section], provenance=provenance, lang=lang)


def _with_maps(table: pd.DataFrame, maps: Mapping[str, tuple[str, Text3]]) -> pd.DataFrame:
    pages = table.claim.map({claim: page for claim, (page, _) in maps.items()})
    titles = {claim: title.described() for claim, (_, title) in maps.items()}
    words = {
        f"map_{lang}": table.claim.map({claim: said[lang] for claim, said in titles.items()})
        for lang in _LANGUAGES
    }
    return table.assign(page=pages, **words)
