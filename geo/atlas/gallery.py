"""The front page: key points, then a picture, a sentence and a caveat for each map."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from geo import __version__
from geo.render.bundle import csp_hash
from geo.texts import LANGUAGES, Localized, tr

__all__ = ["Card", "Credit", "Front", "Point", "gallery", "preview_path", "unpictured"]

Credit = tuple[Localized | str, Localized | str]
"""Who is to be credited, and of when the content is."""

_WORDS: Final = {
    "mind": tr("Note "),
    "data": tr("Data: "),
    "sources": tr("Sources "),
    "review": tr("Map review number "),
    "licence": tr("code under the MIT licence"),
}


@dataclass(frozen=True)
class Point:
    """One of the points at the head of the front page."""

    head: Localized
    text: Localized


@dataclass(frozen=True)
class Front:
    """What the front page says before the maps.

    Attributes
    ----------
    title
        Headline of the page, in three languages.
    deck
        One sentence below the headline, in three languages.
    review
        Statement on the maps' review number (审图号), in three languages.
    previews
        Whether pictures of these pages are kept (``preview_path``).
    """

    title: Localized
    deck: Localized
    review: Localized
    previews: bool = False


@dataclass(frozen=True)
class Card:
    """What the front page says of a map.

    Attributes
    ----------
    page_id, title, sentence, caveat
        Id, title, one-sentence finding and caveat, as on the map.
    dated
        Date or period of the data, in three languages.
    tables
        Names of the CSV files beside the map.
    """

    page_id: str
    title: Localized
    sentence: Localized
    caveat: Localized
    dated: Localized | None = None
    tables: tuple[str, ...] = ()


def preview_path(page_id: str, language: str) -> Path:
    """Return where the preview picture of a page is kept.

    Parameters
    ----------
    page_id
        Id of the page.
    language
        ``zh``, ``en`` or ``ja``: a picture holds the names of places.

    Returns
    -------
    Path
        In the installed package, or ``maps/previews`` of a checkout; it may not exist yet.
    """
    installed = Path(str(resources.files("geo"))) / "atlas" / "previews"
    checkout = Path(__file__).resolve().parents[2] / "maps" / "previews"
    return (installed if installed.is_dir() else checkout) / f"{page_id}-{language}.webp"


def unpictured(page_ids: Iterable[str], front: Front) -> list[str]:
    """List the pages whose card lacks its picture in some language.

    Parameters
    ----------
    page_ids
        Ids of the pages to check.
    front
        Front page of their gallery, which says whether pictures are kept.

    Returns
    -------
    list of str
        Empty where the gallery keeps no pictures.

    Examples
    --------
    >>> plain = Localized(en="a")
    >>> unpictured(["overview", "new"], Front(plain, plain, plain, previews=True))
    ['new']
    """
    return [
        page_id
        for page_id in page_ids
        if front.previews
        and not all(preview_path(page_id, language).is_file() for language in LANGUAGES)
    ]


def _pictures(page_id: str) -> dict[str, str]:
    paths = {one: preview_path(page_id, one) for one in LANGUAGES}
    return {
        language: f"data:image/webp;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
        for language, path in paths.items()
        if path.is_file()
    }


def gallery(
    cards: Iterable[Card],
    front: Front,
    *,
    points: Sequence[Point] = (),
    credited: Sequence[Credit] = (),
) -> str:
    """Write the front page.

    Parameters
    ----------
    cards
        One a map, in order; the first leads the page.
    front
        Headline and what stands below it.
    points
        Key points at the head of the page.
    credited
        Sources of the maps.

    Returns
    -------
    str
        HTML that needs no network; every text is escaped. Equal cards give equal text.

    Examples
    --------
    >>> hostile = Localized.of("{{7*7}}", "<script>alert(1)</script>", "${1}")
    >>> page = gallery([Card("a", hostile, hostile, hostile)], Front(hostile, hostile, hostile))
    >>> "<script>alert" in page, "{{7*7}}" in page
    (False, True)
    """
    script, style = _part("gallery.js"), _part("gallery.css")
    # everything is escaped: texts are data, also those that look like markup or a template
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        _part("gallery.html.j2")
    )
    policy = (
        f"default-src 'none'; img-src data:; style-src {csp_hash(style)}; "
        f"script-src {csp_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return template.render(
        cards=[(card, _pictures(card.page_id) if front.previews else {}) for card in cards],
        points=points,
        credited=credited,
        title=front.title,
        titles=json.dumps(front.title.described(), ensure_ascii=False),
        deck=front.deck,
        words=_WORDS,
        review=front.review,
        policy=policy,
        style=style,
        script=script,
        version=__version__,
    )


def _part(name: str) -> str:
    text = resources.files("geo.atlas").joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")
