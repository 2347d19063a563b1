"""The matrix of measures: each has a function, a command, a table, a layer and three kinds of test.

One row a measure. The command is run on a table made here (synthetic, named so) or on a shipped
layer; the tests are looked up by name in their files, and a property test is one that hypothesis
feeds. A measure that is added to the register without a row here fails.
"""

import ast
import contextlib
import importlib
import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import typer

from geo.analysis.result import formula_ids
from geo.cli import main
from geo.errors import InputError

HERE = Path(__file__).parent
TABLES = {
    "points.csv": "lon,lat,when\n116.1,39.1,2010\n116.5,39.4,2010\n116.9,39.2,2020\n117.1,39.9,2020\n",
    "industry.csv": "region,industry,value,year\n北京,x,30,2020\n北京,y,10,2020\n天津,x,10,2020\n天津,y,30,2020\n",
    "functions.csv": "region,management,production\n北京,3,1\n天津,1,3\n",
    "plants.csv": "region,industry,value\n北京,x,1\n北京,x,2\n天津,y,5\n天津,y,5\n",
    "regions.csv": "region,value\n北京,10\n天津,10\n",
    "heads.csv": "region,value,weight,group\n北京,3,2,a\n天津,2,2,b\n唐山,1,3,c\n保定,1,4,c\n",
    "links.csv": "origin,destination,stage,weight\n北京,天津,design,3\n石家庄,唐山,design,5\n",
    "branches.csv": "headquarters,branch,weight\n北京,雄安,169\n保定,雄安,91\n",
    "offices.csv": "firm,region\nf,北京\nf,天津\n",
    "cities.csv": "region,population,gdp,value\n北京,2189,43760,9\n天津,1386,16737,5\n唐山,771,9133,3\n保定,1154,4012,2\n",
    "totals.csv": "region,origins,destinations\n北京,3,1\n天津,1,3\n",
    "costs.csv": "origin,destination,cost\n北京,北京,1\n北京,天津,2\n天津,北京,2\n天津,天津,1\n",
    "scores.csv": "unit,year,a,b\n北京,2010,1,5\n北京,2020,9,9\n天津,2010,2,3\n天津,2020,3,4\n",
}  # fmt: skip
SUBSYSTEMS = ["--unit", "unit", "--year", "year", "--subsystem", "x=a", "--subsystem", "y=b"]
LABS = ["--to", "facilities", "--where", "category=large_science_facility", "--from", "prefectures"]
PREFECTURES = ["--to", "prefectures"]


@dataclass(frozen=True)
class Measure:
    """A row of the matrix."""

    formula: str
    function: str
    command: list
    column: str
    shape: str
    golden: str
    property: str
    degenerate: str


def row(formula, function, command, column, shape, *tests):
    return Measure(formula, function, command.split() if isinstance(command, str) else command, column, shape, *tests)  # fmt: skip


