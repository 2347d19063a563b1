"""Reports as HTML without script: the claims check, the scorecard of targets.

A report as one HTML page: tables in three languages, with nothing that runs.

The page has no script and asks no host for anything; languages are switched by style alone, and
``#lang=en`` in the address opens it in English, as it does a map. Every text is put in by a
template that escapes it, and no text is ever read as a template.

The claims check as a page: the claim, what can be computed, verdict, caveat, source.

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
from geo.render.sanitize import sanitized
from geo.texts import LANGUAGES, Localized, language, tr

__all__ = [
    "CLAIMS_CAVEAT",
    "CLAIMS_TITLE",
    "Column",
    "Section",
    "claims_page",
    "report_page",
    "scorecard_page",
]

# an address ends at white space, quotes, and the marks of Chinese and Japanese writing
_ADDRESS: Final = re.compile(
    r"(https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s;,<>\"'“”\u3000-\u303f\uff00-\uffef]*)?)"
)
_PAGE: Final = re.compile(r"[a-z0-9-]+\.html")


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

    header: Localized
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
        Heading of the section in three languages.
    text
        Paragraphs below the heading, in three languages.
    columns
        What of the frame is shown, in this order; the first names the row.
    frame
        One row per table row of the section.
    tally
        How many rows each code has: code of the tone, its word, the count.
    """

    heading: Localized
    text: Sequence[Localized] = ()
    columns: Sequence[Column] = ()
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    tally: Sequence[tuple[str, Localized, int]] = ()


