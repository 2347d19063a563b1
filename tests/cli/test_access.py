"""jjj access on the shipped counties, and its refusals."""

import json

import pytest


@pytest.mark.slow
def test_counties_get_minutes_reach_and_a_share_with_the_rules_in_the_provenance(jjj, tmp_path):
    ran = jjj(
        "access",
        "--to",
        "facilities",
        "--where",
        "category=large_science_facility",
        "--minutes",
        "60",
        "--from",
        "prefectures",
        "-o",
        "a.geojson",
        "--isochrones",
        "i.geojson",
    )
    assert ran.code == 0
    found = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert len(found["features"]) == 13
    rows = {one["properties"]["adcode"]: one["properties"] for one in found["features"]}
    assert rows["110000"]["cumulative_opportunities"] >= 10
    assert rows["130800"]["cumulative_opportunities"] <= rows["110000"]["cumulative_opportunities"]
    assert found["provenance"]["parameters"]["board_min"] == 25
    assert "25 min to board" in ran.err
    assert (tmp_path / "i.geojson").is_file()


def test_explain_and_errors(jjj):
    ran = jjj("access", "--explain")
    assert "Dijkstra" in ran.out
    assert "Luo" in ran.out
    assert jjj("access").code == 2
    assert (
        "no feature has category=castle"
        in jjj("access", "--to", "facilities", "--where", "category=castle").line
    )
