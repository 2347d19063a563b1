"""The shipped layers: what each is called, holds, rests on and lacks."""

from typing import Final

from geo.errors import UnknownIdError
from geo.layers.specs.networks import NETWORKS
from geo.layers.specs.plan import PLAN
from geo.layers.specs.sites import SITES, TOWNS
from geo.layers.specs.spec import Spec
from geo.layers.specs.units import BOUNDARY_ACCURACY_M, DETAILED, DETAILED_ACCURACY_M, UNITS

__all__ = [
    "BOUNDARY_ACCURACY_M",
    "DETAILED_ACCURACY_M",
    "OPTIONAL",
    "RASTERS",
    "SPECS",
    "Spec",
    "spec",
]

SPECS: Final = {one.layer_id: one for one in (*UNITS, *PLAN, *SITES, *NETWORKS, TOWNS)}
"""Every shipped vector layer by its id."""

OPTIONAL: Final = {one.layer_id: one for one in DETAILED}
"""Layers that are built into the user's cache and never shipped."""

RASTERS: Final = ("terrain",)
"""The shipped raster layers."""


def spec(layer_id: str) -> Spec:
    """Return what is fixed about a shipped or optional vector layer.

    Parameters
    ----------
    layer_id
        One of ``SPECS`` or ``OPTIONAL``.

    Returns
    -------
    Spec
        Title, schema, sources and caveat.

    Raises
    ------
    UnknownIdError
        When there is no such layer.

    Examples
    --------
    >>> spec("counties").schema.index
    'adcode'
    """
    known = SPECS | OPTIONAL
    if layer_id not in known:
        raise UnknownIdError("layer", layer_id, (*known, *RASTERS))
    return known[layer_id]
