"""Lazy loading of a package's modules on first use."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from sys import modules
from typing import Any

from geo.moved import former, former_member, is_former

__all__ = ["modules_of"]


def modules_of(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package: its public modules by their names.

    Parameters
    ----------
    package
        Its full name; called while it is imported.

    Returns
    -------
    tuple
        The two functions that Python asks a package for (PEP 562).

    Examples
    --------
    >>> import geo.analysis.corridors
    >>> geo.analysis.corridors.decay.__name__
    'geo.analysis.corridors.decay'
    >>> geo.analysis.corridors.no_such_module
    Traceback (most recent call last):
    AttributeError: module 'geo.analysis.corridors' has no attribute 'no_such_module'
    """
    path = modules[package].__path__

    def names() -> list[str]:
        return sorted(one.name for one in iter_modules(path) if not one.name.startswith("_"))

    def module(name: str) -> Any:
        if name in names():
            return import_module(f"{package}.{name}")
        if is_former(f"{package}.{name}"):
            return former(f"{package}.{name}")
        return former_member(package, name)

    return module, names
