"""Building the publication: every page, its tables, and the gallery, written together."""

from collections.abc import Callable, Iterable
from pathlib import Path

from geo.atlas.context import Built, Context, Page
from geo.atlas.gallery import Card, Credit, gallery
from geo.atlas.publication import publication
from geo.errors import UnknownIdError
from geo.formats import add_frame
from geo.region import Region, current_region
from geo.render.words import words_of
from geo.write import Outputs

__all__ = ["build"]


def build(
    folder: str | Path,
    *,
    only: Iterable[str] = (),
    report: Callable[[str], None] = lambda _: None,
    region: Region | None = None,
) -> list[Path]:
    """Build the maps and the gallery that lists them.

    Parameters
    ----------
    folder
        Made when missing; files of an earlier build are replaced.
    only
        Ids of pages; all by default. Only these are composed; a gallery that is there stays as it
        is, else one of these pages is written.
    report
        Called with the id of each page that is composed.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    list of Path
        ``index.html`` first where it is written, then each map and its tables.

    Raises
    ------
    UnknownIdError
        When a page does not exist.
    OutputError
        When the folder cannot be written.

    Examples
    --------
    >>> build("maps", only=["overwiev"])
    Traceback (most recent call last):
    geo.errors.UnknownIdError: unknown page 'overwiev'; nearest: overview; known: ...
    """
    region = region or current_region()
    published = publication(region)
    wanted = list(only)
    chosen = _chosen(wanted, published.pages)
    place = Path(folder)
    context = Context(region)
    cards: list[Card] = []
    credited: dict[Credit, None] = {}  # in the order in which pages name them
    with Outputs(overwrite=True, make_folders=True) as outputs:
        for page in chosen:
            built = page.compose(context)
            report(page.page_id)
            cards.append(_card(page, built))
            credited |= dict.fromkeys(_credits(built))
            outputs.text(place / f"{page.page_id}.html", built.html())
            for name, table in built.tables.items():
                add_frame(outputs, place / f"{page.page_id}-{name}.csv", table)
        index = place / "index.html"
        if not wanted or not index.exists():
            points = published.brief(context)
            front = gallery(cards, published.front, points=points, credited=[*credited])
            outputs.text(index, front)
        written = outputs.targets
    return sorted(written, key=lambda one: one.name != "index.html")


def _card(page: Page, built: Built) -> Card:
    return Card(
        page.page_id, page.title, built.sentence, built.caveat, built.dated, tuple(built.tables)
    )


def _credits(built: Built) -> list[Credit]:
    """Return the credits of the layers of a page."""
    layers = [] if isinstance(built.content, str) else built.content.map_layers
    sources = [one for layer in layers for one in (layer.about.provenance or {}).get("sources", ())]
    return [
        (words.get("attribution", one["attribution"]), words.get("vintage", one.get("vintage", "")))
        for one in sources
        for words in [words_of(one.get("source_id", ""))]
    ]


def _chosen(only: Iterable[str], pages: Iterable[Page]) -> list[Page]:
    known = {page.page_id: page for page in pages}
    wanted = list(only) or list(known)
    for one in wanted:
        if one not in known:
            raise UnknownIdError("page", one, known)
    return [known[one] for one in wanted]
