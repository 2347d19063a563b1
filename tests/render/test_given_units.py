"""Tables whose rows name counties, cities or provinces."""

import pytest

from geo.errors import InputError
from geo.layers import load
from geo.render.any_file.inputs import named_units, read_layers
from geo.tables import read_points

COUNTIES = ["110101,东城区,70", "110102,西城区,110", "110105,朝阳区,345"]


@pytest.fixture
def frame_of(tmp_path):
    """Return what is drawn of a table of codes, names and numbers."""

    def made(rows, header="adcode,name,pop"):
        path = tmp_path / "t.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        (one,) = read_layers(str(path))
        return one.frame

    return made


def drawn(frame, layer_id):
    """Return which rows are exactly the units of a layer, by code or None."""
    units = {shape.wkb: code for code, shape in load(layer_id).frame.geometry.items()}
    return [None if shape is None else units.get(shape.wkb, "?") for shape in frame.geometry]


@pytest.mark.parametrize(
    ("codes", "layer_id", "units"),
    [
        (["110000", "120000", "130100"], "prefectures", ["110000", "120000", "130100"]),
        (["11", "1201", "130100000000"], "prefectures", ["110000", "120000", "130100"]),
        (["110100", "130200.0", "１３０３００"], "prefectures", ["110000", "130200", "130300"]),
        (["110000", "120000", "130000"], "provinces", ["110000", "120000", "130000"]),
        (["130000", "130100", "130200"], "prefectures", [None, "130100", "130200"]),
        (["130682", "130100", "130200"], "prefectures", [None, "130100", "130200"]),
        (["110101.0", "110102000000", "156110105"], "counties", ["110101", "110102", "110105"]),
    ],
)
def test_codes_of_each_level_are_areas(frame_of, codes, layer_id, units):
    frame = frame_of([f"{code},x{at},{at}" for at, code in enumerate(codes)])
    assert drawn(frame, layer_id) == units
    assert "location_basis" not in frame.columns


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ("合计,,525", "not an administrative code"),
        (",合计,525", "no address or code either"),
        ("数据来源：统计年鉴", "not an administrative code"),
        ("130000,河北省,7000", "the code is a city's or a province's"),
        ("119999,某区,3", "no county of the region has this code"),
    ],
)
def test_one_odd_row_is_told_and_the_others_are_areas(frame_of, caplog, odd, why):
    frame = frame_of([*COUNTIES, odd])
    assert drawn(frame, "counties") == ["110101", "110102", "110105", None]
    assert f"t.csv: 1 of 4 rows could not be placed (line 5: {why})" in caplog.text
    assert frame["pop"].iloc[:3].tolist() == [70, 110, 345]


def test_a_county_among_cities_is_told(frame_of, caplog):
    frame_of(["130100,石家庄市,1", "130682,定州市,2", "130200,唐山市,3"])
    assert "(line 3: the code is a county's, unlike those of most rows)" in caplog.text


def test_a_bad_code_beside_a_county_by_name_is_that_county(frame_of):
    rows = ["110101,东城区,1", "999999,西城区,2", "110105,朝阳区,3"]
    named = drawn(frame_of(rows, "adcode,区县,pop"), "counties")
    assert named == ["110101", "110102", "110105"]


def test_units_that_several_rows_name_are_points_and_said(frame_of, caplog):
    frame = frame_of([*COUNTIES, "110105,朝阳区,350"])
    assert set(frame.geom_type) == {"Point"}
    assert "several rows name the unit 110105, so each row is drawn as a point" in caplog.text
    cities = frame_of(["130100,a,1", "130100,b,2", "130200,c,3"])
    assert set(cities.geom_type) == {"Point"}
    shijiazhuang = load("prefectures").frame.geometry["130100"]
    assert cities.geometry.iloc[:2].within(shijiazhuang).all()


def test_rows_with_places_of_their_own_are_no_units(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("adcode,lon,lat\n110101,116.41,39.93\n110102,,\n", encoding="utf-8")
    table = read_points(path)
    assert named_units(table, table.frame["adcode"]) is None
    assert named_units(table, None) is None


def test_codes_of_nowhere_are_refused_with_the_reason(frame_of):
    with pytest.raises(InputError, match=r"none of its 1 rows can be placed \(line 2: no county"):
        frame_of(["310101,黄浦区,1"])
