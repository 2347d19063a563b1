"""The pages of the publication: each reads layers, runs an analysis, composes a map."""

from geo.atlas.build import build
from geo.atlas.publication import Publication, publication

__all__ = ["Publication", "build", "publication"]
