"""The pages of the publication, in the order of the gallery."""

from typing import Final

from geo.atlas.page import Page
from geo.atlas.pages import (
    circles,
    claims,
    coordination,
    corridors,
    counties,
    flows,
    innovation,
    overview,
    roles,
    xiongan,
)

__all__ = ["PAGES"]

PAGES: Final[tuple[Page, ...]] = (
    overview.PAGE,
    innovation.PAGE,
    corridors.PAGE,
    flows.PAGE,
    circles.PAGE,
    roles.PAGE,
    coordination.PAGE,
    counties.PAGE,
    xiongan.PAGE,
    claims.PAGE,
)
