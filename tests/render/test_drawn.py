"""What a map shows, as data."""

import pandas as pd

from geo.render.any_file.quick import quick_map
from geo.render.any_file.summary import described


def test_a_file_is_told_apart_from_the_ground(tmp_path):
    path = tmp_path / "sites.csv"
    pd.DataFrame(
        {"name": list("abcd"), "lon": [116.4, 117.2, 114.5, 0], "lat": [39.9, 39.1, 38.0, 0],
         "kind": ["x", "x", "y", "y"]}
    ).to_csv(path, index=False)  # fmt: skip
    told = described(quick_map([str(path)]))
    (own,) = [one for one in told["layers"] if one["given"]]
    assert (own["kind"], own["by"], own["scale"], own["times"]) == ("points", "kind", "kinds", 0)
    assert (own["drawn"], own["left_out"]) == (3, 1)
    assert own["bounds"] == [114.5, 38.0, 117.2, 39.9]
    assert {"sea", "neighbours", "provinces"} <= {one["name"] for one in told["layers"]}
    assert any("天地图" in one for one in told["credits"])


def test_shipped_layers_are_not_given():
    told = described(quick_map(["counties"], colour_by="area_km2"))
    assert not any(one["given"] for one in told["layers"])
    counties = next(one for one in told["layers"] if one["name"] == "counties")
    assert (counties["by"], counties["scale"], counties["drawn"]) == ("area_km2", "sequential", 199)
