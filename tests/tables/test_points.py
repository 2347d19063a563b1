import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.datum import wgs84_to_bd09, wgs84_to_gcj02
from geo.door.account import REASONS
from geo.errors import CRSError, GeoError, InputError
from geo.region import EVERYWHERE
from geo.tables import read_points
from geo.tables.gazetteer import units


def _reasons(table, at):
    return set(table.report.loc[at, "reason"].split(";")) - {""}


@pytest.mark.parametrize(
    ("lon", "lat", "status", "reasons"),
    [
        ("116.4", "39.9", "placed", {"coarse"}),
        ("39.912345", "116.412345", "repaired", {"swapped"}),
        ("N39.912345", "E116.412345", "repaired", {"swapped", "hemisphere"}),
        ("0", "0", "refused", {"null_island"}),
        ("116.412345", "0", "refused", {"zero_coordinate"}),
        ("116412345", "39912345", "refused", {"out_of_range"}),
        ("121.473701", "31.230416", "refused", {"far_outside"}),
        ("-116.412345", "39.912345", "refused", {"far_outside"}),
        ("", "39.912345", "refused", {"half_missing"}),
        ("", "", "refused", {"no_coordinates"}),
        ("无", "-", "refused", {"no_coordinates"}),
        ("abc", "39.912345", "refused", {"not_a_number"}),
        ("1_16.412345", "39.912345", "refused", {"not_a_number"}),
        ("1.16412345E+2", "39.912345", "placed", set()),
        ("120.512345", "39.912345", "placed", set()),
        ("NaN", "Infinity", "refused", {"not_a_number"}),
    ],
)
def test_each_row_by_itself(write, lon, lat, status, reasons):
    rows = [
        {"编号": "a", "经度": lon, "纬度": lat},
        {"编号": "b", "经度": "116.512345", "纬度": "39.812345"},
    ]
    table = read_points(write(rows))
    assert table.report.loc[0, "status"] == status
    assert _reasons(table, 0) == reasons
    assert (table.frame.geometry[0] is None) == (status == "refused")
    assert table.report.loc[1, "status"] == "placed"


def test_rows_far_outside_are_placed_only_when_asked_for(write):
    path = write([{"编号": "a", "经度": "121.473701", "纬度": "31.230416"}])
    assert read_points(path).counts["refused"] == 1
    table = read_points(path, reach=EVERYWHERE)
    assert table.counts["placed"] == 1
    assert (table.frame.geometry[0].x, table.frame.geometry[0].y) == (121.473701, 31.230416)
    swapped = write([{"编号": "a", "经度": "31.230416", "纬度": "121.473701"}])
    again = read_points(swapped, reach=EVERYWHERE)
    assert again.frame.geometry[0] == table.frame.geometry[0]
    assert _reasons(again, 0) == {"swapped"}


@pytest.mark.parametrize(
    ("columns", "given"),
    [
        (("经度(°)", "纬度(°)"), {}),
        (("Longitude", "LATITUDE"), {}),
        (("lng", "lat"), {}),
        (("経度", "緯度"), {}),
        (("地理经度", "地理纬度"), {}),
        (("X", "Y"), {}),
        (("列一", "列二"), {"lon": "列一", "lat": "列二"}),
    ],
)
def test_names_of_the_coordinates(write, rows, near, columns, given):
    header = ["编号", "企业名称", *columns]
    assert near(read_points(write(rows, header=header), columns=given)) == 8


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("坐标", "{lon},{lat}"), ("经纬度", "{lon}，{lat}"), ("location", "[{lon}, {lat}]"),
        ("latlng", "{lat},{lon}"), ("坐标", "{lat} {lon}"), ("WKT", "POINT ({lon} {lat})"),
        ("geometry", "SRID=4326;POINT({lon} {lat})"), ("坐标", "E{lon}，N{lat}"),
    ],
)  # fmt: skip
def test_one_column_for_both(write, rows, near, name, form):
    made = [
        {"编号": row["编号"], name: form.format(lon=row["经度"], lat=row["纬度"])} for row in rows
    ]
    assert near(read_points(write(made, delimiter="\t"))) == 8
    assert near(read_points(write(made))) == 8


