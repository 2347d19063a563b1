"""The data model of ``build.yaml``: how a region's layers are built."""

from functools import lru_cache
from typing import Annotated, Final

from pydantic import Field

from geo.door.document import Document, read_document
from geo.region import Region

__all__ = ["RECIPE", "Circle", "Recipe", "recipe"]

RECIPE: Final = "build.yaml"

_Positive = Annotated[float, Field(gt=0)]


class _Names(Document):
    zh: str
    en: str
    ja: str


class Around(Document):
    """What lies around the region: polygons, and the window that they are cut to."""

    divisions: str
    window: tuple[float, float, float, float]
    tolerance_m: _Positive
    sea: str


class Networks(Document):
    """World graphs by kind, and how far outside the view they are kept."""

    rail: str
    road: str
    margin_deg: Annotated[float, Field(ge=0)]


class Terrain(Document):
    """What the terrain's file calls itself."""

    title: str


class Axes(Document):
    """Lengths as published, km by axis."""

    published_length_km: dict[str, _Positive] = Field(default_factory=dict)


class Firms(Document):
    """The words by which the table of firms says that a firm has not moved yet."""

    waiting: str


class Circle(Document):
    """A circle as a plan speaks of it."""

    circle: str
    name: _Names
    radius_km: _Positive
    published_area_km2: _Positive | None = None


class Circles(Document):
    """The circles, from the inside out, and where they were read."""

    source: str
    disk_segments: Annotated[int, Field(ge=8)]
    each: list[Circle]


class Recipe(Document):
    """A whole ``build.yaml``."""

    divisions: str
    detailed: str
    around: Around
    networks: Networks
    terrain: Terrain
    axes: Axes
    firms: Firms
    circles: Circles


@lru_cache(maxsize=4)
def recipe(region: Region) -> Recipe:
    """Read how a region's layers are made.

    Parameters
    ----------
    region
        A region with ``build.yaml`` in its folder.

    Returns
    -------
    Recipe
        Do not change it.

    Raises
    ------
    RegionError
        When the region has none: its layers are files that its owner keeps.
    InputError
        When it is wrong; every defect is named.
    """
    file = region.folder / RECIPE
    if not file.is_file():
        supply = f"its layers are the files of {region.folder.name}, which are not built"
        raise region.lacks(RECIPE, "recipe for its layers", supply)
    return read_document(file, Recipe)
