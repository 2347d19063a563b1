"""The pages of the publication, in the order of the gallery."""

from typing import Final

from geo.atlas.context import Page
from geo.atlas.jjj import (
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
from geo.atlas.jjj.claims import checked_claims
from geo.atlas.jjj.front import FRONT, brief

__all__ = ["FRONT", "PAGES", "brief", "checked_claims"]

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
