"""A plan small enough to check by hand, and ten sites in it."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.layers.plans.plan import read_plan

TINY = Path(__file__).parents[1] / "data" / "plan_tiny" / "tiny.yaml"


@pytest.fixture(scope="session")
def tiny_plan():
    return read_plan(TINY)


@pytest.fixture(scope="session")
def jjj_plan():
    return read_plan()


@pytest.fixture
def ten_sites():
    """Lay out ten synthetic sites so that they give the counts that METHODS 2h prints.

    Five in square a (f3 a plant in the brain zone), two in b (one beyond the hand zone), two in
    c, one in d.
    """
    rows = [
        ("f1", 116.51, "lab", 2000), ("f2", 116.53, "lab", 2000), ("f3", 116.55, "plant", 2001),
        ("f4", 116.57, "lab", 2001), ("f5", 116.59, "lab", 2003), ("f6", 116.62, "lab", 2001),
        ("f7", 116.68, "lab", None), ("f8", 116.72, "plant", 2002), ("f9", 116.78, "plant", 2003),
        ("f10", 116.85, "plant", 2002),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["site", "lon", "type", "founded"]).set_index("site")
    return gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(frame.lon, [39.35] * 10), crs="EPSG:4326"
    )
