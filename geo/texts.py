"""Texts in every language that readers see, from one catalogue.

English stands in the code, with named places for values: ``tr("{n} sites", n=5)``. The other
languages stand beside it in ``geo/languages``, one folder each: ``messages.po``, which the tools of
translators open, and ``language.json`` with the language's name and its marks. A language is added
by adding its folder; what it does not translate is read in English.
"""

import json
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from string import Formatter
from typing import Any, Final

__all__ = [
    "LANGUAGES",
    "Language",
    "Localized",
    "Text3",
    "language",
    "listed",
    "names_of",
    "tr",
    "tr_in",
    "tr_n",
    "translated",
]

_FOLDER: Final = files("geo").joinpath("languages")
_SOURCE: Final = "en"


@dataclass(frozen=True)
class Language:
    """A language that readers can choose.

    Attributes
    ----------
    code
        Such as ``ja``: the name of its folder.
    name
        Name of the language in the language itself.
    html
        Its tag in a page, such as ``zh-CN``.
    order
        Rank among the languages in lists.
    decimal, group
        Decimal mark and thousands separator, such as ``.`` and ``,``.
    list, list_last
        What stands between things in a list, and before the last.
    """

    code: str
    name: str
    html: str
    order: int
    decimal: str
    group: str
    list: str
    list_last: str


def _languages() -> Iterator[Language]:
    for one in _FOLDER.iterdir():
        card = one.joinpath("language.json")
        if card.is_file():
            yield Language(one.name, **json.loads(card.read_text(encoding="utf-8")))


_BY_CODE: Final = {one.code: one for one in sorted(_languages(), key=lambda one: one.order)}

LANGUAGES: Final[tuple[str, ...]] = tuple(_BY_CODE)
"""Codes of all languages, in the order in which readers are offered them."""


def language(code: str) -> Language:
    """Return what is known of a language.

    Parameters
    ----------
    code
        Language code, one of ``LANGUAGES``.

    Returns
    -------
    Language
        Its names and marks.

    Raises
    ------
    KeyError
        When there is no such language.

    Examples
    --------
    >>> language("ja").name
    '日本語'
    """
    return _BY_CODE[code]


class Localized:
    """One text in every language that readers see; English where a language has none.

    Parameters
    ----------
    **by_language
        Text by the language's code; ``en`` is needed unless all are given.

    Examples
    --------
    >>> sites = Localized(zh="地点", en="Sites", ja="地点")
    >>> sites.en, sites.described()["zh"]
    ('Sites', '地点')
    """

    __slots__ = ("_by",)
    _by: Mapping[str, str]

    def __init__(self, **by_language: str) -> None:
        spare = by_language.get(_SOURCE, "")
        object.__setattr__(self, "_by", {code: by_language.get(code, spare) for code in LANGUAGES})

    @classmethod
    def of(cls, zh: str, en: str, ja: str) -> "Localized":
        """Return a text from the three columns of the project's tables.

        Parameters
        ----------
        zh, en, ja
            The text in Chinese, in English and in Japanese.

        Returns
        -------
        Localized
            With English for every further language.
        """
        return cls(zh=zh, en=en, ja=ja)

    def __getattr__(self, code: str) -> str:
        try:
            return self._by[code]
        except (KeyError, AttributeError):
            raise AttributeError(code) from None

    def __setattr__(self, name: str, value: Any) -> None:
        msg = "a text does not change"
        raise AttributeError(msg)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Localized) and self._by == other._by

    def __hash__(self) -> int:
        return hash(tuple(self._by.values()))

    def __repr__(self) -> str:
        return f"Localized({', '.join(f'{code}={text!r}' for code, text in self._by.items())})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (dict(self._by),)

    def described(self) -> dict[str, str]:
        """Return the text by language.

        Returns
        -------
        dict
            Keys as in ``LANGUAGES``.
        """
        return dict(self._by)


class Text3(Localized):
    """Former name of a text in three languages, understood for one version.

    Parameters
    ----------
    zh, en, ja
        The text in Chinese, in English and in Japanese.
    """

    __slots__ = ()

    def __init__(self, zh: str, en: str, ja: str) -> None:
        message = "Text3(zh, en, ja) is Localized.of(zh, en, ja) now; the former name goes in 0.3"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        super().__init__(zh=zh, en=en, ja=ja)


def _remade(by_language: dict[str, str]) -> Localized:
    return Localized(**by_language)


