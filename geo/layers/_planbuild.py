"""From a checked plan file to frames: ids resolved, geometry fetched, measures beside figures."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import STORAGE_CRS, to_analysis
from geo.layers import _planmodel as model
from geo.layers._planfiles import PlanFiles
from geo.layers.document import Defects

__all__ = ["Builder"]

_NAMES: Final = ("name_zh", "name_en", "name_ja")
_STANDINGS: Final = ("stated", "inferred", "unconfirmed")
_LINES: Final = ("LineString",)
_GROUND: Final = ("Polygon", "MultiPolygon")


def _names(text: "model.Names") -> dict[str, str]:
    return {"name_zh": text.zh, "name_en": text.en, "name_ja": text.ja}


class Builder:
    """Resolves one plan file; what is wrong is collected in ``defects``, never raised one by one.

    Parameters
    ----------
    plan
        The checked document.
    folder
        Where it stands; files it names are looked for here and nowhere else.
    defects
        Gets what is wrong.
    """

    def __init__(self, plan: "model.PlanFile", folder: Path, defects: Defects) -> None:
        self.plan = plan
        self.defects = defects
        self.files = PlanFiles(folder, self.defects)
        self.units = self._units()

    def frames(self) -> dict[str, Any]:
        """Return every frame of the plan by its field name.

        Returns
        -------
        dict
            Meaningful only while ``defects`` is empty.
        """
        self._unique()
        plan = self.plan
        circles = self._circles()
        return {
            "references": pd.DataFrame(
                [{"source": key, **one.model_dump()} for key, one in plan.sources.items()]
            ).set_index("source"),
            "units": self.units,
            "centre": self._frame([self._centre()], "id"),
            "elements": self._elements(),
            "corridors": self._corridors(),
            "other_axes": self._other_axes(),
            "circles": circles,
            "members": self._members(),
            "zones": self._zones(),
            "roles": _table([{"role": one.id, **_names(one.name)} for one in plan.roles], "role"),
            "clauses": self._clauses(),
            **self._fit(),
        }

    # what the file refers to

    def _units(self) -> gpd.GeoDataFrame:
        frame = self.files.open(self.plan.units.layer, self.plan.units.file)
        for name in _NAMES:
            if name not in frame.columns:
                frame = frame.assign(**{name: frame.index.astype(str)})
        frame = frame[[*_NAMES, frame.geometry.name]].rename_axis("unit")
        if not frame.geom_type.isin(_GROUND).all():
            self.defects.add("units", "have to be polygons")
        return frame.assign(area_km2=to_analysis(frame).area / 1e6)

    def _match(self, patterns: Iterable[str], where: str) -> list[str]:
        found: list[str] = []
        for pattern in patterns:
            stem = pattern.rstrip("*")
            hits = [
                unit
                for unit in self.units.index
                if (unit.startswith(stem) if pattern.endswith("*") else unit == pattern)
            ]
            if not hits and len(self.units):
                self.defects.add(where, f"no unit is {pattern}")
            found += hits
        return found

    def _place(self, place: "model.Place", kinds: tuple[str, ...], where: str) -> BaseGeometry:
        frame = self.files.open(place.layer, place.file)
        if place.id not in frame.index:
            self.defects.add(where, f"{place.layer or place.file} has no {place.id}")
            return shapely.Point()
        shape = frame.geometry.loc[place.id]
        if shape.geom_type not in kinds:
            self.defects.add(where, f"{place.id} is a {shape.geom_type}, not a {kinds[0]}")
        return shape

    def _extent(self, extent: "model.Extent", where: str) -> BaseGeometry:
        if extent.point is not None:
            return shapely.Point(extent.point)
        if extent.shape is not None:
            return self._place(extent.shape, _GROUND, where)
        units = list(dict.fromkeys(self._match(extent.units or (), where)))
        return shapely.coverage_union_all(self.units.geometry.loc[units].to_numpy())

    def _cited(self, one: "model.Cited", where: str) -> dict[str, Any]:
        reference = self.plan.sources.get(one.source)
        if reference is None:
            self.defects.add(where, f"source {one.source} is not among the sources")
        date = one.date or (reference.date if reference else None)
        return {
            "standing": one.standing,
            "source": one.source,
            "date": date.isoformat() if date else None,
            "note": one.note,
        }

    def _figure(self, figure: "model.Figure | None", name: str, where: str) -> dict[str, Any]:
        if figure is None:
            return {name: None, f"{name}_standing": None, f"{name}_source": None}
        cited = self._cited(figure, f"{where}.{name}")
        return {
            name: float(figure.value),
            f"{name}_standing": cited["standing"],
            f"{name}_source": cited["source"],
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

    # the parts

    @staticmethod
    def _frame(rows: list[dict[str, Any]], index: str) -> gpd.GeoDataFrame:
        table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=[index, *_NAMES])
        shapes = gpd.GeoSeries([row["geometry"] for row in rows], crs=STORAGE_CRS)
        frame = gpd.GeoDataFrame(table.drop(columns="geometry", errors="ignore"), geometry=shapes)
        return frame.set_index(index)

    def _centre(self) -> dict[str, Any]:
        centre = self.plan.centre
        return {
            "id": "centre",
            **_names(centre.name),
            **self._cited(centre, "centre"),
            "geometry": shapely.Point(centre.point),
        }

    def _elements(self) -> gpd.GeoDataFrame:
        rows = [
            {
                "element_id": one.id,
                "kind": one.kind,
                **_names(one.name),
                **self._cited(one, f"elements.{one.id}"),
                **self._figure(one.published_area_km2, "published_area_km2", f"elements.{one.id}"),
                "geometry": self._extent(one.extent, f"elements.{one.id}.extent"),
            }
            for one in self.plan.elements
        ]
        frame = self._frame(rows, "element_id")
        areas = to_analysis(frame).area / 1e6
        return frame.assign(area_km2=areas.where(areas > 0))

    def _corridors(self) -> gpd.GeoDataFrame:
        rows = [
            {
                "axis_id": one.id,
                "axis_set": one.axis_set,
                **_names(one.name),
                **self._cited(one, f"corridors.{one.id}"),
                **self._figure(one.half_width_km, "half_width_km", f"corridors.{one.id}"),
                **self._figure(
                    one.published_length_km, "published_length_km", f"corridors.{one.id}"
                ),
                "geometry": self._place(one.line, _LINES, f"corridors.{one.id}.line"),
            }
            for one in self.plan.corridors
        ]
        frame = self._frame(rows, "axis_id")
        return frame.assign(length_km=to_analysis(frame).length / 1e3)

    def _other_axes(self) -> gpd.GeoDataFrame:
        rows = []
        for at, one in enumerate(self.plan.other_axes):
            where = f"other_axes.{at}"
            shape = self._place(one.line, _LINES, where)
            source = self.files.open(one.line.layer, one.line.file)
            known = source.loc[one.line.id] if one.line.id in source.index else {}
            rows.append(
                {
                    "axis_id": one.line.id,
                    "axis_set": one.axis_set,
                    **{name: known.get(name, one.line.id) for name in _NAMES},
                    **self._cited(one, where),
                    "geometry": shape,
                }
            )
        frame = self._frame(rows, "axis_id")
        return frame.assign(length_km=to_analysis(frame).length / 1e3)

    def _circles(self) -> pd.DataFrame:
        rows = []
        for one in self.plan.circles:
            where = f"circles.{one.id}"
            area = one.published_area_km2
            rows.append(
                {
                    "circle": one.id,
                    **_names(one.name),
                    **self._cited(one, where),
                    **self._figure(one.radius_km, "radius_km", where),
                    **self._figure(one.minutes, "minutes", where),
                    **self._figure(area, "published_area_km2", where),
                    "area_tolerance_km2": area.tolerance if area else None,
                }
            )
        table = _table(rows, "circle")
        for name in ("radius_km", "minutes", "published_area_km2", "area_tolerance_km2"):
            table[name] = pd.to_numeric(table[name])
        for name in ("radius_km", "minutes"):
            if not table[name].dropna().is_monotonic_increasing:
                self.defects.add("circles", f"{name} has to grow from the first to the last")
        return table

    def _members(self) -> pd.DataFrame:
        rows: list[dict[str, Any]] = []
        for circle in self.plan.circles:
            for at, group in enumerate(circle.members):
                rows += self._group(circle.id, group, f"circles.{circle.id}.members.{at}")
        columns = ["circle", "unit", "standing", "source", "date", "note"]
        table = pd.DataFrame(rows, columns=columns)
        double = table[table.duplicated(["circle", "unit"])]
        for one in double.itertuples():
            self.defects.add(f"circles.{one.circle}", f"unit {one.unit} stands twice")
        self._nested(table)
        return table

    def _group(self, circle: str, group: "model.Members", where: str) -> list[dict[str, Any]]:
        cited = self._cited(group, where)
        if group.file is None:
            return [
                {"circle": circle, "unit": unit, **cited}
                for unit in self._match(group.units or (), where)
            ]
        listed = self.files.csv(group.file, ("adcode", "standing", "note"))
        for row in listed.itertuples():
            at = f"{group.file} line {row.line}"
            if row.standing not in {"", *_STANDINGS}:
                self.defects.add_file(at, f"standing {row.standing!r} is not known")
            if row.adcode not in self.units.index and len(self.units):
                self.defects.add_file(at, f"no unit is {row.adcode}")
        return [
            {"circle": circle, "unit": row.adcode}
            | cited
            | {"standing": row.standing or cited["standing"], "note": row.note or cited["note"]}
            for row in listed.itertuples()
        ]

    def _nested(self, members: pd.DataFrame) -> None:
        lists = [set(members.unit[members.circle == one.id]) for one in self.plan.circles]
        pairs = [pair for pair in enumerate(lists) if pair[1]]
        for (inner, within), (outer, without) in pairwise(pairs):
            lost = sorted(within - without)
            if lost:
                small, large = self.plan.circles[inner].id, self.plan.circles[outer].id
                self.defects.add(
                    f"circles.{large}",
                    f"{lost[0]} lies in {small} but not in {large}; circles are nested",
                )

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
                    **_names(one.name),
                    "role": one.role,
                    **self._cited(one, f"zones.{one.id}"),
                    "geometry": self._extent(one.extent, f"zones.{one.id}.extent"),
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
                **self._cited(one, f"clauses.{one.id}"),
            }
            for one in self.plan.clauses
        ]
        return _table(rows, "clause")

    def _fit(self) -> dict[str, pd.DataFrame]:
        types = pd.DataFrame(columns=["type", *_NAMES, "matches"])
        matrix = pd.DataFrame(columns=["type", "role", "fit", "clause", "standing"])
        if self.plan.fit is not None:
            types = self.files.csv(self.plan.fit.types, list(types.columns))
            matrix = self.files.csv(self.plan.fit.matrix, list(matrix.columns))
            self._check_matrix(types, matrix)
        values = pd.to_numeric(matrix.fit, errors="coerce")
        types = types.drop(columns="line", errors="ignore").set_index("type")
        matrix = matrix.drop(columns="line", errors="ignore").assign(fit=values)
        return {"site_types": types, "fit": matrix}

    def _check_matrix(self, types: pd.DataFrame, matrix: pd.DataFrame) -> None:
        name = self.plan.fit.matrix if self.plan.fit else ""
        known = {
            "type": set(types.type),
            "role": {one.id for one in self.plan.roles},
            "clause": {one.id for one in self.plan.clauses},
            "standing": set(_STANDINGS),
        }
        inside = pd.to_numeric(matrix.fit, errors="coerce").between(-1, 1)
        checked = matrix.assign(inside=inside, double=matrix.duplicated(["type", "role"]))
        for row in checked.to_dict("records"):
            line = f"{name} line {row['line']}"
            for column, allowed in known.items():
                if row[column] not in allowed:
                    self.defects.add_file(line, f"{column} {row[column]!r} is not known")
            if not row["inside"]:
                self.defects.add_file(line, f"fit {row['fit']!r} is not from -1 to 1")
            if row["double"]:
                self.defects.add_file(line, f"{row['type']} x {row['role']} stands twice")
        file = self.plan.fit.types if self.plan.fit else ""
        for row in types[types.duplicated("type")].to_dict("records"):
            self.defects.add_file(f"{file} line {row['line']}", f"type {row['type']} stands twice")


def _table(rows: list[dict[str, Any]], index: str) -> pd.DataFrame:
    return pd.DataFrame(rows or None, columns=None if rows else [index, *_NAMES]).set_index(index)
