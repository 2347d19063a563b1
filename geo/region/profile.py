"""The data model of ``region.yaml``, checked whole before it is used."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from geo.door.document import Document

__all__ = ["Profile"]

_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
_Column = Annotated[str, StringConstraints(min_length=1, max_length=80)]
_Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
_File = Annotated[str, StringConstraints(pattern=r"^[^/\\:\x00]+\.[A-Za-z0-9]+$", max_length=120)]
_Lon = Annotated[float, Field(ge=-360, le=360)]
_Lat = Annotated[float, Field(ge=-90, le=90)]
_Positive = Annotated[float, Field(gt=0)]


class Names(Document):
    """One text in the three languages; English stands for those that are missing."""

    en: _Prose
    zh: _Prose | None = None
    ja: _Prose | None = None


def _as_names(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


_Names = Annotated[Names, BeforeValidator(_as_names)]


class Centre(Document):
    """From where radii are drawn and bearings start."""

    lon_lat: tuple[_Lon, _Lat]
    name: _Names


class NameColumns(Document):
    """The columns that hold a unit's name in each language."""

    zh: _Column | None = None
    en: _Column | None = None
    ja: _Column | None = None


class Published(Document):
    """The figures published for a unit, which ``jjj layers check`` compares."""

    id: str
    area_km2: _Positive
    tolerance: _Positive
    n_smallest: Annotated[int, Field(gt=0)] | None = None


class Seats(Document):
    """Where each unit's seat is: a feature of a layer, called by the unit's name in English."""

    file: _File
    prefix: str = ""
    others: dict[str, str] = Field(default_factory=dict)


class Units(Document):
    """One level of units, such as counties."""

    level: _Id
    file: _File
    id: _Column
    parent: _Column | None = None
    names: NameColumns = NameColumns(zh="name_zh", en="name_en", ja="name_ja")
    pattern: str = r"[^\s].*"
    title: _Names | None = None
    plural: _Names | None = None
    published: list[Published] = Field(default_factory=list)
    seats: Seats | None = None


class Codes(Document):
    """Properties of units that are encoded in their codes, beyond the layers."""

    own_city: list[str] = Field(default_factory=list)


class SpecialArea(Document):
    """An area that is no unit, shown by the units it is made of."""

    id: _Id
    file: _File
    name: _Names
    short: list[_Prose] = Field(default_factory=list)
    flag: _Column
    label: _Names | None = None
    units: list[str] = Field(min_length=1)
    parent: str | None = None
    seat: str | None = None
    published_area_km2: _Positive | None = None
    shortfall_km2: tuple[float, float] | None = None
    missing: _Names | None = None


class Networks(Document):
    """Layers of edges with ``length_km``; null where there is none."""

    rail: _File | None = None
    road: _File | None = None


class Flows(Document):
    """A table of flows that the region ships."""

    file: _File
    what: _Prose
    level: _Id | None = None
    year: str | int | None = None


class Credit(Document):
    """Who stands behind files of the region, which maps have to name."""

    what: _Prose
    source: _Prose
    licence: _Prose
    layers: list[_Id] = Field(default_factory=list)


class Gazetteer(Document):
    """Tables by which addresses and codes of other years are read."""

    names: _Id | None = None
    changes: _Id | None = None
    zones: _Id | None = None
    elsewhere: _Id | None = None


class Profile(Document):
    """A whole ``region.yaml``."""

    id: _Id
    name: _Names
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    languages: tuple[Literal["zh", "en", "ja"], ...] = ("zh", "en", "ja")
    analysis_crs: _Prose | None = None
    handover_crs: _Prose | None = None
    view: tuple[_Lon, _Lat, _Lon, _Lat]
    reach_deg: Annotated[float, Field(ge=0, le=10)] = 1.0
    centre: Centre | None = None
    datums: tuple[_Prose, ...] = ("wgs84",)
    boundary_accuracy_m: Annotated[float, Field(ge=0)] | None = None
    units: list[Units] = Field(min_length=1)
    codes: Codes = Codes()
    special_areas: list[SpecialArea] = Field(default_factory=list)
    layers: dict[_Id, _File] = Field(default_factory=dict)
    networks: Networks = Networks()
    land: _Id | None = None
    sea: _File | None = None
    neighbours: _File | None = None
    gazetteer: Gazetteer | None = None
    plan: _Prose | None = None
    flows: list[Flows] = Field(default_factory=list)
    credits: list[Credit] = Field(default_factory=list)
    review: _Names | None = None
    pages: _Id | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        west, south, east, north = self.view
        if not (west < east and south < north and east - west <= 360):
            msg = "view has to be west, south, east, north; east above 180 for what crosses it"
            raise ValueError(msg)
        levels = [one.level for one in self.units]
        if len(set(levels)) < len(levels):
            msg = "two levels of units have one name"
            raise ValueError(msg)
        if self.land is not None and self.land not in levels:
            msg = f"land is {self.land}, which is no level of units ({', '.join(levels)})"
            raise ValueError(msg)
        return self
