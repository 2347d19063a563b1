"""Layers of a plan: circles, axes, nodes and zones, built from the plan file.

The circles of a plan file: their figures, and the units of their lists.

How types of sites fit the roles of a plan: the two tables that a plan file may name.

From a checked plan file to frames: ids resolved, geometry fetched, measures beside figures.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS, to_analysis
from geo.door.document import Defects
from geo.layers.plans import model
from geo.layers.plans.files import NAMES, STANDINGS, References, indexed, names
from geo.region import Region

__all__ = [
    "Builder",
    "circle_table",
    "fit_tables",
    "member_table",
]


def circle_table(refs: References) -> pd.DataFrame:
    """Return the circles from the inside out, with their figures.

    Parameters
    ----------
    refs
        Resolver of the references in the plan file.

    Returns
    -------
    DataFrame
        Indexed by ``circle``.
    """
    rows = []
    for one in refs.plan.circles:
        where = f"circles.{one.id}"
        area = one.published_area_km2
        rows.append(
            {
                "circle": one.id,
                **names(one.name),
                **refs.cited(one, where),
                **refs.figure(one.radius_km, "radius_km", where),
                **refs.figure(one.minutes, "minutes", where),
                **refs.figure(area, "published_area_km2", where),
                "area_tolerance_km2": area.tolerance if area else None,
            }
        )
    table = indexed(rows, "circle")
    for name in ("radius_km", "minutes", "published_area_km2", "area_tolerance_km2"):
        table[name] = pd.to_numeric(table[name])
    for name in ("radius_km", "minutes"):
        if not table[name].dropna().is_monotonic_increasing:
            refs.defects.add("circles", f"{name} has to grow from the first to the last")
    return table


def member_table(refs: References) -> pd.DataFrame:
    """Return the units of each circle's list.

    Parameters
    ----------
    refs
        Resolver of the references in the plan file.

    Returns
    -------
    DataFrame
        One row a circle and unit, with its standing.
    """
    rows: list[dict[str, Any]] = []
    for circle in refs.plan.circles:
        for at, group in enumerate(circle.members):
            rows += _group(refs, circle.id, group, f"circles.{circle.id}.members.{at}")
    columns = ["circle", "unit", "standing", "source", "date", "note"]
    table = pd.DataFrame(rows, columns=columns)
    double = table[table.duplicated(["circle", "unit"])]
    for one in double.itertuples():
        refs.defects.add(f"circles.{one.circle}", f"unit {one.unit} stands twice")
    _nested(refs, table)
    return table


def _group(
    refs: References, circle: str, group: "model.Members", where: str
) -> list[dict[str, Any]]:
    cited = refs.cited(group, where)
    if group.file is None:
        return [
            {"circle": circle, "unit": unit, **cited}
            for unit in refs.match(group.units or (), where)
        ]
    listed = refs.files.csv(group.file, ("adcode", "standing", "note"))
    for row in listed.itertuples():
        at = f"{group.file} line {row.line}"
        if row.standing not in {"", *STANDINGS}:
            refs.defects.add_file(at, f"standing {row.standing!r} is not known")
        if row.adcode not in refs.units.index and len(refs.units):
            refs.defects.add_file(at, f"no unit is {row.adcode}")
    return [
        {"circle": circle, "unit": row.adcode}
        | cited
        | {"standing": row.standing or cited["standing"], "note": row.note or cited["note"]}
        for row in listed.itertuples()
    ]


def _nested(refs: References, members: pd.DataFrame) -> None:
    lists = [set(members.unit[members.circle == one.id]) for one in refs.plan.circles]
    pairs = [pair for pair in enumerate(lists) if pair[1]]
    for (inner, within), (outer, without) in pairwise(pairs):
        lost = sorted(within - without)
        if lost:
            small, large = refs.plan.circles[inner].id, refs.plan.circles[outer].id
            refs.defects.add(
                f"circles.{large}",
                f"{lost[0]} lies in {small} but not in {large}; circles are nested",
            )


def fit_tables(refs: References) -> dict[str, pd.DataFrame]:
    """Return the types of sites and how each fits each role; empty when the plan rates none.

    Parameters
    ----------
    refs
        Resolver of the references in the plan file.

    Returns
    -------
    dict
        ``site_types``, indexed by ``type``, and ``fit``, one row a type and role.
    """
    types = pd.DataFrame(columns=["type", *NAMES, "matches"])
    matrix = pd.DataFrame(columns=["type", "role", "fit", "clause", "standing"])
    if refs.plan.fit is not None:
        types = refs.files.csv(refs.plan.fit.types, list(types.columns))
        matrix = refs.files.csv(refs.plan.fit.matrix, list(matrix.columns))
        _check_matrix(refs, types, matrix)
    values = pd.to_numeric(matrix.fit, errors="coerce")
    types = types.drop(columns="line", errors="ignore").set_index("type")
    matrix = matrix.drop(columns="line", errors="ignore").assign(fit=values)
    return {"site_types": types, "fit": matrix}


def _check_matrix(refs: References, types: pd.DataFrame, matrix: pd.DataFrame) -> None:
    name = refs.plan.fit.matrix if refs.plan.fit else ""
    known = {
        "type": set(types.type),
        "role": {one.id for one in refs.plan.roles},
        "clause": {one.id for one in refs.plan.clauses},
        "standing": set(STANDINGS),
    }
    inside = pd.to_numeric(matrix.fit, errors="coerce").between(-1, 1)
    checked = matrix.assign(inside=inside, double=matrix.duplicated(["type", "role"]))
    for row in checked.to_dict("records"):
        line = f"{name} line {row['line']}"
        for column, allowed in known.items():
            if row[column] not in allowed:
                refs.defects.add_file(line, f"{column} {row[column]!r} is not known")
        if not row["inside"]:
            refs.defects.add_file(line, f"fit {row['fit']!r} is not from -1 to 1")
        if row["double"]:
            refs.defects.add_file(line, f"{row['type']} x {row['role']} stands twice")
    file = refs.plan.fit.types if refs.plan.fit else ""
    for row in types[types.duplicated("type")].to_dict("records"):
        refs.defects.add_file(f"{file} line {row['line']}", f"type {row['type']} stands twice")


_LINES: Final = ("LineString",)


class Builder:
    """Resolves one plan file; what is wrong is collected in ``defects``, never raised one by one.

    Parameters
    ----------
    plan
        The plan file's document, checked against ``model.PlanFile``.
    folder
        Where it stands; files it names are looked for here and nowhere else.
    defects
        Receives one sentence for each defect.
    region
        The region whose layers and codes are used.
    """

    def __init__(
        self, plan: "model.PlanFile", folder: Path, defects: Defects, region: Region
    ) -> None:
        self.plan = plan
        self.defects = defects
        self.refs = References(plan, folder, defects, region)

    def frames(self) -> dict[str, Any]:
        """Return every frame of the plan by its field name.

        Returns
        -------
        dict
            Meaningful only while ``defects`` is empty.
        """
        self._unique()
        plan = self.plan
        circles = circle_table(self.refs)
        return {
            "references": pd.DataFrame(
                [{"source": key, **one.model_dump()} for key, one in plan.sources.items()]
            ).set_index("source"),
            "crs": self.refs.crs,
            "units": self.refs.units,
            "centre": self._frame([self._centre()], "id"),
            "elements": self._elements(),
            "corridors": self._corridors(),
            "other_axes": self._other_axes(),
            "circles": circles,
            "members": member_table(self.refs),
            "zones": self._zones(),
            "roles": indexed([{"role": one.id, **names(one.name)} for one in plan.roles], "role"),
            "clauses": self._clauses(),
            **fit_tables(self.refs),
        }

    def _unique(self) -> None:
        plan = self.plan
        for kind in ("elements", "corridors", "circles", "roles", "zones", "clauses"):
            ids = pd.Series([one.id for one in getattr(plan, kind)], dtype=object)
            for at in ids.index[ids.duplicated()]:
                self.defects.add(f"{kind}.{at}", f"{ids[at]} stands twice")
        if plan.period_reversed:
            self.defects.add("plan.period", "ends before it begins")
        if plan.plan.source not in plan.sources:
            self.defects.add("plan.source", f"{plan.plan.source} is not among the sources")

    @staticmethod
    def _frame(rows: list[dict[str, Any]], index: str) -> gpd.GeoDataFrame:
        table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=[index, *NAMES])
        shapes = gpd.GeoSeries([row["geometry"] for row in rows], crs=STORAGE_CRS)
        frame = gpd.GeoDataFrame(table.drop(columns="geometry", errors="ignore"), geometry=shapes)
        return frame.set_index(index)

    def _centre(self) -> dict[str, Any]:
        centre = self.plan.centre
        return {
            "id": "centre",
            **names(centre.name),
            **self.refs.cited(centre, "centre"),
            "geometry": shapely.Point(centre.point),
        }

    def _elements(self) -> gpd.GeoDataFrame:
        rows = [
            {
                "element_id": one.id,
                "kind": one.kind,
                **names(one.name),
                **self.refs.cited(one, f"elements.{one.id}"),
                **self.refs.figure(
                    one.published_area_km2, "published_area_km2", f"elements.{one.id}"
                ),
                "geometry": self.refs.extent(one.extent, f"elements.{one.id}.extent"),
            }
            for one in self.plan.elements
        ]
        frame = self._frame(rows, "element_id")
        areas = to_analysis(frame, self.refs.crs).area / 1e6
        return frame.assign(area_km2=areas.where(areas > 0))

    def _corridors(self) -> gpd.GeoDataFrame:
        rows = [
            {
                "axis_id": one.id,
                "axis_set": one.axis_set,
                **names(one.name),
                **self.refs.cited(one, f"corridors.{one.id}"),
                **self.refs.figure(one.half_width_km, "half_width_km", f"corridors.{one.id}"),
                **self.refs.figure(
                    one.published_length_km, "published_length_km", f"corridors.{one.id}"
                ),
                "geometry": self.refs.place(one.line, _LINES, f"corridors.{one.id}.line"),
            }
            for one in self.plan.corridors
        ]
        frame = self._frame(rows, "axis_id")
        return frame.assign(length_km=to_analysis(frame, self.refs.crs).length / 1e3)

    def _other_axes(self) -> gpd.GeoDataFrame:
        rows = []
        for at, one in enumerate(self.plan.other_axes):
            where = f"other_axes.{at}"
            shape = self.refs.place(one.line, _LINES, where)
            source = self.refs.files.open(one.line.layer, one.line.file)
            known = source.loc[one.line.id] if one.line.id in source.index else {}
            rows.append(
                {
                    "axis_id": one.line.id,
                    "axis_set": one.axis_set,
                    **{name: known.get(name, one.line.id) for name in NAMES},
                    **self.refs.cited(one, where),
                    "geometry": shape,
                }
            )
        frame = self._frame(rows, "axis_id")
        return frame.assign(length_km=to_analysis(frame, self.refs.crs).length / 1e3)

    def _zones(self) -> gpd.GeoDataFrame:
        known = {one.id for one in self.plan.roles}
        rows = []
        for one in self.plan.zones:
            if one.role not in known:
                self.defects.add(f"zones.{one.id}.role", f"{one.role} is not among the roles")
            if one.extent.point is not None:
                self.defects.add(f"zones.{one.id}.extent", "a zone is ground, not a point")
            rows.append(
                {
                    "zone": one.id,
                    **names(one.name),
                    "role": one.role,
                    **self.refs.cited(one, f"zones.{one.id}"),
                    "geometry": self.refs.extent(one.extent, f"zones.{one.id}.extent"),
                }
            )
        return self._frame(rows, "zone")

    def _clauses(self) -> pd.DataFrame:
        rows = [
            {
                "clause": one.id,
                "text_zh": one.text.zh,
                "text_en": one.text.en,
                "text_ja": one.text.ja,
                **self.refs.cited(one, f"clauses.{one.id}"),
            }
            for one in self.plan.clauses
        ]
        return indexed(rows, "clause")
