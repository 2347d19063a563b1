"""From a checked plan file to frames: ids resolved, geometry fetched, measures beside figures."""

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS, to_analysis
from geo.door.document import Defects
from geo.layers import _planmodel as model
from geo.layers._plancircles import circle_table, member_table
from geo.layers._planfit import fit_tables
from geo.layers._planrefs import NAMES, References, indexed, names
from geo.region import Region

__all__ = ["Builder"]

_LINES: Final = ("LineString",)


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
    region
        Whose layers are referred to.
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