STRUCTURE = "structure facilities --measure"
MEASURES = [
    row("mean-centre", "structure.centres:mean_centre", "structure facilities", "standard_distance_m", "Point",
        "structure/test_centres:test_golden_centres_of_e_sde_centres",
        "structure/test_centres:test_centres_move_with_the_points_and_do_not_mind_their_order",
        "structure/test_centres:test_coinciding_points_and_circles_have_no_direction"),
    row("median-centre", "structure.centres:median_centre", "structure facilities", "x_m", "Point",
        "structure/test_centres:test_golden_centres_of_e_sde_centres",
        "structure/test_centres:test_no_point_beats_the_median_centre",
        "structure/test_centres:test_what_cannot_be_measured_is_refused"),
    row("centre-shift", "structure.centres:centre_shift", "structure points.csv --year when", "shift_m", "Point",
        "structure/test_centres:test_shift_by_year_has_length_and_azimuth",
        "structure/test_centres:test_a_shift_is_the_way_that_all_points_went",
        "structure/test_centres:test_what_cannot_be_measured_is_refused"),
    row("standard-deviational-ellipse", "structure.centres:standard_deviational_ellipse", "structure facilities", "scaling", "Polygon",
        "structure/test_centres:test_golden_ellipse_in_each_scaling_of_e_sde_centres",
        "structure/test_centres:test_the_ellipse_moves_with_the_points_and_its_scalings_keep_their_ratio",
        "structure/test_centres:test_crimestat_scaling_of_two_points_is_undefined_not_infinite"),
    row("moran", "structure.autocorrelation:moran", [*STRUCTURE.split(), "moran", *PREFECTURES], "p_sim", "Polygon",
        "structure/test_autocorrelation:test_golden_global_moran_of_e_autocorrelation",
        "structure/test_autocorrelation:test_the_slope_of_the_scatter_is_moran",
        "structure/test_autocorrelation:test_what_cannot_be_measured_is_refused"),
    row("local-moran", "structure.autocorrelation:local_moran", [*STRUCTURE.split(), "local-moran", *PREFECTURES], "significant", "Polygon",
        "structure/test_autocorrelation:test_golden_local_moran_of_e_autocorrelation",
        "structure/test_autocorrelation:test_moran_does_not_mind_the_unit_of_measurement",
        "structure/test_autocorrelation:test_an_island_is_never_significant"),
    row("getis-ord-gi-star", "structure.autocorrelation:getis_ord", [*STRUCTURE.split(), "hotspots", *PREFECTURES], "z", "Polygon",
        "structure/test_autocorrelation:test_golden_gi_star_of_e_autocorrelation",
        "structure/test_autocorrelation:test_hot_spots_do_not_mind_the_unit_of_measurement",
        "structure/test_autocorrelation:test_what_cannot_be_measured_is_refused"),
    row("unit-density", "structure.centres:unit_densities", [*STRUCTURE.split(), "hotspots", *PREFECTURES], "label", "Polygon",
        "structure/test_centre_layer:test_every_unit_has_a_row_in_every_year_and_weights_add_up",
        "structure/test_centre_layer:test_every_point_counts_once_wherever_it_lies",
        "structure/test_centre_layer:test_what_cannot_be_measured_is_refused"),
    row("nearest-neighbour-ratio", "points.patterns:nearest_neighbour_ratio", f"{STRUCTURE} neighbours", "ratio", "Point",
        "points/test_point_patterns:test_ratio_of_the_twelve_points_depends_on_the_window",
        "points/test_point_patterns:test_the_ratio_does_not_mind_the_unit_of_length",
        "points/test_point_patterns:test_coinciding_points_are_counted"),
    row("ripley-k", "points.patterns:ripley_k", f"{STRUCTURE} ripley --radii-km 5,20", "l_minus_r_m", "Point",
        "points/test_point_patterns:test_k_of_the_twelve_points_with_and_without_correction",
        "points/test_point_patterns:test_k_never_falls_and_correction_never_lowers_it",
        "points/test_point_patterns:test_what_cannot_be_measured_is_refused"),
    row("local-k", "points.patterns:local_k", f"{STRUCTURE} ripley --radii-km 5,20", "k_m2", "Point",
        "points/test_local_patterns:test_the_parts_of_the_twelve_points_make_the_golden_wholes",
        "points/test_local_patterns:test_means_over_the_points_are_the_ratio_and_k",
        "points/test_local_patterns:test_years_points_outside_and_single_points"),
    row("kernel-density", "surfaces.density:density_surface", "surface facilities --cell-m 10000 --bandwidth-km 20", "", "raster",
        "surfaces/test_density:test_exact_kernel_golden", "surfaces/test_density:test_mass_is_kept_within_a_thousandth",
        "surfaces/test_density:test_nonsense_raises"),
    row("rank-size", "structure.rank_size:rank_size", "structure cities.csv --measure rank-size --weight value", "alpha_se", "Polygon",
        "structure/test_rank_size:test_thirteen_cities_of_the_2020_census",
        "structure/test_rank_size:test_ranks_shares_and_residuals_belong_to_the_line",
        "structure/test_rank_size:test_too_few_are_refused"),
    row("primacy", "structure.rank_size:primacy", "structure cities.csv --measure rank-size --weight value", "four_city", "Polygon",
        "structure/test_rank_size:test_thirteen_cities_of_the_2020_census",
        "structure/test_rank_size:test_unit_and_order_do_not_matter", "structure/test_rank_size:test_too_few_are_refused"),
    row("polycentricity", "structure.rank_size:polycentricity", "structure cities.csv --measure rank-size --weight value", "green", "Polygon",
        "structure/test_rank_size:test_thirteen_cities_of_the_2020_census",
        "structure/test_rank_size:test_unit_and_order_do_not_matter", "structure/test_rank_size:test_too_few_are_refused"),
    row("location-quotient", "roles.specialisation:location_quotient", "roles specialisation industry.csv --year year", "low", "Polygon",
        "roles/test_specialisation:test_golden_f_specialisation_reat",
        "roles/test_specialisation:test_ranges_and_invariance_to_scale",
        "roles/test_specialisation:test_an_industry_that_is_nowhere_is_missing_and_an_absent_one_zero"),
    row("krugman", "roles.specialisation:krugman", "roles specialisation industry.csv --index krugman", "krugman", "Polygon",
        "roles/test_specialisation:test_golden_krugman_herfindahl_unido_of_f_specialisation_reat",
        "roles/test_specialisation:test_ranges_and_invariance_to_scale",
        "roles/test_specialisation:test_what_cannot_be_measured_is_refused"),
    row("herfindahl", "roles.specialisation:herfindahl", "roles specialisation industry.csv --index herfindahl", "herfindahl", "Polygon",
        "roles/test_specialisation:test_golden_krugman_herfindahl_unido_of_f_specialisation_reat",
        "roles/test_specialisation:test_ranges_and_invariance_to_scale",
        "roles/test_specialisation:test_what_cannot_be_measured_is_refused"),
    row("unido-similarity", "roles.specialisation:unido_similarity", "roles specialisation industry.csv --index similarity", "similarity", "LineString",
        "roles/test_specialisation:test_golden_f_jjj_2023_sectors",
        "roles/test_specialisation:test_ranges_and_invariance_to_scale",
        "roles/test_specialisation:test_similarity_below_ten_industries_warns_and_above_does_not"),
    row("ellison-glaeser", "roles.specialisation:ellison_glaeser", "roles agglomeration plants.csv --regions regions.csv", "gamma", "Polygon",
        "roles/test_agglomeration:test_golden_single_industry_of_f_specialisation_reat",
        "roles/test_agglomeration:test_squares_of_the_excess_sum_to_g_and_size_does_not_matter",
        "roles/test_agglomeration:test_degenerate_and_hostile_cases"),
    row("theil-decomposition", "structure.inequality:theil", "roles inequality heads.csv", "t_between", "Polygon",
        "structure/test_inequality:test_golden_f_theil_gini",
        "structure/test_inequality:test_units_add_up_to_theil_and_gini_parts_to_gini",
        "structure/test_inequality:test_years_drops_and_degenerate_cases"),
    row("gini", "structure.inequality:gini", "roles inequality heads.csv", "gini_overlap", "Polygon",
        "structure/test_inequality:test_golden_f_theil_gini",
        "structure/test_inequality:test_units_add_up_to_theil_and_gini_parts_to_gini",
        "structure/test_inequality:test_groups_that_do_not_cross_have_no_overlap_and_a_unit_occurs_once"),
    row("functional-specialisation", "roles.firms:functional_specialisation", "roles functions functions.csv", "fs", "Polygon",
        "roles/test_firms:test_functional_specialisation_by_year_and_refusals",
        "roles/test_firms:test_functions_do_not_mind_the_unit_and_average_to_zero",
        "roles/test_firms:test_functional_specialisation_of_the_whole_is_zero"),
    row("role-triangle", "roles.firms:role_triangle", "roles triangle facilities", "leading", "Polygon",
        "roles/test_firms:test_corners_centre_and_leading_role",
        "roles/test_firms:test_shares_sum_to_one_and_lie_in_the_triangle",
        "roles/test_firms:test_few_sites_get_no_position_and_other_roles_are_counted"),
    row("concentration", "roles.firms:concentration", "roles concentration facilities", "coverage", "Polygon",
        "roles/test_firms:test_concentration_prints_coverage_beside_the_share",
        "roles/test_firms:test_shares_of_the_list_sum_to_one_and_a_province_without_sites_is_a_zero",
        "roles/test_firms:test_concentration_by_year_and_without_a_place"),
    row("chain-cross-share", "roles.chains:chain_cross_share", "roles chains links.csv", "expected", "LineString",
        "roles/test_chains:test_golden_f_chain_linkage",
        "roles/test_chains:test_expected_weights_have_the_margins_of_the_links",
        "roles/test_chains:test_years_drops_and_degenerate_cases"),
    row("headquarters-branch", "roles.chains:headquarters_branches", "roles branches branches.csv", "share_of_branch_place", "LineString",
        "roles/test_branches:test_two_hundred_and_sixty_firms_of_which_65_percent_from_beijing",
        "roles/test_branches:test_shares_do_not_mind_the_unit_and_ties_grow_with_its_square",
        "roles/test_branches:test_what_cannot_be_counted_is_refused"),
    row("interlocking-network", "roles.chains:interlocking_network", "roles branches offices.csv --firm firm", "n_firms", "LineString",
        "roles/test_branches:test_interlocking_is_the_matrix_product_off_the_diagonal",
        "roles/test_branches:test_shares_do_not_mind_the_unit_and_ties_grow_with_its_square",
        "roles/test_branches:test_offices_without_a_value_count_as_one_each"),
    row("coupling-coordination", "coordination.coupling:coupling_coordination", ["coordination", "scores.csv", *SUBSYSTEMS], "class_ja", "Polygon",
        "coordination/test_coupling:test_golden_cases_of_g_coupling_coordination",
        "coordination/test_coupling:test_ranges_symmetry_and_balance",
        "coordination/test_coupling:test_all_zero_is_undefined_and_counted"),
    row("modified-coupling", "coordination.coupling:coupling_coordination", ["coordination", "scores.csv", *SUBSYSTEMS, "--variant", "modified"], "degree", "Polygon",
        "coordination/test_coupling:test_golden_cases_of_g_coupling_coordination",
        "coordination/test_coupling:test_ranges_symmetry_and_balance",
        "coordination/test_coupling:test_all_zero_is_undefined_and_counted"),
    row("entropy-weights", "coordination.indicators:entropy_weights", ["coordination", "scores.csv", "--measure", "weights", *SUBSYSTEMS], "shift", "none",
        "coordination/test_indicators:test_golden_minmax_entropy_and_score_of_g_entropy_synergy",
        "coordination/test_indicators:test_weights_sum_to_one_and_constant_indicators_weigh_nothing",
        "coordination/test_indicators:test_what_cannot_be_scored_is_refused"),
    row("synergy", "coordination.coupling:synergy_degree", ["coordination", "scores.csv", "--measure", "synergy", *SUBSYSTEMS], "synergy", "Polygon",
        "coordination/test_development:test_golden_synergy_of_g_entropy_synergy",
        "coordination/test_development:test_synergy_does_not_mind_the_order_of_subsystems_and_stays_in_range",
        "coordination/test_development:test_units_have_their_own_years_and_one_year_is_counted"),
    row("mean-of-subindices", "coordination.coupling:development_index", "coordination development_index --measure index", "mean_of_five", "Polygon",
        "coordination/test_development:test_golden_g_nbs_jjj_index_total_is_the_mean_of_five",
        "coordination/test_development:test_the_index_lies_between_its_parts_and_does_not_mind_their_order",
        "coordination/test_development:test_what_cannot_be_measured_is_refused"),
    row("gravity", "flows.interaction:gravity", "interaction gravity cities.csv", "origin_to_destination", "LineString",
        "flows/test_interaction:test_golden_g_gravity",
        "flows/test_interaction:test_shares_of_linkage_sum_to_one_and_both_ways_to_the_whole",
        "flows/test_interaction:test_gravity_refusals"),
    row("doubly-constrained", "flows.interaction:doubly_constrained", "interaction wilson totals.csv --pairs costs.csv --beta 0.5", "weight", "LineString",
        "flows/test_interaction:test_golden_g_wilson_doubly",
        "flows/test_interaction:test_margins_are_met_and_beta_zero_is_independence",
        "flows/test_interaction:test_wilson_refusals"),
    row("isochrone", "access.travel_times:isochrones", ["access", *LABS], "minutes_nearest", "Polygon",
        "access/test_travel_times:test_road_country_and_straight_ways_by_hand",
        "access/test_travel_times:test_a_circle_on_a_straight_road_is_as_long_as_its_minutes",
        "access/test_travel_times:test_what_cannot_be_travelled_is_refused"),
    row("cumulative-opportunities", "access.accessibility:cumulative_opportunities", ["access", *LABS], "cumulative_opportunities", "Polygon",
        "access/test_accessibility:test_golden_d_accessibility",
        "access/test_accessibility:test_supply_that_is_reached_is_shared_out_exactly",
        "access/test_accessibility:test_the_limit_itself_is_inside"),
    row("2sfca", "access.accessibility:two_step_catchment", ["access", *LABS], "per_million_residents", "Polygon",
        "access/test_accessibility:test_golden_d_accessibility",
        "access/test_accessibility:test_supply_that_is_reached_is_shared_out_exactly",
        "access/test_accessibility:test_what_nobody_reaches_is_counted_and_given_to_nobody"),
    row("e2sfca", "access.accessibility:enhanced_two_step_catchment", ["access", *LABS, "--measure", "e2sfca"], "per_million_residents_banded", "Polygon",
        "access/test_accessibility:test_golden_d_accessibility",
        "access/test_accessibility:test_bands_share_out_all_and_potentials_grow_with_supply",
        "access/test_accessibility:test_what_nobody_reaches_is_counted_and_given_to_nobody"),
    row("gravity-potential", "access.accessibility:gravity_potential", ["access", *LABS, "--measure", "potential"], "potential_beta_1.5", "Polygon",
        "access/test_accessibility:test_golden_d_accessibility",
        "access/test_accessibility:test_bands_share_out_all_and_potentials_grow_with_supply",
        "access/test_accessibility:test_what_nobody_reaches_is_counted_and_given_to_nobody"),
    row("joseph-bantock", "access.accessibility:joseph_bantock", ["access", *LABS, "--measure", "joseph-bantock"], "per_million_residents_beta_2", "Polygon",
        "access/test_accessibility:test_golden_d_accessibility",
        "access/test_accessibility:test_supply_that_is_reached_is_shared_out_exactly",
        "access/test_accessibility:test_what_nobody_reaches_is_counted_and_given_to_nobody"),
]  # fmt: skip
BY_FORMULA = pytest.mark.parametrize("one", MEASURES, ids=[one.formula for one in MEASURES])
FILES = ("access", "coordination", "density", "roles", "structure")