def report_page(
    title: Localized,
    sections: Sequence[Section],
    *,
    notes: Sequence[Localized] = (),
    provenance: Mapping[str, Any] | None = None,
    lang: str = "zh",
) -> str:
    r"""Write a report as HTML.

    Parameters
    ----------
    title
        Title of the report in three languages.
    sections
        Tables with their headings.
    notes
        Caveats and sources below them.
    provenance
        Provenance of the data, kept in the page as JSON for ``jjj explain``.
    lang
        Language code of the language in which the page opens: ``zh``, ``en`` or ``ja``.

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
    >>> text = Localized.of("<b>", "<script>", "{{ 7*7 }}")
    >>> page = report_page(text, [])
    >>> "<script>" in page, "&lt;script&gt;" in page, "{{ 7*7 }}" in page
    (False, True, True)
    """
    if lang not in LANGUAGES:
        kind = "language"
        raise UnknownIdError(kind, lang, LANGUAGES)
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("geo.render", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["legible"] = sanitized
    style = environment.get_template("report.css").render(languages=LANGUAGES)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        title=title,
        sections=[_rows(one) for one in sections],
        notes=notes,
        provenance=json_value(provenance or {}),
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
        lang=lang,
        html_lang={one: language(one).html for one in LANGUAGES},
        names={one: language(one).name for one in LANGUAGES},
        languages=LANGUAGES,
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


def _texts(record: "Mapping[Any, Any] | pd.Series[Any]", stem: str) -> dict[str, Any]:
    """Return the columns of a text by language; English where a language has none."""
    spare = record.get(f"{stem}_en")
    return {lang: record.get(f"{stem}_{lang}", spare) for lang in LANGUAGES}


def _by_language(record: "pd.Series[Any]", stem: str) -> Localized:
    return Localized(**{lang: str(text) for lang, text in _texts(record, stem).items()})


def _cell(record: Mapping[Any, Any], column: Column) -> dict[str, Any]:
    cell = {
        "header": column.header,
        "tone": _shown(record.get(column.tone)) if column.tone else "",
        "under": [one for one in (_cell(record, below) for below in column.under) if one["filled"]],
        "bar": _bar(record, column) if column.bar else None,
    }
    address = _shown(record.get(column.address)) if column.address else ""
    if column.translated:
        texts = {lang: _shown(text) for lang, text in _texts(record, column.name).items()}
        translated = {lang: _pieces(text) for lang, text in texts.items()}
        if _PAGE.fullmatch(address):
            translated = {
                lang: [{"text": text, "address": f"{address}#lang={lang}"}]
                for lang, text in texts.items()
            }
        return cell | {"texts": translated, "filled": any(texts.values()), "number": False}
    value = record.get(column.name)
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    text = _shown(value)
    linked = text and _ADDRESS.fullmatch(address)
    pieces = [{"text": text, "address": address}] if linked else _pieces(text)
    return cell | {"pieces": pieces, "filled": bool(text), "number": number}


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
    return "" if plain is None else sanitized(str(plain))


CLAIMS_TITLE: Final = tr("The article's claims, one by one")
"""Title of the page."""

CLAIMS_CAVEAT: Final = tr(
    "Unconfirmed does not mean wrong: it means that no source was found that could be read."
)
"""What a reader of the verdicts must know."""

_NONE: Final = Localized(zh="", en="", ja="")
_COLUMNS: Final = (
    Column(
        tr("What was said"),
        "said",
        translated=True,
        under=(Column(_NONE, "verdict", translated=True, tone="verdict"),),
    ),
    Column(
        tr("What the data say"),
        "computed",
        translated=True,
        under=(Column(tr("See the map:"), "map", True, address="page"),),
    ),
    Column(
        tr("Caveat and source"),
        "caveat",
        translated=True,
        under=(Column(tr("Source:"), "source", translated=True),),
    ),
)

_HEADING: Final = tr("What the check found")
_INTRO: Final = tr(
    "Each claim of the article of March 2026. Verdicts rest on sources that were "
    "read. What the data say is computed from the tables each time, and confirms "
    "nothing by itself."
)


def claims_page(
    table: pd.DataFrame,
    *,
    provenance: Mapping[str, Any],
    lang: str = "zh",
    lead: Sequence[Localized] = (),
    maps: Mapping[str, tuple[str, Localized]] | None = None,
) -> str:
    """Write the claims check as HTML.

    Parameters
    ----------
    table
        One row a claim, as ``geo.atlas.jjj.claims.check_claims`` returns it.
    provenance
        Provenance of the data, kept in the page as JSON for ``jjj explain``.
    lang
        Language code of the language in which the page opens: ``zh``, ``en`` or ``ja``.
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
        (
            one,
            _by_language(words.loc[one], "verdict"),
            int(counts[one]),
        )
        for one in counts.index
    ]
    shown = table if maps is None else _with_maps(table, maps)
    section = Section(_HEADING, [*lead, CLAIMS_CAVEAT, _INTRO], _COLUMNS, shown, tally)
    return report_page(CLAIMS_TITLE, [section], provenance=provenance, lang=lang)


def _with_maps(table: pd.DataFrame, maps: Mapping[str, tuple[str, Localized]]) -> pd.DataFrame:
    pages = table.claim.map({claim: page for claim, (page, _) in maps.items()})
    titles = {claim: title.described() for claim, (_, title) in maps.items()}
    words = {
        f"map_{lang}": table.claim.map({claim: title[lang] for claim, title in titles.items()})
        for lang in LANGUAGES
    }
    return table.assign(page=pages, **words)


_ORDER: Final = ("achieved", "on_pace", "behind", "far_behind", "reversed")

_STALE: Final = tr("too old")
_NOT_ASSESSED: Final = tr("Not assessed")
_COLUMNS_SCORECARD: Final = (
    Column(
        tr("Indicator"),
        "name",
        translated=True,
        under=(
            Column(tr("Unit:"), "unit", translated=True),
            Column(tr("Required:"), "sense", translated=True),
        ),
    ),
    Column(tr("Base value"), "base_value", under=(Column(_NONE, "base_date"),)),
    Column(tr("Target"), "target_value", under=(Column(_NONE, "target_date"),)),
    Column(
        tr("Monitored value"),
        "value",
        under=(Column(_NONE, "value_date"), Column(_NONE, "stale", translated=True)),
    ),
    Column(tr("Expected"), "expected"),
    Column(
        tr("Progress"),
        "progress",
        under=(Column(tr("due"), "expected_progress"),),
        bar=("progress", "expected_progress"),
    ),
    Column(tr("Pace"), "pace"),
    Column(
        tr("Assessment, warning"),
        "status",
        translated=True,
        tone="status_code",
        under=(
            Column(_NONE, "warning", translated=True),
            Column(_NONE, "reason", translated=True),
        ),
    ),
    Column(
        tr("Source of the target"),
        "source",
        address="address",
        under=(
            Column(tr("Standing:"), "standing", translated=True),
            Column(tr("Value:"), "value_source"),
        ),
    ),
)


def scorecard_page(
    card: pd.DataFrame,
    title: Localized,
    *,
    asof: str,
    thresholds: tuple[float, float],
    caveat: Localized,
    provenance: Mapping[str, Any],
    lang: str = "zh",
) -> str:
    """Write a scorecard as HTML with the same numbers as its table.

    Parameters
    ----------
    card
        As ``geo.analysis.plan.scorecard.scorecard`` returns, rounded as in the CSV beside it.
    title
        Title of the set of targets, in three languages.
    asof
        Date of the scorecard as it was asked for.
    thresholds
        Least pace that is on pace, and that is behind.
    caveat
        What a reader must know, in three languages.
    provenance
        Provenance of the data, kept in the page as JSON for ``jjj explain``.
    lang
        Language code of the language in which the page opens: ``zh``, ``en`` or ``ja``.

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
        **{f"stale_{lang}": stale.map({True: _STALE.described()[lang]}) for lang in LANGUAGES}
    )
    heading = tr("Monitoring, assessment, warning")
    text = _lead(card, int(stale.sum()), asof, thresholds)
    section = Section(heading, text, _COLUMNS_SCORECARD, shown, _tally(card))
    return report_page(title, [section], notes=[caveat], provenance=provenance, lang=lang)


def _tally(card: pd.DataFrame) -> list[tuple[str, Localized, int]]:
    found = []
    for code in _ORDER:
        own = card[card.status_code == code]
        if len(own):
            found.append((code, _by_language(own.iloc[0], "status"), len(own)))
    rest = int(card.status_code.isna().sum())
    return [*found, *([("open", _NOT_ASSESSED, rest)] if rest else [])]


def _lead(
    card: pd.DataFrame, stale: int, asof: str, thresholds: tuple[float, float]
) -> list[Localized]:
    (on_pace, behind), n = thresholds, len(card)
    judged = int(card.status_code.notna().sum())
    return [
        tr(
            "As of {asof}, {judged} of {n} targets can be assessed; monitored values too old: "
            "{stale}.",
            asof=asof,
            judged=judged,
            n=n,
            stale=stale,
        ),
        tr(
            "Pace is progress over the progress due: from {on_pace} up on pace, from {behind} "
            "up behind, below that far behind; a value that moved the wrong way, or beyond "
            "its limit, is reversed. The tick on a bar is the progress due.",
            on_pace=on_pace,
            behind=behind,
        ),
    ]
