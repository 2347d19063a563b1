"""A report as one HTML page: tables and stacked bars in three languages, with nothing that runs.

The page has no script and asks no host for anything; languages are switched by style alone. Every
text is put in by a template that escapes it, and no text is ever read as a template.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from geo.errors import UnknownIdError
from geo.formats import json_value
from geo.layers.layer import Text3

__all__ = ["Column", "Section", "report_page"]

_LANGUAGES: Final = ("zh", "en", "ja")
_HTML_LANGUAGE: Final = {"zh": "zh-CN", "en": "en", "ja": "ja"}


@dataclass(frozen=True)
class Column:
    """One column of a table in a report.

    Attributes
    ----------
    header
        In three languages.
    name
        Of the frame's column; with ``translated`` the stem of ``name_zh``, ``name_en``,
        ``name_ja``.
    translated
        Whether the frame has the text in three languages.
    tone
        Name of a column with a code that colours the cell (``achieved`` … ``reversed``); empty
        for none.
    """

    header: Text3
    name: str
    translated: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Section:
    """A heading, a paragraph and a table.

    Attributes
    ----------
    heading
        In three languages.
    text
        Paragraphs below it.
    columns
        What of the frame is shown, in this order.
    frame
        The rows.
    """

    heading: Text3
    text: Sequence[Text3] = ()
    columns: Sequence[Column] = ()
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)


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
        html_lang=_HTML_LANGUAGE[lang],
        languages=_LANGUAGES,
    )


def _rows(section: Section) -> dict[str, Any]:
    records = section.frame.to_dict("records")
    return {
        "heading": section.heading,
        "text": section.text,
        "columns": section.columns,
        "rows": [[_cell(record, column) for column in section.columns] for record in records],
    }


def _cell(record: Mapping[Any, Any], column: Column) -> dict[str, Any]:
    tone = _shown(record.get(column.tone)) if column.tone else ""
    if column.translated:
        texts = {lang: _shown(record.get(f"{column.name}_{lang}")) for lang in _LANGUAGES}
        return {"texts": texts, "tone": tone, "number": False}
    value = record.get(column.name)
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return {"text": _shown(value), "tone": tone, "number": number}


def _shown(value: Any) -> str:
    """Write a cell as a CSV file would: missing is empty, numbers as they are."""
    plain = json_value(value)
    return "" if plain is None else str(plain)