def registered():
    import yaml

    folder = HERE.parent / "geo" / "analysis" / "formula_texts"
    return {
        key
        for name in FILES
        for key in yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))
    }


def test_every_measure_of_the_register_has_a_row():
    assert {one.formula for one in MEASURES} == registered()
    assert registered() <= set(formula_ids())


@BY_FORMULA
def test_the_function_is_public_and_the_three_tests_are_there(one):
    module, name = one.function.split(":")
    library = importlib.import_module(f"geo.analysis.{module}")
    assert name in library.__all__
    assert getattr(library, name).__doc__.count(">>>") >= 1
    for kind, known in (("golden", one.golden), ("property", one.property), ("degenerate", one.degenerate)):  # fmt: skip
        file, test = known.split(":")
        tree = ast.parse((HERE / "analysis" / f"{file}.py").read_text("utf-8"))
        found = [node for node in tree.body if getattr(node, "name", "") == test]
        assert found, f"{kind}: {known}"
        if kind == "property":
            words = [ast.unparse(line) for line in found[0].decorator_list]
            assert any(word.startswith("given(") for word in words), f"hypothesis feeds {known}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Lay the synthetic tables of this test in a folder."""
    made = tmp_path_factory.mktemp("measures")
    for name, text in TABLES.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def run(folder, *words):
    """Run the command line in this process: forty starts of Python would take minutes."""
    command = typer.main.get_command(main._app)
    with contextlib.chdir(folder):
        command.main([str(one) for one in words], prog_name="jjj", standalone_mode=False)


