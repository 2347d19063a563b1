"""A report as one HTML page: tables in three languages, with nothing that runs.

The page has no script and asks no host for anything; languages are switched by style alone, and
``#lang=en`` in the address opens it in English, as it does a map. Every text is put in by a
template that escapes it, and no text is ever read as a template.
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
from geo.render.legible import legible

__all__ = ["Column", "Section", "report_page"]

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
