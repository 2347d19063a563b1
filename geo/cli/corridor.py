"""``jjj corridor``: measure points along and across an axis."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import (
    LAYER,
    POINTS,
    Datum,
    Encoding,
    Output,
    OutputEncoding,
    Overwrite,
    Sheet,
    explains,
    untaken,
)
from geo.cli.terminal import say

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.cli.ground import Ground
    from geo.door.account import Account

_DECIMALS: Final = 6  # of a kilometre: millimetres

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


Points = Annotated[str, typer.Argument(metavar="POINTS", help=POINTS)]
Axis = Annotated[
    str,
    typer.Option(metavar="AXIS_ID|FILE", help=f"An axis or a set of `axes`, or lines. {LAYER}"),
]
WidthKm = Annotated[
    float, typer.Option(metavar="KM", help="From the axis to the edge, on each side.")
]
Profile = Annotated[
    str | None,
    typer.Option(
        metavar="P.csv", callback=untaken, help="Write counts and densities along each axis."
    ),
]
By = Annotated[str | None, typer.Option(metavar="COLUMN", help="Split the profile by this column.")]
Year = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Split the profile by years as well.")
]
Weight = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Sum this column as well as counting.")
]
BinKm = Annotated[float, typer.Option(metavar="KM", help="Stretch of the profile.")]
Decay = Annotated[
    str | None,
    typer.Option(metavar="D.json", callback=untaken, help="Write the decay across the axis."),
]
RingKm = Annotated[float, typer.Option(metavar="KM", help="Ring of the decay.")]
MaxKm = Annotated[float, typer.Option(metavar="KM", help="Last ring of the decay.")]
Summary = Annotated[
    str | None,
    typer.Option(
        metavar="S.json",
        callback=untaken,
        help="Write the headline, share, areas, rail and road inside.",
    ),
]
MapFile = Annotated[
    str | None,
    typer.Option(
        "--map",
        metavar="M.html",
        callback=untaken,
        help="Write a map with the chart along the axis.",
    ),
]
Explain = Annotated[bool, explains("corridor-membership", "corridor-profile", "corridor-decay")]


@app.command()
def corridor(
    points: Points,
    *,
    axis: Axis,
    width_km: WidthKm = 10.0,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    profile: Profile = None,
    by: By = None,
    year: Year = None,
    weight: Weight = None,
    bin_km: BinKm = 10.0,
    decay: Decay = None,
    ring_km: RingKm = 2.0,
    max_km: MaxKm = 20.0,
    summary: Summary = None,
    map_file: MapFile = None,
    datum: Datum = "auto",
    sheet: Sheet = None,
    encoding: Encoding = None,
    _explain: Explain = False,
    overwrite: Overwrite = False,
) -> None:
    """Measure points along and across an axis: chainage, offset, side, inside or not.

    The offset is the distance to the axis; inside is null where the point is not known
    well enough to tell. A set such as plan-2026 measures each point against its nearest axis; the
    profile counts for each axis what lies in its own corridor.
    """
    import json

    from geo.analysis.corridors.membership import measure
    from geo.cli.ground import Ground
    from geo.cli.inputs import (
        axes_named,
        column_named,
        provenance_of,
        read_input,
        without_collisions,
    )
    from geo.cli.results import naming
    from geo.cli.study import box_around, crs_of
    from geo.cli.summary import outputs_for
    from geo.crs import to_analysis
    from geo.formats import add_frame, json_value

    drawn = axes_named(axis)
    crs = crs_of(drawn, name=axis)
    axes = to_analysis(drawn, crs)
    given = read_input(points, datum=datum, sheet=sheet, encoding=encoding, reach=box_around(drawn))
    frame = given.frame
    ground = Ground.of(crs)
    with naming(points):
        measured = measure(to_analysis(frame, crs), axes, width_km=width_km)
    parameters = {"axis": axis if axis in axes.index else list(axes.index), "width_km": width_km}
    asked = {"profile": profile, "decay": decay}
    formulas = ("corridor-membership", *(f"corridor-{name}" for name in asked if asked[name]))
    provenance = provenance_of({"points": given, "axes": axis}, parameters, formulas=formulas)
    kept = without_collisions(frame, measured.columns.tolist())
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        whole = kept.join(measured.round(_DECIMALS))
        add_frame(outputs, output, whole, provenance=provenance)
        if profile is not None:
            columns = {"category": by, "year": year, "weight": weight}
            chosen = {
                name: column_named(frame, one, points)
                for name, one in columns.items()
                if one is not None
            }
            table = _profiles(to_analysis(frame, crs), axes, chosen, width_km, bin_km, ground)
            add_frame(outputs, profile, table.round(_DECIMALS))
        if decay is not None:
            found = _decay(measured, axes, frame, ring_km, max_km, ground) | {
                "provenance": provenance
            }
            outputs.text(decay, json.dumps(json_value(found), ensure_ascii=False, indent=1) + "\n")
        if map_file is not None:
            outputs.text(map_file, _map(points, frame, axes, width_km, bin_km))
        if summary is not None:
            heavy = None if weight is None else column_named(frame, weight, points)
            told: dict[str, Any] = {"headline": _headline(measured, given.account)}
            told |= _totals(measured, axes, width_km, heavy, ground)
            told |= {"beyond_ends": int(measured["beyond_end"].sum()), "provenance": provenance}
            outputs.text(summary, json.dumps(json_value(told), ensure_ascii=False, indent=1) + "\n")
    say(_summary(measured))


def _profiles(
    points: "gpd.GeoDataFrame",
    axes: "gpd.GeoDataFrame",
    chosen: "dict[str, pd.Series[Any]]",
    width_km: float,
    bin_km: float,
    ground: "Ground",
) -> "pd.DataFrame":
    """Return the profile of each axis, by the points in its own corridor."""
    import pandas as pd

    from geo.analysis.corridors.membership import measure, milestones, profile

    groups = {name: column for name, column in chosen.items() if name != "weight"}
    tables = []
    for axis_id in axes.index:
        axis = axes.loc[[axis_id]]
        table = profile(
            measure(points, axis, width_km=width_km),
            axis,
            width_km=width_km,
            bin_km=bin_km,
            land=ground.land,
            groups=pd.DataFrame(groups) if groups else None,
            weight=chosen.get("weight"),
            nodes=None if ground.nodes is None else milestones(axis, ground.nodes),
        )
        table.insert(0, "axis_id", axis_id)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _map(
    name: str,
    frame: "gpd.GeoDataFrame",
    axes: "gpd.GeoDataFrame",
    width_km: float,
    bin_km: float,
) -> str:
    from pathlib import Path

    from geo.atlas.corridor_map import corridor_map
    from geo.layers import ids, load
    from geo.render import About

    about = About.of(load(name)) if name in ids() else About(Path(name).stem)
    return corridor_map(frame, axes, about=about, width_km=width_km, bin_km=bin_km).html()


def _decay(
    measured: "pd.DataFrame",
    axes: "gpd.GeoDataFrame",
    frame: "gpd.GeoDataFrame",
    ring_km: float,
    max_km: float,
    ground: "Ground",
) -> dict[str, Any]:
    from dataclasses import fields

    from geo.analysis.corridors.membership import decay

    spread = frame.get("position_accuracy_m")
    found = decay(
        measured, axes, ring_km=ring_km, max_km=max_km, land=ground.land, accuracy_m=spread
    )
    values = {one.name: getattr(found, one.name) for one in fields(found)}
    return values | {"rings": found.rings.to_dict("records")}


def _totals(
    measured: "pd.DataFrame",
    axes: "gpd.GeoDataFrame",
    width_km: float,
    weight: "pd.Series[Any] | None",
    ground: "Ground",
) -> dict[str, Any]:
    """Return the share inside with its bounds, the ribbon's areas, rail and road inside."""
    from dataclasses import asdict

    from geo.analysis.corridors.membership import (
        length_inside_km,
        ribbon_area_km2,
        ribbon_polygon,
        share_inside,
    )

    told: dict[str, Any] = {
        "width_km": width_km,
        "length_km": float(axes.length.sum()) / 1000.0,
        **asdict(share_inside(measured)),
        **({} if weight is None else {"of_weight": asdict(share_inside(measured, weight=weight))}),
        "ribbon_km2": ribbon_area_km2(axes, width_km),
    }
    if ground.land is not None:
        ribbon = ribbon_polygon(axes, width_km)
        land = ground.land.geometry.union_all()
        told["land_of_region_km2"] = ribbon.intersection(land).area / 1e6
    for kind in ("rail", "road"):
        ways = ground.network(kind)
        if ways is not None:
            told[f"{kind}_km"] = length_inside_km(ways, axes, width_km)
    return told


