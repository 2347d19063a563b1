"""Sources of the layers: open data packages, and facts compiled by hand."""

from geo.sources import facts, packages, registry

__all__ = ["facts", "packages", "registry"]
