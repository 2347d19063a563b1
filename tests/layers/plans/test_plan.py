"""The shipped plan says what is published; another plan works; a broken one is refused whole."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError, MissingFileError, UnknownIdError
from geo.layers.plans.plan import plan_elements, plan_ids, read_plan
from geo.region import open_region

TINY = Path(__file__).parents[2] / "data" / "plan_tiny"


@pytest.fixture(scope="module")
def plan():
    return read_plan()


@pytest.fixture
def tiny(tmp_path):
    shutil.copytree(TINY, tmp_path / "plan")
    return tmp_path / "plan" / "tiny.yaml"


def _edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_published_figures_stand_beside_measured_ones(plan):
    assert plan.circles.published_area_km2.tolist()[:2] == [27_000, 42_000]
    assert plan.corridors.published_length_km["plan-jingjin"] == 220
    assert plan.corridors.length_km["plan-jingjin"] == pytest.approx(218.8, abs=0.05)
    assert plan.elements.published_area_km2["wing-subcentre"] == 155
    assert plan.elements.published_area_km2["wing-xiongan"] == 1770
    assert plan.elements.area_km2["wing-xiongan"] == pytest.approx(1552.3, abs=0.5)


def test_the_sub_centre_has_no_invented_boundary(plan):
    assert plan.elements.geometry["wing-subcentre"].geom_type == "Point"
    assert pd.isna(plan.elements.area_km2["wing-subcentre"])


def test_every_part_says_its_standing_and_source(plan):
    for frame in (
        plan.elements,
        plan.corridors,
        plan.other_axes,
        plan.circles,
        plan.zones,
        plan.clauses,
        plan.members,
    ):
        assert frame.standing.isin(["stated", "inferred", "unconfirmed"]).all()
        assert frame.source.isin(plan.references.index).all()


def test_unpublished_lists_are_unconfirmed_and_agree_with_the_table(plan):
    table = open_region().table("plan_units").set_index(["circle", "adcode"]).basis
    ours = plan.members.set_index(["circle", "unit"]).standing
    assert set(ours.index) == set(table.index)
    unconfirmed = ours[ours == "unconfirmed"]
    assert set(unconfirmed.index) == set(table[table == "unconfirmed"].index)
    assert unconfirmed.groupby("circle").size().to_dict() == {"commuting": 12, "functional": 15}


def test_the_three_axis_sets_are_apart(plan):
    assert set(plan.corridors.axis_set) == {"plan-2026"}
    assert set(plan.other_axes.axis_set) == {"outline-2015", "study-coauthorship"}


def test_zones_and_roles_cover_every_unit(plan):
    assert set(plan.zones.role) == set(plan.roles.index)
    ground = plan.zones.union_all()
    assert plan.units.representative_point().within(ground).all()


def test_every_fit_has_a_clause_in_three_languages(plan):
    clauses = plan.clauses.loc[plan.fit.clause]
    assert clauses[["text_zh", "text_en", "text_ja"]].notna().all().all()
    assert plan.fit.fit.between(-1, 1).all()
    shipped = set(open_region().table("facilities").category) | set(
        open_region().table("firms").industry
    )
    known = set("|".join(plan.site_types.matches).split("|"))
    assert shipped <= known


def test_another_plan_can_be_dropped_in(tiny):
    plan = read_plan(tiny)
    assert plan.plan_id == "tiny"
    assert plan.members.query("circle == 'middle'").standing.tolist() == ["stated", "unconfirmed"]
    assert plan.corridors.length_km["line"] == pytest.approx(25.85, abs=0.02)  # 0.3° at 39.35°N
    assert plan.other_axes.empty


def test_ids_and_missing_files_are_named(tmp_path):
    assert plan_ids() == ["jjj-2023-2035"]
    with pytest.raises(UnknownIdError, match="nearest: jjj-2023-2035"):
        read_plan("jjj-2023")
    with pytest.raises(MissingFileError, match="none.yaml"):
        read_plan(tmp_path / "none.yaml")


def test_all_defects_come_at_once(tiny):
    _edit(
        tiny, "{shape: {file: zones.geojson, id: half}}, role: hand", "{units: [a, z]}, role: foot"
    )
    _edit(tiny, "members: [{units: [a, b, c], ", "members: [{units: [a, c], ")
    _edit(tiny, "line: {file: lines.geojson, id: main}", "line: {file: lines.geojson, id: other}")
    _edit(tiny.parent / "fit.csv", "plant,brain,-1", "plant,brain,-2")
    with pytest.raises(InputError) as caught:
        read_plan(tiny)
    message = str(caught.value)
    for part in (
        "line 60: zones.all.role: foot is not among the roles",
        "line 60: zones.all.extent: no unit is z",
        "line 49: circles.outer: b lies in middle but not in outer",
        "line 28: corridors.line.line: lines.geojson has no other",
        "fit.csv line 3: fit '-2' is not from -1 to 1",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("format: 1", "format: 2", "format"),
        ("period: [2020, 2030]", "period: [2030, 2020]", "ends before it begins"),
        ("units: [a], standing", "units: [1], standing", "valid string"),
        (
            "standing: stated\n    source: maker\ncorridors",
            "standing: certain\n    source: maker\ncorridors",
            "'stated', 'inferred' or 'unconfirmed'",
        ),
        ("value: 4,", "value: 40,", "radius_km has to grow"),
        ("source: maker\nsources", "source: nobody\nsources", "nobody is not among the sources"),
        ("file: units.geojson", "file: ../units.geojson", "beside the plan file"),
        ("file: units.geojson", "file: /vsicurl/units.geojson", "beside the plan file"),
        ("file: units.geojson", "layer: countis", "unknown layer"),
        ("middle.csv", "none.csv", "is missing"),
        ("point: [116.55, 39.35]", "point: [39.35, 116.55]", "less than or equal to 90"),
        ("extent: {units: [a]}\n", "extent: {units: [a], point: [1, 2]}\n", "one of units"),
        ("- id: middle", "- id: inner", "inner stands twice"),
    ],
)
def test_broken_plans_are_refused(tiny, old, new, part):
    _edit(tiny, old, new)
    with pytest.raises(InputError, match=str(tiny.name)) as caught:
        read_plan(tiny)
    assert part in str(caught.value)


def test_units_without_geometry_are_refused(tiny):
    (tiny.parent / "units.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    with pytest.raises(InputError, match=r"units\.geojson"):
        read_plan(tiny)


def test_the_elements_as_a_layer(plan):
    frame = plan_elements(plan)
    assert frame.index.is_unique
    assert set(frame.kind) == {"centre", "core", "wing", "city", "node", "corridor", "zone"}
    assert frame.standing.notna().all()
    assert frame.source_title.notna().all()
    assert not frame.index.str.startswith(("outline", "study")).any()
    assert frame.area_km2["wing-xiongan"] < frame.published_area_km2["wing-xiongan"]


def test_a_plan_without_corridors_or_zones_is_a_plan(tiny):
    text = tiny.read_text(encoding="utf-8")
    start, end = text.index("elements:"), text.index("circles:")
    tiny.write_text(text[:start] + text[end : text.index("roles:")], encoding="utf-8")
    bare = read_plan(tiny)
    assert plan_elements(bare).kind.tolist() == ["centre"]
    assert bare.fit.empty