def _headline(measured: "pd.DataFrame", rows: "Account") -> dict[str, Any]:
    """Say how many of the points that have a place lie in the corridor."""
    from geo.cli.summary import headline

    inside = measured["inside"]
    placed = measured["offset_km"].notna()
    within, known = int(inside.fillna(value=False).sum()), int(inside.notna().sum())
    lost = {reason: one.rows for reason, one in rows.left_out.items()}
    if unsure := int((inside.isna() & placed).sum()):
        lost["not known well enough to tell"] = unsure
    sentence = {
        "zh": f"能判断的 {known:,} 处中，{within:,} 处在走廊内",
        "en": f"{within:,} of {known:,} points that can be told lie in the corridor",
        "ja": f"判定できる {known:,} 点のうち {within:,} 点が回廊内",
    }
    return headline(within, known, sentence, lost)


def _summary(measured: "pd.DataFrame") -> str:
    inside = measured["inside"]
    placed = measured["offset_km"].notna()
    tied = measured.get("tied_axis_ids")
    parts = [
        f"{len(measured)} points: {int(inside.sum())} inside, {int((~inside).sum())} outside",
        f"{int((inside.isna() & placed).sum())} not known well enough to tell",
        f"{int(measured['beyond_end'].sum())} beyond the ends of the axis",
        f"{int((~placed).sum())} without a position",
    ]
    if tied is not None:
        parts.append(f"{int(tied.notna().sum())} equally near to several axes")
    return ", ".join(parts)
