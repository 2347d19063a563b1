"""Small frames."""

import os

import geopandas as gpd
import numpy as np
import pytest
from page_scripts import NodeMissingError, packages
from shapely import Point, Polygon

from geo.layers import Localized
from geo.render import About


@pytest.fixture
def about():
    return About(Localized.of("企业", "Firms", "企業"))


@pytest.fixture
def sites():
    return gpd.GeoDataFrame(
        {
            "name_zh": ["甲厂", "乙所", "丙园"],
            "name_en": ["Plant A", "Institute B", "Park C"],
            "name_ja": ["甲工場", "乙研究所", "丙パーク"],
            "kind": ["plant", "institute", None],
            "staff": [100.0, 25.5, np.nan],
            "year": [2015, 2020, 2024],
        },
        geometry=[Point(116.4, 39.9), Point(117.2, 39.1), Point(115.9, 39.0)],
        crs="EPSG:4326",
        index=["s1", "s2", "s3"],
    ).rename_axis("site_id")


@pytest.fixture
def squares():
    def square(x, y):
        return Polygon([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)])

    return gpd.GeoDataFrame(
        {"name_zh": ["西", "东"], "value": [1.0, 5.0]},
        geometry=[square(115, 39), square(116, 39)],
        crs="EPSG:4326",
    )


@pytest.fixture(scope="session")
def node():
    """Node with the packages of the lock; a loud skip without."""
    try:
        return packages()
    except NodeMissingError as error:
        if os.environ.get("JJJ_REQUIRE_NODE") == "1":
            pytest.fail(f"JJJ_REQUIRE_NODE=1, but {error}")
        pytest.skip(f"NO TESTS OF THE PAGE'S SCRIPTS: {error}")
