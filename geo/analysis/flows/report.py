"""Report on the axis rule: result, confidence, sensitivity and network measures."""

from dataclasses import asdict
from typing import Any, Final

import geopandas as gpd
import numpy as np

from geo.analysis.flows.axes import Found, confidence, sensitivity
from geo.analysis.flows.backbone import dominant_flows
from geo.analysis.flows.core_periphery import core_periphery
from geo.analysis.flows.growth import growth
from geo.analysis.flows.measures import by_year, centralisation, centrality, communities
from geo.analysis.flows.table import Flows
from geo.analysis.flows.verdicts import record

__all__ = ["report"]

_PAIR_RUNS: Final = 20_000
"""Pairs times runs of the community search; large networks get fewer runs, at least ten."""


def report(
    flows: Flows, places: gpd.GeoDataFrame, found: Found, *, year: int | None = None
) -> dict[str, Any]:
    """Return the result of the axis rule with confidence, sensitivity and network measures.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them, without loops and zeros.
    places
        One point a unit in equal-area metres, with the index of ``flows.units``.
    found
        What ``axes.find_axes`` found for these flows and this year.
    year
        The year that is used; None sums all years.

    Returns
    -------
    dict
        What ``verdicts.record`` gives, and ``communities``, ``core_periphery_max``,
        ``degree_centralisation``, ``units`` (dominant flow and centralities of each), ``by_year``,
        ``growth_of_total`` and ``left_out``.

    Raises
    ------
    CRSError
        When the places are not in equal-area metres.
    InputError
        When a unit has no place, or the year has no flows.
    """
    sure = confidence(flows, places, alpha=found.alpha, width_deg=found.width_deg, year=year)
    made = record(found, flows.units, sure=sure, levels=sensitivity(flows, places, year=year))
    yearly = by_year(flows)
    units = dominant_flows(flows, year=year).join(centrality(flows, year=year))
    runs = int(np.clip(_PAIR_RUNS // len(flows.pairs), 10, 100))
    enough = len(flows.units) > 2
    return made | {
        "core_periphery_max": asdict(core_periphery(flows, ideal="max", year=year))
        if enough
        else None,
        "communities": asdict(communities(flows, year=year, n_seeds=runs, n_null=runs)),
        "degree_centralisation": centralisation(flows, year=year),
        "units": units.rename_axis("id").reset_index().astype(object).to_dict("records"),
        "by_year": yearly.reset_index().astype(object).to_dict("records"),
        "growth_of_total": asdict(growth(yearly["total"])) if len(yearly) > 1 else None,
        "left_out": {
            "loops": flows.loops.to_dict("records"),
            "unknown_units": flows.unknown.to_dict("records"),
            "zero_weights": flows.zeros,
            "units_without_flows": flows.without_flows,
        },
    }