@pytest.fixture(scope="module")
def written(folder):
    """Write the table and the layer of a command once, however many measures it makes."""
    done = {}

    def write(one):
        key = tuple(one.command)
        if key in done:
            return done[key]
        table, drawn = None, None
        # what access writes as a layer is its table, with the shapes of the units
        if one.command[0] != "access":
            run(folder, *one.command, "-o", "out.csv", "--overwrite")
            table = list(pd.read_csv(folder / "out.csv").columns)
        if one.shape != "none":
            run(folder, *one.command, "-o", "out.geojson", "--overwrite")
            drawn = json.loads((folder / "out.geojson").read_text("utf-8"))
            table = table or list(drawn["features"][0]["properties"])
        done[key] = table, drawn
        return done[key]

    return write


@BY_FORMULA
def test_explain_prints_the_formula(one, folder, capsys):
    grouped = one.command[0] in ("roles", "interaction")
    words = one.command[: 1 + grouped]
    run(folder, *words, *options_of(one.command), "--explain")
    out = capsys.readouterr().out
    assert f"({one.formula})" in out
    assert all(word in out for word in ("formula:", "reference:", "caveat:"))


@BY_FORMULA
def test_the_command_writes_a_table_and_a_layer(one, folder, written):
    if one.shape == "raster":
        run(folder, *one.command, "-o", "out.tif", "--overwrite")
        assert (folder / "out.tif").stat().st_size > 0
        return
    columns, drawn = written(one)
    assert one.column in columns
    if drawn is None:
        return
    shapes = {each["geometry"]["type"].removeprefix("Multi") for each in drawn["features"]}
    assert one.shape in shapes
    told = drawn["provenance"]
    results = told.get("results") or [told]
    assert one.formula in {each["formula"]["id"] for each in results}
    for each in results:
        assert each["n"] > 0
        assert {"n_dropped", "crs", "years", "sources", "caveat"} <= set(each)
        assert each["sources"]


