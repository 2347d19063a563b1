"""The golden network between the 13 cities (synthetic), shared by the tests of flows."""

import json
from pathlib import Path

import pandas as pd

from geo.analysis.flows.table import check_flows
from geo.layers.places import city_seats

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "golden" / "b_network_jjj13_fixture.json").read_text()
)
UNITS = pd.DataFrame(city_seats()[["name_zh", "name_en", "name_ja"]])
EDGES = pd.DataFrame(GOLDEN["edges"], columns=["origin", "destination", "weight"])
FIXTURE = check_flows(EDGES, UNITS)


def short(values):
    """Index a measure by the short Chinese names that the golden file uses."""
    return values.rename(index=lambda adcode: UNITS.at[adcode, "name_zh"].removesuffix("市"))


def table(*rows, **columns):
    made = pd.DataFrame(rows, columns=["origin", "destination", "weight"])
    return made.assign(**columns)
