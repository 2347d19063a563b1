"""The circles of a plan file: their figures, and the units of their lists."""

from itertools import pairwise
from typing import Any

import pandas as pd

from geo.layers import _planmodel as model
from geo.layers._planrefs import STANDINGS, References, indexed, names

__all__ = ["circle_table", "member_table"]


def circle_table(refs: References) -> pd.DataFrame:
    """Return the circles from the inside out, with their figures.

    Parameters
    ----------
    refs
        Of the plan.

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
        Of the plan.

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
