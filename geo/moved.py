"""Modules by their former names, which are understood for one version, with a warning."""

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

__all__ = ["MOVED", "FormerNames", "former", "former_member", "is_former"]

MOVED: Final = {
    "analysis.access": "analysis.access.accessibility",
    "analysis.agglomeration": "analysis.roles.specialisation",
    "analysis.agreement": "analysis.plan.agreement",
    "analysis.autocorrelation": "analysis.structure.autocorrelation",
    "analysis.axes": "analysis.flows.axes",
    "analysis.backbone": "analysis.flows.backbone",
    "analysis.branches": "analysis.roles.chains",
    "analysis.candidates": "analysis.plan.candidates",
    "analysis.centrality": "analysis.flows.measures",
    "analysis.centres": "analysis.structure.centres",
    "analysis.chains": "analysis.roles.chains",
    "analysis.circles": "analysis.plan.circles",
    "analysis.communities": "analysis.flows.measures",
    "analysis.conformance": "analysis.plan.fit",
    "analysis.coordination": "analysis.coordination.coupling",
    "analysis.core_periphery": "analysis.flows.core_periphery",
    "analysis.corridors": "analysis.corridors.membership",
    "analysis.costdistance": "analysis.corridors.least_cost",
    "analysis.decay": "analysis.corridors.decay",
    "analysis.density_years": "analysis.surfaces.density",
    "analysis.development": "analysis.coordination.coupling",
    "analysis.fit": "analysis.plan.fit",
    "analysis.flow_lines": "analysis.flows.lines",
    "analysis.flow_measures": "analysis.flows.measures",
    "analysis.flow_report": "analysis.flows.report",
    "analysis.flow_table": "analysis.flows.table",
    "analysis.flows": "analysis.flows.table",
    "analysis.formulas": "analysis.result",
    "analysis.friction": "analysis.corridors.friction",
    "analysis.growth": "analysis.flows.growth",
    "analysis.indicators": "analysis.coordination.indicators",
    "analysis.inequality": "analysis.structure.inequality",
    "analysis.interaction": "analysis.flows.interaction",
    "analysis.isochrones": "analysis.access.travel_times",
    "analysis.leastcost": "analysis.corridors.least_cost",
    "analysis.linear": "analysis.corridors.linear_referencing",
    "analysis.local_moran": "analysis.structure.autocorrelation",
    "analysis.local_patterns": "analysis.points.patterns",
    "analysis.network": "analysis.access.network",
    "analysis.plan_tables": "analysis.plan.fit",
    "analysis.point_patterns": "analysis.points.patterns",
    "analysis.profiles": "analysis.corridors.profiles",
    "analysis.qap": "analysis.flows.quadratic_assignment",
    "analysis.rank_size": "analysis.structure.rank_size",
    "analysis.raster": "analysis.surfaces.zonal",
    "analysis.ribbons": "analysis.corridors.buffers",
    "analysis.robustness": "analysis.flows.axes",
    "analysis.roles": "analysis.roles.firms",
    "analysis.routes": "analysis.access.network",
    "analysis.scorecard": "analysis.plan.scorecard",
    "analysis.shares": "analysis.plan.circles",
    "analysis.specialisation": "analysis.roles.specialisation",
    "analysis.speeds": "analysis.access.network",
    "analysis.stops": "analysis.access.network",
    "analysis.structure": "analysis.structure.centres",
    "analysis.surface": "analysis.surfaces.density",
    "analysis.travel": "analysis.access.travel_times",
    "analysis.verdicts": "analysis.flows.verdicts",
    "analysis.weights": "analysis.structure.weights",
    "atlas.page": "atlas.context",
    "atlas.wording": "atlas.base",
    "cog": "formats.cog",
    "door.alone": "door.files",
    "door.arrow": "door.parquet",
    "door.commented": "door.document",
    "door.degrees": "door.features",
    "door.geojson_shapes": "door.geojson",
    "door.heads": "door.header_rows",
    "door.kml": "door.vectors",
    "door.marks": "door.workbooks",
    "door.old_workbooks": "door.workbooks",
    "door.opened": "door.table",
    "door.opening": "door.readers",
    "door.own_columns": "door.headers",
    "door.proofs": "door.archives",
    "door.reasons": "door.account",
    "door.tiff_tags": "door.raster_tags",
    "door.undeclared": "door.raster_tags",
    "formats.flatgeobuf": "formats.gdal",
    "formats.geodatabase": "formats.gdal",
    "formats.geopackage": "formats.gdal",
    "formats.kml": "formats.gdal",
    "formats.losses": "formats.columns",
    "formats.names": "formats.columns",
    "formats.values": "formats.format",
    "layers.build": "layers.builders",
    "layers.plan": "layers.plans.plan",
    "layers.schema": "layers.layer",
    "layers.seats": "layers.places",
    "render.arcs": "render.drawing.shapes",
    "render.choice": "render.column_roles",
    "render.claims": "render.reports",
    "render.classes": "render.colours.classes",
    "render.codebook": "render.words",
    "render.colouring": "render.colours.colouring",
    "render.credits": "render.words",
    "render.drawn": "render.any_file.summary",
    "render.flow_frames": "render.drawing.flows",
    "render.flows": "render.drawing.flows",
    "render.given": "render.any_file.inputs",
    "render.given_tables": "render.any_file.inputs",
    "render.given_units": "render.any_file.inputs",
    "render.images": "render.drawing.rasters",
    "render.kinds": "render.any_file.sheets",
    "render.known": "render.words",
    "render.labels": "render.drawing.labels",
    "render.legible": "render.sanitize",
    "render.lines": "render.drawing.lines",
    "render.losses": "render.any_file.sheets",
    "render.natural_breaks": "render.colours.classes",
    "render.notes": "render.charts",
    "render.palette": "render.colours.palette",
    "render.points": "render.drawing.points",
    "render.polygons": "render.drawing.polygons",
    "render.quick": "render.any_file.quick",
    "render.rasters": "render.drawing.rasters",
    "render.report": "render.reports",
    "render.scorecard": "render.reports",
    "render.shapes": "render.drawing.shapes",
    "render.sheets": "render.any_file.sheets",
    "render.stated": "render.any_file.provenance_labels",
    "render.steps": "render.drawing.steps",
    "render.table": "render.drawing.table",
    "render.ternary": "render.charts",
    "tables.datum_decision": "tables.datum",
    "tables.datum_test": "tables.datum",
    "tables.figures": "tables.numbers",
    "tables.kinds": "tables.numbers",
    "tables.layers_in": "tables.units",
    "tables.notes": "tables.report",
    "tables.plain": "tables.figures_by_code",
    "tables.stated_county": "tables.addresses",
    "tables.unit_codes": "tables.codes",
    "tables.units_in": "tables.units",
}
"""Former name to today's name of a module, both inside ``geo``."""


