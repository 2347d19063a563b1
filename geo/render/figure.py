"""The figure around a map; additions by Folium's interface that a page cannot hold are refused."""

from collections.abc import Iterator
from typing import Any

import folium
from branca.element import Figure

from geo.errors import InputError
from geo.render.folium_map.kinds import refusal, refusals
from geo.render.page import notebook_frame

__all__ = ["PageFigure"]


class PageFigure(Figure):
    """The figure of a map; rendering it gives the self-contained page, never a template."""

    def render(self, **_: Any) -> str:
        """Return the page of the map.

        Parameters
        ----------
        **_
            Arguments as branca passes them; not used.

        Returns
        -------
        str
            HTML, or nothing before there is a map.

        Raises
        ------
        InputError
            When something stands beside the map, or in it, that a page cannot draw.
        """
        maps = [one for one in self._children.values() if isinstance(one, folium.Map)]
        return maps[0].html() if maps else ""  # type: ignore[attr-defined]  # only ours are here

    def _repr_html_(self, **_: Any) -> str:
        """Return the page for a notebook, compressed: an output cell is saved with the notebook."""
        return notebook_frame(self.render(), height=str(self.height))

    def check(self) -> None:
        """Raise when something was added that the page would leave out.

        Raises
        ------
        InputError
            Naming it.
        """
        for one in self._refusals():
            raise one

    def _refusals(self) -> Iterator[InputError]:
        header = [one for name, one in self.header._children.items() if name != "meta_http"]
        beside = [*header, *self.html._children.values(), *self.script._children.values()]
        yield from map(refusal, beside)
        for one in self._children.values():
            if not isinstance(one, folium.Map):
                yield refusal(one)
                continue
            for child in one._children.values():
                yield from refusals(child)
