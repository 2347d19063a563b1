"""attach: every row of the table and every unit is accounted for."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

import geo
from geo.errors import InputError
from geo.join import attach


@pytest.fixture
def units() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name_zh": ["甲", "乙", "丙"]},
        index=pd.Index(["130102", "110101", "120101"], name="adcode"),
        geometry=[box(at, 0, at + 1, 1) for at in range(3)],
        crs="EPSG:4326",
    )


def test_keeps_units_in_order_and_reports_both_sides(units, caplog):
    table = pd.DataFrame({"adcode": ["110101", "999999", "130102"], "people": [1, 2, 3]})
    done = attach(units, table)
    assert done.frame.index.tolist() == units.index.tolist()
    assert done.frame.people.tolist()[:2] == [3, 1]
    assert pd.isna(done.frame.people.iloc[2])
    assert done.unmatched.index.tolist() == [1]
    assert done.units_without.tolist() == ["120101"]
    assert done.summary() == (
        "2 of 3 units have a row, without: 120101; 1 rows are of no unit: 999999"
    )
    assert "999999" in caplog.text
    assert isinstance(done.frame, gpd.GeoDataFrame)
    assert done.frame.crs == units.crs


@pytest.mark.parametrize("codes", [[110101, 130102], [110101.0, 130102.0], [" 110101", "130102 "]])
def test_codes_as_numbers_or_padded_text_match(units, codes):
    done = attach(units, pd.DataFrame({"adcode": codes, "x": [1, 2]}))
    assert done.frame.x.dropna().tolist() == [2, 1]


def test_id_in_the_index_and_colliding_names(units):
    table = pd.DataFrame(
        {"name_zh": ["A", "B"]}, index=pd.Index(["110101", "120101"], name="adcode")
    )
    done = attach(units, table)
    assert done.frame.name_zh.tolist() == ["甲", "乙", "丙"]
    assert done.frame.name_zh_in.tolist()[1:] == ["A", "B"]


def test_arguments_are_not_changed(units):
    table = pd.DataFrame({"adcode": [110101], "x": [1]})
    before, shape = table.copy(), units.copy()
    attach(units, table)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(pd.DataFrame(units), pd.DataFrame(shape))


def test_years(units):
    table = pd.DataFrame({"adcode": ["110101"] * 2, "year": ["2010", "2020"], "x": [1, 2]})
    assert attach(units, table, year=2020).frame.x.dropna().tolist() == [2]
    assert attach(units, table[:1]).year == 2010
    with pytest.raises(InputError, match="2 years \\(2010 to 2020\\); choose one"):
        attach(units, table)
    with pytest.raises(InputError, match="no row of 2015; it has 2010, 2020"):
        attach(units, table, year=2015)
    with pytest.raises(InputError, match="no column 'year'"):
        attach(units, table.drop(columns="year"), year=2020)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pd.DataFrame({"code": ["1"]}), "no column 'adcode'; it has code"),
        (pd.DataFrame({"adcode": ["110101", "110101"]}), "several rows \\(110101\\)"),
        (pd.DataFrame({"adcode": ["北京", None]}), "no adcode of the table \\(北京\\)"),
        (pd.DataFrame({"adcode": []}), "no adcode of the table"),
    ],
)
def test_bad_tables_raise(units, table, said):
    with pytest.raises(InputError, match=said):
        attach(units, table)


def test_missing_ids_are_unmatched_not_lost(units):
    table = pd.DataFrame({"adcode": ["110101", None, float("nan")], "x": [1, 2, 3]})
    assert attach(units, table).unmatched.x.tolist() == [2, 3]


def test_shipped_population_meets_the_shipped_counties():
    counties = geo.layers.read("counties")
    table = geo.layers.read_table("population", numbers=("pop_2020",))
    done = attach(counties, table)
    assert len(done.frame) == 199
    assert len(done.unmatched) + done.frame.pop_2020.notna().sum() <= len(table)
    assert done.frame.index.equals(counties.index)
