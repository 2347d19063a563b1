"""The front page: a picture, one sentence and a caveat for each map, in three languages."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from geo import __version__
from geo.layers import Text3

__all__ = ["Card", "gallery", "preview_path"]


@dataclass(frozen=True)
class Card:
    """What the front page says of a map."""

    page_id: str
    title: Text3
    sentence: Text3
    caveat: Text3


def preview_path(page_id: str) -> Path:
    """Return where the preview picture of a page is kept.

    Parameters
    ----------
    page_id
        Id of the page.

    Returns
    -------
    Path
        In the installed package, or ``maps/previews`` of a checkout; it may not exist yet.
    """
    installed = Path(str(resources.files("geo"))) / "atlas" / "previews"
    checkout = Path(__file__).resolve().parents[2] / "maps" / "previews"
    return (installed if installed.is_dir() else checkout) / f"{page_id}.png"


def _picture(page_id: str) -> str:
    path = preview_path(page_id)
    if not path.is_file():
        return ""
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def gallery(cards: Iterable[Card]) -> str:
    """Write the front page.

    Parameters
    ----------
    cards
        One a map, in order.

    Returns
    -------
    str
        HTML that needs no network; every text is escaped. Equal cards give equal text.

    Examples
    --------
    >>> hostile = Text3("{{7*7}}", "<script>alert(1)</script>", "${1}")
    >>> page = gallery([Card("a", hostile, hostile, hostile)])
    >>> "<script>alert" in page, "{{7*7}}" in page
    (False, True)
    """
    text = resources.files("geo.atlas").joinpath("gallery.html.j2").read_text(encoding="utf-8")
    # everything is escaped: texts are data, also those that look like markup or a template
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
    listed = [(card, _picture(card.page_id)) for card in cards]
    return template.render(cards=listed, version=__version__)