def tr(message: str, /, **values: Any) -> Localized:
    """Return a text in every language.

    Parameters
    ----------
    message
        The English text, with ``{name}`` or ``{name:,.1f}`` where a value goes. It is the key of
        the catalogue: a literal, never put together.
    **values
        Values by name. One that is ``Localized`` goes in by its language, a number in the marks of
        the language. Without values the text stays as it is, braces and all.

    Returns
    -------
    Localized
        English in the languages that do not translate it.

    Examples
    --------
    >>> tr("{drawn:,} of {rows:,} rows drawn", drawn=5, rows=1200).zh
    '共 1,200 行，绘出 5 行'
    """
    return Localized(
        **{code: _filled(_catalogue(code).gettext(message), code, values) for code in LANGUAGES}
    )


def translated(text: str) -> Localized:
    """Return a text that stands in a data file of the package, in every language.

    Parameters
    ----------
    text
        English, as the file has it.

    Returns
    -------
    Localized
        As ``tr`` makes it, without values.
    """
    return Localized(**{code: _catalogue(code).gettext(text) for code in LANGUAGES})


def tr_in(context: str, message: str, /, **values: Any) -> Localized:
    """Return a text whose English has more than one sense.

    Parameters
    ----------
    context
        The sense of the text, for the translator.
    message, **values
        English text, and values for its ``{places}``, as for ``tr``.

    Returns
    -------
    Localized
        As for ``tr``.
    """
    return Localized(
        **{
            code: _filled(_catalogue(code).pgettext(context, message), code, values)
            for code in LANGUAGES
        }
    )


def tr_n(count: int, one: str, many: str, /, **values: Any) -> Localized:
    """Return a text whose form depends on a number, by the rule of each language.

    Parameters
    ----------
    count
        The number; it is ``{n}`` in the text.
    one, many
        English for 1 and for any other number.
    **values
        Values for the ``{places}`` of the text, as for ``tr``.

    Returns
    -------
    Localized
        As for ``tr``.

    Examples
    --------
    >>> tr_n(1, "{n} city", "{n} cities").en, tr_n(13, "{n} city", "{n} cities").en
    ('1 city', '13 cities')
    """
    values = {"n": count, **values}
    return Localized(
        **{
            code: _filled(_catalogue(code).ngettext(one, many, count), code, values)
            for code in LANGUAGES
        }
    )


def names_of(row: Any) -> Localized:
    """Return the names that stand in the columns ``name_zh``, ``name_en``, ``name_ja`` of a row.

    Parameters
    ----------
    row
        A Series or a named tuple with a name in each language, or in some and in English.

    Returns
    -------
    Localized
        English where the row has no column of a language.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> names_of(SimpleNamespace(name_zh="北京", name_en="Beijing", name_ja="北京")).zh
    '北京'
    """
    found = {code: getattr(row, f"name_{code}", None) for code in LANGUAGES}
    return Localized(**{code: str(text) for code, text in found.items() if text is not None})


def listed(things: "list[Localized] | tuple[Localized, ...]") -> Localized:
    """Join texts to a list, as each language writes one.

    Parameters
    ----------
    things
        Texts in three languages, in the order of the list.

    Returns
    -------
    Localized
        ``a, b and c`` in English.

    Examples
    --------
    >>> listed([Localized(en="a"), Localized(en="b"), Localized(en="c")]).en
    'a, b and c'
    """
    made = {}
    for code, marks in _BY_CODE.items():
        texts = [getattr(one, code) for one in things]
        head = marks.list.join(texts[:-1])
        made[code] = marks.list_last.join([head, texts[-1]]) if len(texts) > 1 else "".join(texts)
    return Localized(**made)


@cache
def _catalogue(code: str) -> NullTranslations:
    """Read the compiled catalogue of a language; that of the source language is empty."""
    compiled = _FOLDER.joinpath(code, "messages.mo")
    if not compiled.is_file():
        return NullTranslations()
    with compiled.open("rb") as file:
        return GNUTranslations(file)


def _filled(template: str, code: str, values: Mapping[str, Any]) -> str:
    return _filler(code).vformat(template, (), values) if values else template


@cache
def _filler(code: str) -> "_Filler":
    return _Filler(_BY_CODE[code])


class _Filler(Formatter):
    """Puts values into a text as its language writes them."""

    def __init__(self, marks: Language) -> None:
        self._code = marks.code
        self._marks = str.maketrans({",": marks.group, ".": marks.decimal})
        self._same = (marks.group, marks.decimal) == (",", ".")

    def format_field(self, value: Any, format_spec: str) -> Any:
        """Return a value as text; a number with a format gets the marks of the language."""
        if isinstance(value, Localized):
            return getattr(value, self._code)
        made = format(value, format_spec)
        return made if self._same or not format_spec else made.translate(self._marks)