def test_pairs_in_a_column_named_like_an_address_are_coordinates(write, rows, near):
    made = [{"编号": row["编号"], "位置": f"{row['经度']},{row['纬度']}"} for row in rows]
    table = read_points(write(made, delimiter=";"))
    assert near(table) == 8
    assert any("'位置' holds pairs of numbers" in note for note in table.notes)
    assert (
        read_points(write(made, delimiter=";"), columns={"address": "位置"}).counts["placed"] == 0
    )
    with_pair = [{**row, "位置": "河北省保定市雄县1,2"} for row in rows]
    assert near(read_points(write(with_pair, delimiter=";"))) == 8
    words = [{"编号": "1", "位置": "河北省保定市雄县"}, {"编号": "2", "位置": "116.4,39.9"}]
    assert read_points(write(words, delimiter=";")).report["status"].tolist() == [
        "repaired",
        "refused",
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (["lon", "经度", "lat", "name"], "'lon', '经度' could all be lon"),
        (["lng", "lng_gcj02", "lat", "lat_gcj02"], "could all be lon"),
        (["a", "b", "c", "经度"], "has '经度' but not the other coordinate"),
        (["a", "b", "c", "d"], "no column says where a row is .* 'a', 'b', 'c', 'd'"),
        (["坐标", "经纬度", "a", "b"], "could all be point"),
    ],
)
def test_ambiguity_is_refused_with_the_columns_listed(write, rows, header, message):
    with pytest.raises(InputError, match=message):
        read_points(write(rows, header=header))


def test_a_column_that_is_not_there_is_named(write, rows):
    with pytest.raises(GeoError, match="unknown column '经'"):
        read_points(write(rows), columns={"lon": "经", "lat": "纬度"})


def _shifted(rows, shift):
    out = []
    for row in rows:
        lon, lat = shift([float(row["经度"])], [float(row["纬度"])])
        out.append({**row, "经度": f"{lon[0]:.7f}", "纬度": f"{lat[0]:.7f}"})
    return out


