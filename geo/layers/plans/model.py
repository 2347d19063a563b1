"""The data model of a plan file: fields, types, and required provenance."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from geo.door.document import Document

__all__ = ["Circle", "Corridor", "Element", "Extent", "Members", "Place", "PlanFile", "Zone"]

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
UnitPattern = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*\*?$", min_length=1, max_length=40)
]
Standing = Literal["stated", "inferred", "unconfirmed"]
Positive = Annotated[float, Field(gt=0)]


class Names(Document):
    """One text in the three languages."""

    zh: Prose
    en: Prose
    ja: Prose


class Reference(Document):
    """Where something was read; no date where the page showed none."""

    title: Prose
    address: Prose | None = None
    date: dt.date | None = None
    note: Prose | None = None


class Cited(Document):
    """What stands behind a part of the plan."""

    standing: Standing
    source: Id
    date: dt.date | None = None
    note: Prose | None = None


class Figure(Cited):
    """A number that was published, or that we chose."""

    value: Positive
    tolerance: Annotated[float, Field(ge=0)] = 0.0


class Origin(Document):
    """A shipped layer, or a GeoJSON file beside the plan file."""

    layer: Id | None = None
    file: Prose | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.layer is None) == (self.file is None):
            msg = "name either a layer or a file"
            raise ValueError(msg)
        return self


class Place(Origin):
    """A feature of a layer or file."""

    id: Id


class Extent(Document):
    """What ground a part covers: units of the plan, one point, or a shape."""

    units: list[UnitPattern] | None = Field(default=None, min_length=1)
    point: (
        tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
        | None
    ) = None
    shape: Place | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(one is not None for one in (self.units, self.point, self.shape)) != 1:
            msg = "give one of units, point, shape"
            raise ValueError(msg)
        return self


class Centre(Cited):
    """From where radii are drawn."""

    name: Names
    point: tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]


class Element(Cited):
    """A core, wing, city or node of the plan."""

    id: Id
    kind: Literal["core", "wing", "city", "node"]
    name: Names
    extent: Extent
    published_area_km2: Figure | None = None


class Corridor(Cited):
    """A corridor of the plan."""

    id: Id
    axis_set: Id
    name: Names
    line: Place
    half_width_km: Figure
    published_length_km: Figure | None = None


class OtherAxis(Cited):
    """An axis of another document, for comparison only."""

    axis_set: Id
    line: Place


class Members(Cited):
    """Units of a circle: listed here, or in a CSV file beside the plan file."""

    units: list[UnitPattern] | None = Field(default=None, min_length=1)
    file: Prose | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.units is None) == (self.file is None):
            msg = "give either units or a file"
            raise ValueError(msg)
        return self


class Circle(Cited):
    """A circle of the plan in up to three definitions, which are never mixed."""

    id: Id
    name: Names
    members: list[Members] = Field(default_factory=list)
    radius_km: Figure | None = None
    minutes: Figure | None = None
    published_area_km2: Figure | None = None

    @model_validator(mode="after")
    def _defined(self) -> Self:
        if not self.members and self.radius_km is None and self.minutes is None:
            msg = "has no definition: give members, radius_km or minutes"
            raise ValueError(msg)
        return self


class Role(Document):
    """What a zone is for."""

    id: Id
    name: Names


class Zone(Cited):
    """Ground with a role; where zones overlap, the first of the file counts."""

    id: Id
    name: Names
    extent: Extent
    role: Id


class Clause(Cited):
    """A sentence of a document, in our own words, that a fit rests on."""

    id: Id
    text: Names


class FitTables(Document):
    """The tables beside the plan file: site types, and how each fits each role."""

    types: Prose
    matrix: Prose


class About(Document):
    """What the plan is."""

    id: Id
    title: Names
    period: tuple[int, int]
    approved: dt.date | None = None
    caveat: Names | None = None
    source: Id
    note: Prose | None = None


class PlanFile(Document):
    """A whole plan file."""

    format: Literal[1]
    plan: About
    sources: dict[Id, Reference]
    units: Origin
    centre: Centre
    elements: list[Element] = Field(default_factory=list)
    corridors: list[Corridor] = Field(default_factory=list)
    other_axes: list[OtherAxis] = Field(default_factory=list)
    circles: list[Circle] = Field(min_length=1)
    roles: list[Role] = Field(default_factory=list)
    zones: list[Zone] = Field(default_factory=list)
    clauses: list[Clause] = Field(default_factory=list)
    fit: FitTables | None = None

    @property
    def period_reversed(self) -> bool:
        """Whether the plan would end before it begins."""
        return self.plan.period[1] < self.plan.period[0]
