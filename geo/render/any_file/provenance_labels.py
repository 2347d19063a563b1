"""Title, sources and caveats of a map layer from the provenance of its file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from geo import layers as shipped
from geo.door.files import STDIN, Source
from geo.door.provenance import read_provenance
from geo.errors import GeoError
from geo.render.layer import About, Text
from geo.texts import Localized, tr

__all__ = ["about_named"]

_LANGUAGES: Final = ("zh", "en", "ja")
_PIPED: Final = tr("Standard input")
_OF_A_SOURCE: Final = (
    "source_id", "title", "publisher", "licence", "attribution", "vintage", "review_number",
)  # fmt: skip


def about_named(name: str, source: Source | None = None) -> About:
    """Return title, sources and caveats of a layer or file.

    Parameters
    ----------
    name
        A shipped layer's id, a path, or ``"-"`` for standard input. A file that this project wrote
        carries its provenance; of any other only the name is known.
    source
        The opened file (``geo.door.files.Source``) that came through standard input.

    Returns
    -------
    About
        Texts only, whatever the file holds in their place.

    Examples
    --------
    >>> about_named("stations").title.en
    'High-speed railway stations'
    >>> about_named("somewhere/my firms.csv").title
    'my firms'
    """
    if name in shipped.ids():
        return About.of(shipped.load(name))
    stem: Text = Path(name).stem.replace("_", " ").strip() or name
    if name == STDIN:
        stem = _PIPED
    try:
        provenance = read_provenance(name if source is None else source)
    except GeoError:
        return About(stem)
    caveats = tuple(dict.fromkeys(_caveats(provenance)))
    return About(
        _text3(provenance.get("title")) or stem, {"sources": list(_sources(provenance))}, caveats
    )


def _inputs(provenance: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the file itself, then what it was made from."""
    yield provenance
    inputs = provenance.get("inputs")
    if isinstance(inputs, Mapping):
        yield from (one for one in inputs.values() if isinstance(one, Mapping))


def _sources(provenance: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in _inputs(provenance):
        if isinstance(one.get("file"), str):
            file = one["file"]
            yield {"title": {"zh": f"文件 {file}", "en": f"file {file}", "ja": f"ファイル {file}"}}
        listed = one.get("sources")
        for source in listed if isinstance(listed, list) else ():
            kept = source if isinstance(source, Mapping) else {}
            if kept := {key: kept[key] for key in _OF_A_SOURCE if _is_text(kept.get(key))}:
                yield kept


def _caveats(provenance: Mapping[str, Any]) -> Iterator[Localized]:
    for one in _inputs(provenance):
        caveat = _text3(one.get("caveat"))
        if caveat is not None:
            yield caveat


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or _text3(value) is not None


def _text3(value: Any) -> Localized | None:
    if isinstance(value, Mapping) and all(isinstance(value.get(one), str) for one in _LANGUAGES):
        return Localized.of(*(value[one] for one in _LANGUAGES))
    return None