@pytest.mark.parametrize(("datum", "shift"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
def test_a_declared_a_header_s_and_a_column_s_datum(write, rows, near, datum, shift):
    moved = _shifted(rows, shift)
    table = read_points(write(moved), datum=datum)
    assert near(table) == 8
    assert table.datum.how == "declared"
    word = {"gcj02": "高德", "bd09": "百度"}[datum]
    headed = read_points(write(moved, header=["编号", "企业名称", f"{word}经度", f"{word}纬度"]))
    assert near(headed) == 8
    assert (headed.datum.datum, headed.datum.how) == (datum, "header")
    mixed = [
        {**one, "坐标系": word if at % 2 else "WGS84"}
        for at, one in enumerate(moved[k] if k % 2 else rows[k] for k in range(8))
    ]
    by_row = read_points(write(mixed))
    assert near(by_row) == 8
    assert by_row.frame["datum_in"].tolist() == ["wgs84", datum] * 4


def test_rows_with_a_datum_that_is_not_known_are_refused(write, rows, near):
    kinds = ["WGS84", "北京54", "西安80", "火星", "本地坐标", "", "CGCS2000", "EPSG:4490"]
    table = read_points(
        write([{**row, "坐标系": kind} for row, kind in zip(rows, kinds, strict=True)])
    )
    assert [_reasons(table, at) for at in (1, 2, 4)] == [
        {"old_datum"},
        {"old_datum"},
        {"unknown_datum"},
    ]
    assert table.counts["refused"] == 3


@pytest.mark.parametrize("epsg", [4509, 4548, 4526, 32650, 3857])
@pytest.mark.parametrize("turned", [False, True])
def test_metres_need_a_name_and_northing_first_is_seen(write, truth, near, epsg, turned):
    from pyproj import Transformer

    change = Transformer.from_crs(4326, epsg, always_xy=True)
    rows = []
    for key, (_, lon, lat, _) in truth.items():
        east, north = change.transform(lon, lat)
        pair = (north, east) if turned else (east, north)
        rows.append({"编号": key, "X": f"{pair[0]:.3f}", "Y": f"{pair[1]:.3f}"})
    path = write(rows)
    with pytest.raises(InputError, match="metres; name their projection with --datum"):
        read_points(path)
    table = read_points(path, datum=f"EPSG:{epsg}")
    assert near(table) == 8
    assert table.counts["repaired"] == (8 if turned else 0)


@pytest.mark.parametrize(
    ("epsg", "hint"),
    [
        (4526, "EPSG:4526 if they are CGCS2000"),
        (4527, "EPSG:4527 if they are CGCS2000"),
        (4528, "EPSG:4528 if they are CGCS2000"),
        (4498, "EPSG:4498 if they are CGCS2000"),
        (4547, "such as EPSG:4509"),
    ],
)
def test_the_zone_number_in_an_easting_names_the_projection(write, truth, epsg, hint):
    from pyproj import Transformer

    change = Transformer.from_crs(4326, epsg, always_xy=True)
    pairs = {key: change.transform(lon, lat) for key, (_, lon, lat, _) in truth.items()}
    rows = [{"编号": key, "X": f"{y:.2f}", "Y": f"{x:.2f}"} for key, (x, y) in pairs.items()]
    with pytest.raises(InputError, match=hint):
        read_points(write(rows))


def test_two_zones_in_one_table_are_to_be_split(write):
    rows = [{"X": "4400000.0", "Y": f"{zone}500123.4"} for zone in (38, 38, 39)]
    with pytest.raises(InputError, match="split the table: .* zones 38, 39"):
        read_points(write(rows))


@pytest.mark.parametrize("datum", ["EPSG:4610", "EPSG:4214", "EPSG:2327"])
def test_old_datums_are_refused(write, rows, datum):
    with pytest.raises(CRSError, match=r"示例.csv: .*surveyors"):
        read_points(write(rows), datum=datum)


def test_a_name_of_a_datum_that_is_none(write, rows):
    with pytest.raises(CRSError, match="is not a reference system"):
        read_points(write(rows), datum="gcj-03")


def test_codes_names_and_addresses_place_what_coordinates_do_not(write):
    rows = [
        {"名称": "a", "经度": "", "纬度": "", "区划代码": "110105", "地址": ""},
        {"名称": "b", "经度": "", "纬度": "", "区划代码": "130638000000", "地址": ""},
        {
            "名称": "c",
            "经度": "0",
            "纬度": "0",
            "区划代码": "",
            "地址": "河北省石家庄市桥西区中山路",
        },
        {"名称": "d", "经度": "", "纬度": "", "区划代码": "", "地址": "桥西区中山路"},
        {"名称": "e", "经度": "", "纬度": "", "区划代码": "110103", "地址": ""},
        {"名称": "f", "经度": "", "纬度": "", "区划代码": "130323", "地址": ""},
        {"名称": "g", "经度": "116.512345", "纬度": "39.912345", "区划代码": "110105", "地址": ""},
    ]
    table = read_points(write(rows))
    assert table.frame["location_basis"].tolist() == [
        "code",
        "code",
        "address",
        "none",
        "code",
        "none",
        "coordinates",
    ]
    assert table.report["status"].tolist() == ["repaired"] * 3 + [
        "refused",
        "repaired",
        "refused",
        "placed",
    ]
    assert _reasons(table, 2) == {"null_island", "placed_by_address"}
    assert "ambiguous_county" in _reasons(table, 3)
    assert _reasons(table, 4) == {"placed_by_code", "former_unit"}
    assert "split_code" in _reasons(table, 5)
    unit = units()["110105"]
    assert (table.frame.geometry[0].x, table.frame.geometry[0].y) == (unit.lon, unit.lat)
    assert table.frame["location_accuracy_m"][0] == unit.accuracy_m > 10_000
    assert table.frame["datum_in"].isna().tolist() == [True] * 6 + [False]


def test_far_away_coordinates_are_not_overruled_by_an_address(write):
    rows = [
        {"名称": "a", "经度": "121.473701", "纬度": "31.230416", "地址": "北京市朝阳区建国路1号"}
    ]
    table = read_points(write(rows))
    assert table.counts["refused"] == 1
    assert _reasons(table, 0) == {"far_outside"}


def test_county_columns_and_credit_codes_place_rows(write):
    rows = [
        {"名称": "a", "城市": "张家口市", "区县": "桥西区", "统一社会信用代码": ""},
        {"名称": "b", "城市": "", "区县": "桥西区", "统一社会信用代码": ""},
        {"名称": "c", "城市": "", "区县": "", "统一社会信用代码": "91130638MA0ABCDE1X"},
    ]
    table = read_points(write(rows))
    assert table.report["stated_adcode"].fillna("").tolist() == ["130703", "", "130638"]


def test_points_that_coincide_are_said(write, rows):
    rows[3]["经度"], rows[3]["纬度"] = rows[0]["经度"], rows[0]["纬度"]
    table = read_points(write(rows))
    assert [at for at in range(8) if "coincident" in _reasons(table, at)] == [0, 3]
    assert table.counts["placed"] == 8


def test_stated_accuracy_is_kept_and_never_bettered(write, rows):
    made = [
        {**row, "精度(米)": value}
        for row, value in zip(rows, ["50", "", "-1", "x", "0", "2000", "1e3", "5"], strict=True)
    ]
    accuracy = read_points(write(made)).frame["location_accuracy_m"]
    assert accuracy.tolist()[0] == 50.0
    assert accuracy.tolist()[5:7] == [2000.0, 1000.0]
    assert all(value < 1 for value in accuracy.tolist()[1:5])


def test_the_datum_is_found_from_the_stated_counties(write):
    rng = np.random.default_rng(2)
    from geo.layers import read

    counties = read("counties")
    small = counties[counties["area_km2"] < 250]
    rows = []
    for code, shape in small.geometry.items():
        west, south, east, north = shape.bounds
        import shapely

        x, y = rng.uniform(west, east, 60), rng.uniform(south, north, 60)
        inside = shapely.contains_xy(shape, x, y)
        lon, lat = wgs84_to_gcj02(x[inside], y[inside])
        rows += [
            {"名称": "示例", "lng": f"{a:.6f}", "lat": f"{b:.6f}", "adcode": code}
            for a, b in zip(lon, lat, strict=True)
        ]
    table = read_points(write(rows))
    assert (table.datum.datum, table.datum.how) == ("gcj02", "evidence")
    assert set(table.frame["datum_in"]) == {"gcj02"}
    strict = read_points(write(rows[:5]))
    assert (strict.datum.datum, strict.datum.how) == ("wgs84", "assumed")
    assert strict.datum.evidence.datum is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "116.4",
                    "39.9",
                    "",
                    "x",
                    "0",
                    "１１６．３",
                    "E116.5",
                    "116°23′50″",
                    "1e9",
                    "-116",
                    "NaN",
                    "121.5",
                ]
            ),
            st.sampled_from(
                ["39.9", "116.4", "", "y", "0", "40.1", "N39", "39°54′", "91", "北纬39.9", "31.2"]
            ),
            st.sampled_from(["", "110105", "130323", "桥西区", "999999", "130638.0"]),
        ),
        min_size=1,
        max_size=25,
    )
)
@settings(max_examples=40, deadline=None)
def test_counts_add_up_whatever_the_rows(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("h") / "t.csv"
    frame = pd.DataFrame(cells, columns=["经度", "纬度", "代码"])
    frame.insert(0, "id", [f"r{at}" for at in range(len(frame))])
    frame.to_csv(path, index=False)
    table = read_points(path, columns={"code": "代码"})
    counts = table.counts
    assert counts["rows"] == len(cells)
    assert counts["placed"] + counts["repaired"] + counts["refused"] == len(cells)
    assert table.frame["id"].tolist() == frame["id"].tolist()
    refused = table.report["status"] == "refused"
    assert (table.frame.geometry.isna() == refused).all()
    assert ((table.frame["location_basis"] == "none") == refused).all()
    assert table.report.loc[refused, "reason"].ne("").all()
    assert table.report.loc[table.report["status"] == "repaired", "reason"].ne("").all()
    for joined in table.report["reason"]:
        assert set(joined.split(";")) - {""} <= set(REASONS)
