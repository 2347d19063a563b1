"""Kinds and classes that several layers share, and the bars that count them."""

import geopandas as gpd
import pytest
from shapely import Point, box

from geo.render.any_file.quick import quick_map
from geo.render.colours.palette import CATEGORY_COLOURS, OTHER


def write(folder, name, cells, *, column="industry", areas=False):
    shapes = [
        box(116 + at / 10, 39, 116.1 + at / 10, 39.1) if areas else Point(116 + at / 10, 39)
        for at in range(len(cells))
    ]
    file = folder / f"{name}.parquet"
    gpd.GeoDataFrame({column: cells}, geometry=shapes, crs="EPSG:4326").to_parquet(file)
    return str(file)


def legends(made):
    kinds = ("point", "area")
    ours = (one for one in made.map_layers if one.kind in kinds and one.about.group is None)
    return [one.payload["legend"] for one in ours if not one.payload["style"].get("base")]


def colours(legend):
    return {
        one["label"] if isinstance(one["label"], str) else one["label"]["en"]: one["colour"]
        for one in legend["items"]
    }


def test_kinds_beyond_the_nine_commonest_of_all_layers_are_others_in_each(tmp_path):
    a = [kind for at, kind in enumerate("ABCDEFGHI") for _ in range(12 - at)]
    b = ["X"] * 5 + ["A"] * 4 + ["Y"] * 4 + ["B"] * 3 + ["Z"] * 2
    files = [write(tmp_path, "a", a), write(tmp_path, "b", b)]
    first, second = map(colours, legends(quick_map(files, colour_by="industry")))
    # X, with five, comes before I, with four
    assert first.pop("Other") == second.pop("Other") == OTHER
    assert first == dict(zip("ABCDEFGH", CATEGORY_COLOURS, strict=False))
    assert second == {"A": first["A"], "B": first["B"], "X": CATEGORY_COLOURS[8]}


@pytest.mark.parametrize(
    "b", [[3, 2, 3], ["3", "2", "3"], [3.0, 2.0, None, 3.0], [" 3", "2", "3 "]]
)
@pytest.mark.parametrize(
    ("column", "areas"), [("industry", True), ("industry", False), ("v", False)]
)
def test_a_number_that_is_a_kind_has_one_colour_however_it_is_written(tmp_path, b, column, areas):
    files = [
        write(tmp_path, "a", [1, 2, 3], column=column, areas=areas),
        write(tmp_path, "b", b, column=column, areas=areas),
    ]
    first, second = map(colours, legends(quick_map(files, colour_by=column)))
    assert first == {
        "3": CATEGORY_COLOURS[0],
        "2": CATEGORY_COLOURS[1],
        "1": CATEGORY_COLOURS[2],
    }
    assert second == {one: first[one] for one in "32"}


@pytest.mark.parametrize("areas", [True, False])
def test_classes_of_one_column_have_the_same_bounds_in_all_layers(tmp_path, areas):
    low, high = list(range(0, 53, 4)), list(range(1000, 1053, 4))
    files = [
        write(tmp_path, name, cells, column="gdp", areas=areas)
        for name, cells in (("a", low), ("b", high))
    ]
    first, second = legends(quick_map(files, colour_by="gdp"))
    assert first["kind"] == second["kind"] == "classes"
    bounds = [
        [(one["from"], one["to"], one["colour"]) for one in x["items"]] for x in (first, second)
    ]
    assert bounds[0] == bounds[1]
    assert (bounds[0][0][0], bounds[0][-1][1]) == (0, 1052)
    for legend, cells in ((first, low), (second, high)):
        assert sum(one["n"] for one in legend["items"]) == len(cells)
    held = [{one["colour"] for one in x["items"] if one["n"]} for x in (first, second)]
    assert not held[0] & held[1]


@pytest.mark.parametrize("areas", [True, False])
@pytest.mark.parametrize("colour_by", [None, "landuse"])
def test_codes_under_a_header_called_kinds_are_kinds_and_no_ramp(tmp_path, areas, colour_by):
    for cells in ([11, 12, 21, 31, 11], [11, 12, 21, 31]):
        file = write(tmp_path, "a", cells, column="landuse", areas=areas)
        (legend,) = legends(quick_map([file], colour_by=colour_by))
        assert legend["kind"] == "categories"
        assert set(colours(legend)) == {"11", "12", "21", "31"}


def test_yes_and_no_of_areas_are_kinds(tmp_path):
    file = write(tmp_path, "a", [True, False, True], column="planned", areas=True)
    (legend,) = legends(quick_map([file], colour_by="planned"))
    assert [one["label"]["en"] for one in legend["items"]] == ["Yes", "No"]


def test_the_bars_of_kinds_add_up_to_the_rows_and_the_last_is_the_rest():
    made = quick_map(["firms"], colour_by="industry")
    (bars,) = made.payload()["charts"]
    counts = bars["series"][0]["values"]
    (firms,) = (one for one in made.map_layers if one.layer_id == "firms")
    assert sum(counts) == firms.payload["n"]
    assert bars["x"]["values"][-1]["en"] == "Other"
    keys = bars["link"]["keys"]
    assert [len(one) for one in keys] == counts
    assert len({key for one in keys for key in one}) == firms.payload["n"]
    assert len(counts) == 13
