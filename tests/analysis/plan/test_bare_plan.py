"""A plan with circles only: everything else is null, nothing fails."""

import shutil
from pathlib import Path

import pytest

from geo.analysis.plan.fit import conformance, place_in_plan
from geo.layers.plans.plan import read_plan

TINY = Path(__file__).parents[2] / "data" / "plan_tiny"


@pytest.fixture
def bare(tmp_path):
    shutil.copytree(TINY, tmp_path / "plan")
    path = tmp_path / "plan" / "tiny.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("elements:"), text.index("circles:")
    path.write_text(text[:start] + text[end : text.index("roles:")], encoding="utf-8")
    return read_plan(path)


def test_sites_are_placed_in_what_there_is(bare, ten_sites):
    placed = place_in_plan(ten_sites, bare, types=ten_sites["type"])
    assert placed.circle_list.value_counts()["inner"] == 5
    assert placed[["corridor", "fit", "role"]].isna().all().all()
    assert (placed.zone == "outside").all()
    assert conformance(placed).n_rated == 0
