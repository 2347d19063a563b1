"""``jjj access``: what can be reached in a travel time by road and high-speed rail."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.options import (
    LAYER,
    POINTS,
    Datum,
    Encoding,
    Explain,
    Output,
    OutputEncoding,
    Overwrite,
    Sheet,
    Summary,
    Year,
    untaken,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.analysis.access.travel_times import TravelRules
    from geo.cli.inputs import Input

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_FORMULAS: Final = {
    "catchment": ("isochrone", "cumulative-opportunities", "2sfca"),
    "e2sfca": ("isochrone", "e2sfca"),
    "potential": ("isochrone", "gravity-potential"),
    "joseph-bantock": ("isochrone", "joseph-bantock"),
}
_DECAYED: Final = ("potential", "joseph-bantock")


To = Annotated[
    str | None, typer.Option(metavar="LAYER|FILE", help=f"What is to be reached. {POINTS}")
]
Measure = Annotated[
    str,
    typer.Option(
        metavar="|".join(_FORMULAS),
        help="catchment: what is in reach and its share a head; e2sfca: the same with bands; "
        "potential: the nearer the more; joseph-bantock: the same, shared among the people.",
    ),
]
Minutes = Annotated[float, typer.Option(metavar="MIN", help="Limit of travel time.")]
Origins = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="LAYER|FILE",
        help=f"Places that reach it; the region's smallest units. {LAYER}",
    ),
]
Weight = Annotated[
    str | None, typer.Option(metavar="C", help="Size of what is reached; one each without.")
]
Beta = Annotated[
    str,
    typer.Option(
        metavar="B,B,B", help="Decays of potential and joseph-bantock; they decide the ranks."
    ),
]
Decay = Annotated[str, typer.Option(metavar="power|exponential", help="Form of the decay.")]
Where = Annotated[
    str | None, typer.Option(metavar="C=VALUE", help="Only features with this value.")
]
RoadKmh = Annotated[float, typer.Option(metavar="KM/H", help="On main roads.")]
CountryKmh = Annotated[float, typer.Option(metavar="KM/H", help="Off them.")]
RailShare = Annotated[
    float, typer.Option(metavar="0…1", help="Speed of trains as a share of design speed.")
]
BoardMin = Annotated[float, typer.Option(metavar="MIN", help="To board a train.")]
LeaveMin = Annotated[float, typer.Option(metavar="MIN", help="To leave a station.")]
Isochrones = Annotated[
    str | None,
    typer.Option(
        metavar="I.geojson", callback=untaken, help="Write the area within the limit too."
    ),
]


@app.command()
def access(
    *,
    to: To = None,
    measure: Measure = "catchment",
    minutes: Minutes = 60.0,
    origins: Origins = None,
    weight: Weight = None,
    year: Year = None,
    beta: Beta = "1,1.5,2",
    decay: Decay = "power",
    where: Where = None,
    road_kmh: RoadKmh = 60.0,
    country_kmh: CountryKmh = 30.0,
    rail_share: RailShare = 0.7,
    board_min: BoardMin = 25.0,
    leave_min: LeaveMin = 10.0,
    isochrones: Isochrones = None,
    datum: Datum = "auto",
    sheet: Sheet = None,
    encoding: Encoding = None,
    explain: Explain = False,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    summary: Summary = None,
    overwrite: Overwrite = False,
) -> None:
    """Measure, for each county, the minutes to the nearest, what is in reach, and its share a head.

    Times are estimates from average speeds, station access and transfers, all of which are
    printed; no timetable is used. The share a head (two-step catchment) uses the residents of the
    2010 census (of a city or province, of all its counties) and is left empty where they are not
    known. With --year what is reached is counted
    year by year over one network, that of today.
    """
    from geo.analysis.access.travel_times import TravelRules
    from geo.cli.access_measures import Request, has_trains, reached
    from geo.cli.inputs import read_input
    from geo.cli.results import explained, given, write_results
    from geo.cli.study import smallest_units
    from geo.errors import UnknownIdError
    from geo.region import current_region

    if measure not in _FORMULAS:
        kind = "measure"
        raise UnknownIdError(kind, measure, _FORMULAS)
    if explain:
        explained(_FORMULAS[measure])
        return
    name = given(to, "--to")
    rules = TravelRules(
        road_kmh=road_kmh,
        country_kmh=country_kmh,
        rail_share=rail_share,
        board_min=board_min,
        leave_min=leave_min,
    )
    decays: dict[str, Any] = {}
    if measure in _DECAYED:
        decays = {"beta": _numbers(beta), "decay": decay}
    origins = origins or smallest_units()
    region = current_region()
    ways = {"roads": region.network("road")}
    if has_trains(region):
        ways["rail"] = "rail_lines"
    request = Request(name, measure, origins, minutes, rules, **decays)
    given_goals = read_input(name, datum=datum, sheet=sheet, encoding=encoding)
    goals = _goals(given_goals, weight, year, where)
    frame, results, area = reached(goals, request, draw=isochrones is not None)
    told = {"measure": measure, "minutes": minutes, "weight": weight, "year": year, "where": where}
    write_results(
        results,
        output,
        inputs={"to": given_goals, "from": origins, **ways},
        parameters={**told, **decays, **_plain(rules)},
        frame=frame,
        extra={} if isochrones is None or area is None else {isochrones: area},
        summary=summary,
        output_encoding=output_encoding,
        overwrite=overwrite,
    )


def _numbers(text: str) -> list[float]:
    from geo.errors import InputError

    try:
        return [float(one) for one in text.split(",")]
    except ValueError:
        msg = f"--beta takes numbers between commas, not {text!r}"
        raise InputError(msg) from None


def _plain(rules: "TravelRules") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(rules)


def _goals(
    given_goals: "Input", weight: str | None, year: str | None, where: str | None
) -> "gpd.GeoDataFrame":
    from geo.cli.inputs import column_named
    from geo.cli.results import canonical
    from geo.cli.study import require_inside
    from geo.crs import to_analysis
    from geo.errors import InputError
    from geo.region import current_region

    name = given_goals.name
    frame = canonical(given_goals.frame, {"weight": weight, "year": year}, name)
    if where is not None:
        column, sign, value = where.partition("=")
        if not sign:
            msg = f"--where takes COLUMN=VALUE, not {where!r}"
            raise typer.BadParameter(msg)
        frame = frame[column_named(frame, column, name).astype(str) == value]
    if frame.empty:
        msg = f"{name}: no feature has {where}"
        raise InputError(msg)
    require_inside(frame, name=name, uses="roads and railways")
    frame = to_analysis(frame, current_region().crs)
    return frame.set_geometry(frame.geometry.representative_point())
