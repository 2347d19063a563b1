"""The pages of the publication, in the order of the gallery."""

from typing import Final

from geo.atlas.page import Page
from geo.atlas.pages import circles, corridors, counties, overview, xiongan

__all__ = ["PAGES"]

PAGES: Final[tuple[Page, ...]] = (
    overview.PAGE,
    corridors.PAGE,
    counties.PAGE,
    circles.PAGE,
    xiongan.PAGE,
)
