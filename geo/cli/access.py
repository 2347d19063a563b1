"""``jjj access``: what can be reached in a travel time by road and high-speed rail."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import Explain, Output, Overwrite

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.analysis.result import Result
    from geo.analysis.travel import TravelRules

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_FORMULAS: Final = ("isochrone", "cumulative-opportunities", "2sfca")


@app.command()
def access(
    *,
    to: Annotated[
        str | None, typer.Option(metavar="LAYER", help="What is to be reached: points.")
    ] = None,
    minutes: Annotated[float, typer.Option(metavar="MIN", help="Limit of travel time.")] = 60.0,
    origins: Annotated[
        str, typer.Option("--from", metavar="LAYER", help="Places that reach it.")
    ] = "counties",
    weight: Annotated[
        str | None, typer.Option(metavar="C", help="Size of what is reached; one each without.")
    ] = None,
    where: Annotated[
        str | None, typer.Option(metavar="C=VALUE", help="Only features with this value.")
    ] = None,
    road_kmh: Annotated[float, typer.Option(metavar="KM/H", help="On main roads.")] = 60.0,
    country_kmh: Annotated[float, typer.Option(metavar="KM/H", help="Off them.")] = 30.0,
    rail_share: Annotated[
        float, typer.Option(metavar="0…1", help="Speed of trains as a share of design speed.")
    ] = 0.7,
    board_min: Annotated[float, typer.Option(metavar="MIN", help="To board a train.")] = 25.0,
    leave_min: Annotated[float, typer.Option(metavar="MIN", help="To leave a station.")] = 10.0,
    isochrones: Annotated[
        str | None, typer.Option(metavar="I.geojson", help="Write the area within the limit too.")
    ] = None,
    explain: Explain = False,
    output: Output = "-",
    overwrite: Overwrite = False,
) -> None:
    """Measure, for each county, the minutes to the nearest, what is in reach, and its share a head.

    Times are estimates from average speeds, station access and transfers, all of which are
    printed; no timetable is used. The share a head (two-step catchment) uses the residents of the
    2010 census and is left empty where they are not known.
    """
    from geo.analysis.travel import TravelRules  # noqa: PLC0415
    from geo.cli.results import explained, given, write_results  # noqa: PLC0415

    if explain:
        explained(_FORMULAS)
        return
    name = given(to, "--to")
    rules = TravelRules(
        road_kmh=road_kmh,
        country_kmh=country_kmh,
        rail_share=rail_share,
        board_min=board_min,
        leave_min=leave_min,
    )
    goals = _goals(name, weight, where)
    frame, results, area = _reached(goals, origins, minutes, rules, draw=isochrones is not None)
    extra = {} if isochrones is None or area is None else {isochrones: area}
    write_results(
        results,
        output,
        inputs={"to": name, "from": origins, "roads": "road_network", "rail": "rail_lines"},
        parameters={"minutes": minutes, "weight": weight, "where": where, **_plain(rules)},
        frame=frame,
        extra=extra,
        overwrite=overwrite,
    )


def _plain(rules: "TravelRules") -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415

    return asdict(rules)


def _goals(name: str, weight: str | None, where: str | None) -> "gpd.GeoDataFrame":
    from geo.cli.inputs import column_named, points_named  # noqa: PLC0415
    from geo.cli.results import canonical  # noqa: PLC0415
    from geo.crs import to_analysis  # noqa: PLC0415
    from geo.errors import InputError  # noqa: PLC0415

    frame = canonical(points_named(name), {"weight": weight})
    if where is not None:
        column, sign, value = where.partition("=")
        if not sign:
            msg = f"--where takes COLUMN=VALUE, not {where!r}"
            raise typer.BadParameter(msg)
        frame = frame[column_named(frame, column).astype(str) == value]
    if frame.empty:
        msg = f"{name}: no feature has {where}"
        raise InputError(msg)
    frame = to_analysis(frame)
    return frame.set_geometry(frame.geometry.representative_point())


def _reached(
    goals: "gpd.GeoDataFrame", origins: str, limit: float, rules: "TravelRules", *, draw: bool
) -> "tuple[gpd.GeoDataFrame, list[Result], gpd.GeoDataFrame | None]":
    from geo.analysis._points import point_table  # noqa: PLC0415
    from geo.analysis.access import cumulative_opportunities  # noqa: PLC0415
    from geo.analysis.access import two_step_catchment as two_step  # noqa: PLC0415
    from geo.analysis.isochrones import isochrones  # noqa: PLC0415
    from geo.analysis.travel import rail_links, travel_minutes  # noqa: PLC0415
    from geo.crs import to_analysis  # noqa: PLC0415
    from geo.layers import read, read_table  # noqa: PLC0415
    from geo.tables import open_layer  # noqa: PLC0415

    goals = goals.loc[point_table(goals).frame.index]
    units = to_analysis(open_layer(origins))
    stations = read("stations", crs="analysis")
    ways = {
        "roads": read("road_network", crs="analysis"),
        "stations": stations,
        "rail": rail_links(read_table("rail_lines"), stations, rules=rules),
        "rules": rules,
    }
    spots = units.set_geometry(units.geometry.representative_point())
    times = travel_minutes(spots, goals, **ways)
    supply = point_table(goals).frame["weight"]
    table = times.table()
    reach = cumulative_opportunities(table, supply, max_minutes=limit)
    people = read_table("population", numbers=("pop_2010",)).set_index("adcode")["pop_2010"]
    people = people.reindex(units.index).astype(float)
    known = people.notna()
    shown: dict[str, Any] = {
        "minutes_nearest": table.min(axis=1).round(1),
        "cumulative_opportunities": reach.table().iloc[:, 0],
        "residents_2010": people,
    }
    results = [times, reach]
    if known.any():
        share = two_step(table[known], supply, people[known], max_minutes=limit)
        shown["per_million_residents"] = share.table().iloc[:, 0] * 1e6
        results.append(share)
    names = [one for one in ("name_zh", "name_en", "name_ja") if one in units.columns]
    frame = units[[*names, "geometry"]].assign(**shown)
    area = isochrones(goals, units, limits_min=(limit,), **ways).table() if draw else None
    return frame, results, area
