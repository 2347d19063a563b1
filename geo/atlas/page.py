"""What a page of the publication is: a map, one sentence, a caveat, and the tables behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from geo.atlas.context import Context
from geo.layers import Text3
from geo.render import Map

__all__ = ["Built", "Page"]


@dataclass(frozen=True)
class Built:
    """A page that was composed.

    Attributes
    ----------
    content
        The map with its layers and charts, or a whole page of text and tables.
    sentence
        The finding, for the gallery; the same as on the map.
    caveat
        What must be told beside it.
    tables
        The numbers of the page by name; each is written as a CSV file beside the map.
    dated
        Of when the data are, for the gallery; the same as above the headline of the map.
    """

    content: Map | str
    sentence: Text3
    caveat: Text3
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    dated: Text3 | None = None

    def html(self) -> str:
        """Return the whole page.

        Returns
        -------
        str
            HTML that needs no network.
        """
        return self.content if isinstance(self.content, str) else self.content.html()


@dataclass(frozen=True)
class Page:
    """A page before it is composed.

    Attributes
    ----------
    page_id
        Stem of its file.
    title
        In the gallery and on the map.
    compose
        Makes it from the layers.
    """

    page_id: str
    title: Text3
    compose: Callable[[Context], Built]
