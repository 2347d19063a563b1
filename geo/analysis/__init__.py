"""Pure measures: frames in, Series and frames out; no disk, no Folium.

Each module is a subject of the field, imported when it is first used:

>>> import geo
>>> geo.analysis.corridors.__name__
'geo.analysis.corridors'
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

__all__: list[str] = []


def __getattr__(name: str) -> ModuleType:
    if name in __dir__():
        return import_module(f"{__name__}.{name}")
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(one.name for one in iter_modules(__path__) if not one.name.startswith("_"))