def former(name: str) -> ModuleType:
    """Return the module that had a name, and say where it is now.

    Parameters
    ----------
    name
        Full, such as ``geo.analysis.ribbons``.

    Returns
    -------
    ModuleType
        The module of today, which holds everything that the former one held.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as heard:
    ...     warnings.simplefilter("always")
    ...     former("geo.analysis.ribbons").__name__
    'geo.analysis.corridors.buffers'
    >>> str(heard[0].message)
    'geo.analysis.ribbons is geo.analysis.corridors.buffers now; the former name goes in 0.3'
    """
    new = f"geo.{MOVED[name.removeprefix('geo.')]}"
    message = f"{name} is {new} now; the former name goes in 0.3"
    warnings.warn(message, DeprecationWarning, stacklevel=3)
    return import_module(new)


def is_former(name: str) -> bool:
    """Return whether a full module name is a former one.

    Parameters
    ----------
    name
        Full module name, such as ``geo.analysis.ribbons``.

    Returns
    -------
    bool
        Whether ``former`` finds it.

    Examples
    --------
    >>> is_former("geo.analysis.ribbons"), is_former("geo.analysis.corridors.buffers")
    (True, False)
    """
    return name.startswith("geo.") and name.removeprefix("geo.") in MOVED


def former_member(package: str, name: str) -> Any:
    """Return what a module held that is a package today, and say where it is now.

    Parameters
    ----------
    package
        Full name, such as ``geo.analysis.corridors``.
    name
        Name of a function, class or constant.

    Returns
    -------
    object
        What the former module held by that name.

    Raises
    ------
    AttributeError
        When there was no such module, or it held no such name.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as heard:
    ...     warnings.simplefilter("always")
    ...     former_member("geo.analysis.corridors", "measure").__name__
    'measure'
    >>> str(heard[0].message)[:75]
    'geo.analysis.corridors.measure is geo.analysis.corridors.membership.measure'
    """
    new = MOVED.get(package.removeprefix("geo."))
    found = import_module(f"geo.{new}") if new and not name.startswith("_") else None
    if found is None or name not in found.__all__:
        msg = f"module {package!r} has no attribute {name!r}"
        raise AttributeError(msg)
    message = f"{package}.{name} is geo.{new}.{name} now; the former name goes in 0.3"
    warnings.warn(message, DeprecationWarning, stacklevel=3)
    return getattr(found, name)


class FormerNames(MetaPathFinder, Loader):
    """Answers an import of a module by its former name, after all other finders."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - as importlib calls it
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Return a spec for a name that was a module's.

        Parameters
        ----------
        fullname
            Full name of the module that is imported.
        path, target
            As importlib passes them; not used.

        Returns
        -------
        ModuleSpec or None
            None for any other name.
        """
        if is_former(fullname):
            return ModuleSpec(fullname, self)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return today's module.

        Parameters
        ----------
        spec
            Module spec with the former name.

        Returns
        -------
        ModuleType
            Already executed.
        """
        found = former(spec.name)
        self._true = found.__spec__
        return found

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its own spec back.

        Parameters
        ----------
        module
            The module under its name of today.
        """
        module.__spec__ = self._true
        sys.modules[module.__name__] = module
