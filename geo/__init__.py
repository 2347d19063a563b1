"""Spatial-planning analysis of a metropolitan region, starting with Beijing–Tianjin–Hebei.

Sub-packages are imported when they are first used, so that ``import geo`` stays quick:

>>> import geo
>>> geo.layers.read("counties").shape[0]
199
"""

import sys
from importlib import import_module
from types import ModuleType

from geo.moved import FormerNames, former, is_former

__all__ = [
    "analysis",
    "atlas",
    "crs",
    "datum",
    "door",
    "errors",
    "formats",
    "join",
    "layers",
    "raster",
    "region",
    "render",
    "sources",
    "tables",
    "write",
]

__version__ = "0.1.0"

sys.meta_path.append(FormerNames())


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return import_module(f"geo.{name}")
    if is_former(f"geo.{name}"):
        return former(f"geo.{name}")
    msg = f"module 'geo' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
