"""Reports without script: claims beside what was found, targets with their standing.

A report as one HTML page: tables in three languages, with nothing that runs.

The page has no script and asks no host for anything; languages are switched by style alone, and
``#lang=en`` in the address opens it in English, as it does a map. Every text is put in by a
template that escapes it, and no text is ever read as a template.

The claims check as a page: what was said, what can be computed, verdict, caveat, source.

The scorecard as a page: 监测、评估、预警 with the numbers of the table beside it.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from geo.errors import UnknownIdError
from geo.formats import json_value
from geo.layers.layer import Text3
from geo.render.sanitize import legible

__all__ = [
    "CLAIMS_CAVEAT",
    "CLAIMS_TITLE",
    "Column",
    "Section",
    "claims_page",
    "report_page",
    "scorecard_page",
]

_LANGUAGES: Final = ("zh", "en", "ja")
# an address ends at white space, quotes, and the marks of Chinese and Japanese writing
_ADDRESS: Final = re.compile(
    r"(https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s;,<>\"'“”\u3000-\u303f\uff00-\uffef]*)?)"
)
_PAGE: Final = re.compile(r"[a-z0-9-]+\.html")
_HTML_LANGUAGE: Final = {"zh": "zh-CN", "en": "en", "ja": "ja"}


@dataclass(frozen=True)
class Column:
    """One column of a table in a report.

    Attributes
    ----------
    header
        In three languages; on a narrow screen it labels the cell.
    name
        Of the frame's column; with ``translated`` the stem of ``name_zh``, ``name_en``,
        ``name_ja``.
    translated
        Whether the frame has the text in three languages.
    tone
        Name of a column with a code that marks the text (``achieved`` … ``reversed``,
        ``confirmed`` … ``contradicted``) by colour and sign; empty for none.
    under
        What stands below it in small type: each with its own header, where it has one, and left
        out where it is missing.
    bar
        Names of a share from 0 to 1 and of the share that was due, drawn above the number; empty
        for none.
    address
        Name of a column with what the text links to: a web address or, with ``translated``, a page
        in the same folder, which opens in the language of the text; empty for none.
    """

    header: Text3
    name: str
    translated: bool = False
    tone: str = ""
    under: "Sequence[Column]" = ()
    bar: tuple[str, str] | tuple[()] = ()
    address: str = ""


@dataclass(frozen=True)
class Section:
    """A heading, a tally, paragraphs and a table.

    Attributes
    ----------
    heading
        In three languages.
    text
        Paragraphs below it.
    columns
        What of the frame is shown, in this order; the first names the row.
    frame
        The rows.
    tally
        How many rows each code has: code of the tone, its word, the count.
    """

    heading: Text3
    text: Sequence[Text3] = ()
    columns: Sequence[Column] = ()
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    tally: Sequence[tuple[str, Text3, int]] = ()


def report_page(
    title: Text3,
    sections: Sequence[Section],
    *,
    notes: Sequence[Text3] = (),
    provenance: Mapping[str, Any] | None = None,
    lang: str = "zh",
) -> str:
    r"""Write a report as HTML.

    Parameters
    ----------
    title
        In three languages.
    sections
        Tables with their headings.
    notes
        Caveats and sources below them.
    provenance
        Stands in the page as JSON, for ``jjj explain``.
    lang
        The language shown first: ``zh``, ``en`` or ``ja``.

    Returns
    -------
    str
        A whole page; the same for the same content.

    Raises
    ------
    UnknownIdError
        When there is no such language.

    Examples
    --------
    >>> text = Text3("<b>", "<script>", "{{ 7*7 }}")
    >>> page = report_page(text, [])
    >>> "<script>" in page, "&lt;script&gt;" in page, "{{ 7*7 }}" in page
    (False, True, True)
    """
    if lang not in _LANGUAGES:
        kind = "language"
        raise UnknownIdError(kind, lang, _LANGUAGES)
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("geo.render", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["legible"] = legible
    style = environment.get_template("report.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        title=title,
        sections=[_rows(one) for one in sections],
        notes=notes,
        provenance=json_value(provenance or {}),
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
        lang=lang,
        html_lang=_HTML_LANGUAGE,
        languages=_LANGUAGES,
    )


def _rows(section: Section) -> dict[str, Any]:
    records = section.frame.to_dict("records")
    return {
        "heading": section.heading,
        "tally": section.tally,
        "text": section.text,
        "columns": section.columns,
        "rows": [[_cell(record, column) for column in section.columns] for record in records],
    }


def _cell(record: Mapping[Any, Any], column: Column) -> dict[str, Any]:
    cell = {
        "header": column.header,
        "tone": _shown(record.get(column.tone)) if column.tone else "",
        "under": [one for one in (_cell(record, below) for below in column.under) if one["said"]],
        "bar": _bar(record, column) if column.bar else None,
    }
    address = _shown(record.get(column.address)) if column.address else ""
    if column.translated:
        texts = {lang: _shown(record.get(f"{column.name}_{lang}")) for lang in _LANGUAGES}
        said = {lang: _pieces(text) for lang, text in texts.items()}
        if _PAGE.fullmatch(address):
            said = {
                lang: [{"text": text, "address": f"{address}#lang={lang}"}]
                for lang, text in texts.items()
            }
        return cell | {"texts": said, "said": any(texts.values()), "number": False}
    value = record.get(column.name)
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    text = _shown(value)
    linked = text and _ADDRESS.fullmatch(address)
    pieces = [{"text": text, "address": address}] if linked else _pieces(text)
    return cell | {"pieces": pieces, "said": bool(text), "number": number}


def _bar(record: Mapping[Any, Any], column: Column) -> dict[str, float] | None:
    """Scale a share and what was due to a bar from 0 to 100; beyond either end it stops there."""
    done, due = (json_value(record.get(one)) for one in column.bar)
    if done is None or due is None:
        return None
    return {"done": min(max(done, 0.0), 1.0) * 100, "due": min(max(due, 0.0), 1.0) * 100}


def _pieces(text: str) -> list[dict[str, str]]:
    """Split a text at its web addresses; each of them is shown by its host."""
    pieces = []
    for at, part in enumerate(_ADDRESS.split(text)):
        is_address = at % 2 == 1
        shown = part.split("/")[2].removeprefix("www.") if is_address else part
        if part:
            pieces.append({"text": shown, "address": part if is_address else ""})
    return pieces


def _shown(value: Any) -> str:
    """Write a cell as a CSV file would: missing is empty, numbers as they are."""
    plain = json_value(value)
    return "" if plain is None else legible(str(plain))


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


_ORDER: Final = ("achieved", "on_pace", "behind", "far_behind", "reversed")

_STALE: Final = Text3("监测值过旧", "too old", "値が古い")
_NOT_ASSESSED: Final = Text3("未评估", "Not assessed", "未評価")
_COLUMNS_SCORECARD: Final = (
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
    section = Section(heading, text, _COLUMNS_SCORECARD, shown, _tally(card))
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