def options_of(words):
    """Return the options that choose among measures; --explain needs no table."""
    chosen = []
    for name in ("--measure", "--index", "--variant"):
        if name in words:
            chosen += [name, words[words.index(name) + 1]]
    return chosen


def test_each_golden_file_of_these_sections_is_named_by_a_test():
    texts = "".join(file.read_text("utf-8") for file in (HERE / "analysis").rglob("test_*.py"))
    files = [one.name for one in (HERE / "golden").iterdir() if one.name[:2] in ("d_", "e_", "f_", "g_", "z_")]  # fmt: skip
    assert len(files) >= 16
    assert not [name for name in files if name not in texts]


TEMPLATES = {
    "industry_by_city.csv": "roles specialisation {}",
    "functions_by_city.csv": "roles functions {}",
    "plants.csv": "roles agglomeration {} --regions employment_by_region.csv",
    "employment_by_region.csv": "roles agglomeration plants.csv --regions {}",
    "chain_links.csv": "roles chains {}",
    "branches.csv": "roles branches {}",
    "coauthorship.csv": "flows {}",
    "interaction_totals.csv": "interaction wilson {} --pairs interaction_pairs.csv --beta 0.1",
    "interaction_pairs.csv": "interaction wilson interaction_totals.csv --pairs {} --beta 0.1",
    "indicators_by_city.csv": "coordination {} --measure weights --unit unit --subsystem a=indicator_1 --subsystem b=indicator_2",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_each_template_has_one_example_row_and_the_columns_its_command_reads(
    name, tmp_path, capsys
):
    shipped = HERE.parent / "layers" / "jjj" / "templates"
    assert {one.name for one in shipped.glob("*.csv")} == set(TEMPLATES)
    row = pd.read_csv(shipped / name)
    assert len(row) == 1
    assert row.note[0].startswith("EXAMPLE ROW: not a figure")
    assert f"{name}" in (shipped / "README.md").read_text("utf-8")
    try:
        run(shipped, *TEMPLATES[name].format(name).split(), "-o", tmp_path / "out.csv")
    except InputError as error:
        # one row cannot be compared with anything; that a column is missing it must not say
        assert "has no column" not in str(error)  # noqa: PT017
