"""Where bytes come from: the open data packages, and the facts compiled by hand."""

from geo.sources import facts, packages, registry

__all__ = ["facts", "packages", "registry"]
