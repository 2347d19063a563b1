"""The figure around a map: what Folium's users write to, and what they may not put there."""

from collections.abc import Iterator
from typing import Any

import folium
from branca.element import Element, Figure

from geo.errors import InputError
from geo.render.layer import MapLayer
from geo.render.page import inline

__all__ = ["PageFigure", "refusal"]


class PageFigure(Figure):
    """The figure of a map; rendering it gives the self-contained page, never a template."""

    def render(self, **_: Any) -> str:
        """Return the page of the map.

        Parameters
        ----------
        **_
            As branca passes them.

        Returns
        -------
        str
            HTML, or nothing before there is a map.

        Raises
        ------
        InputError
            When something of Folium stands beside the map or in it.
        """
        maps = [one for one in self._children.values() if isinstance(one, folium.Map)]
        return maps[0].html() if maps else ""  # type: ignore[attr-defined]  # only ours are here

    def _repr_html_(self, **_: Any) -> str:
        """Return the page for a notebook, compressed: an output cell is saved with the notebook."""
        return inline(self.render(), height=str(self.height))

    def check(self) -> None:
        """Raise when something was added that the page would leave out.

        Raises
        ------
        InputError
            Naming it.
        """
        for one in self._strangers():
            raise refusal(one)

    def _strangers(self) -> Iterator[Element]:
        header = [one for name, one in self.header._children.items() if name != "meta_http"]
        yield from [*header, *self.html._children.values(), *self.script._children.values()]
        for one in self._children.values():
            if not isinstance(one, folium.Map):
                yield one
                continue
            for layer in one._children.values():
                if isinstance(layer, MapLayer):
                    yield from layer._children.values()
                else:
                    yield layer


def refusal(child: Element) -> InputError:
    """Say why an element of Folium cannot stand in a page.

    Parameters
    ----------
    child
        Any but a layer of ``geo.render``.

    Returns
    -------
    InputError
        To be raised.

    Examples
    --------
    >>> str(refusal(folium.Marker([39, 116])))[:55]
    'folium.Marker cannot stand in a self-contained map: it '
    """
    kind = f"{type(child).__module__.split('.')[0]}.{type(child).__name__}"
    return InputError(
        f"{kind} cannot stand in a self-contained map: it loads scripts from other hosts "
        "or puts text into markup; use points, polygons, lines or labels of geo.render"
    )
