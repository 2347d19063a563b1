"""The pages of a region: its own where it has any, else those that any region can have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import pandas as pd

from geo.atlas import general
from geo.atlas.context import Context, Page
from geo.atlas.gallery import Front, Point
from geo.errors import RegionError
from geo.region import PROFILE, Region

__all__ = ["Publication", "publication"]


@dataclass(frozen=True)
class Publication:
    """What is published of a region.

    Attributes
    ----------
    pages
        Pages in the order of the gallery.
    front
        Texts of the front page above the pages.
    brief
        Makes the points at its head.
    claims
        Checks the region's table of claims; None where there is none.
    """

    pages: tuple[Page, ...]
    front: Front
    brief: Callable[[Context], Sequence[Point]]
    claims: Callable[[Region], tuple[pd.DataFrame, list[str]]] | None = None


def publication(region: Region) -> Publication:
    """Return the pages of a region.

    Parameters
    ----------
    region
        A shipped region may have pages of its own (``pages`` in ``region.yaml``).

    Returns
    -------
    Publication
        Its own pages, or the general ones for which it has layers.

    Raises
    ------
    RegionError
        When it names pages that there are not.

    Examples
    --------
    >>> from geo.region import open_region
    >>> [page.page_id for page in publication(open_region()).pages][:2]
    ['overview', 'innovation']
    """
    wanted = region.profile.pages
    if wanted is None:
        return Publication(general.pages(region), general.front(region), general.brief)
    module = f"geo.atlas.{wanted}"
    if not region.shipped or find_spec(module) is None:
        msg = (
            f"region {region.region_id}: {PROFILE} names the pages {wanted!r}, which this version "
            "does not have; leave pages out for the general ones"
        )
        raise RegionError(msg)
    own = import_module(module)
    return Publication(own.PAGES, own.FRONT, own.brief, own.checked_claims)
