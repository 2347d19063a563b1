"""Headers as strangers write them."""

import pytest

from geo.door.headers import find_roles, role_of, stated_datum
from geo.errors import InputError


@pytest.mark.parametrize(
    ("name", "role", "datum"),
    [
        ("BD_Lng", "lon", "bd09"),
        ("lng_bd", "lon", "bd09"),
        ("bdLat", "lat", "bd09"),
        ("lng火星", "lon", "gcj02"),
        ("gcj_lat", "lat", "gcj02"),
        ("wgs_lon", "lon", "wgs84"),
        ("location.lng", "lon", None),
        ("geometry.location.lat", None, None),
        ("abdlng", None, None),
    ],
)
def test_a_header_says_its_role_and_its_datum(name, role, datum):
    assert (role_of(name), stated_datum(name)) == (role, datum)


def test_a_misspelt_latitude_counts_only_beside_a_longitude():
    found = find_roles(["名称", "经度", "维度"])
    assert found.columns["lat"] == "维度"
    assert "维度" in " ".join(found.notes)
    with pytest.raises(InputError, match="no column says where"):
        find_roles(["名称", "维度"])
    assert find_roles(["经度", "纬度", "维度"]).columns["lat"] == "纬度"


def test_the_one_address_of_an_office_is_an_address():
    found = find_roles(["序号", "机构名称", "机构地址"])
    assert found.columns["address"] == "机构地址"
    assert find_roles(["地址", "机构地址"]).columns["address"] == "地址"
