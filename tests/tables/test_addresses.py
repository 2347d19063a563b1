import pytest

from geo.region import open_region
from geo.tables.addresses import find_county, parse_address
from tables.address_patterns import FIXED, made


def test_no_made_address_goes_to_a_wrong_county():
    pairs = made()
    assert len(pairs) >= 500
    wrong = [
        (text, code, parse_address(text))
        for text, code in pairs
        if parse_address(text).adcode not in (code, None)
    ]
    assert wrong == []


def test_nearly_every_made_address_that_states_a_county_is_found():
    stating = [(text, code) for text, code in made() if code is not None]
    missed = [text for text, code in stating if parse_address(text).adcode is None]
    assert len(missed) <= 0.005 * len(stating), missed


@pytest.mark.parametrize(("text", "code"), FIXED, ids=[text for text, _ in FIXED])
def test_addresses_one_by_one(text, code):
    assert parse_address(text).adcode == code
    assert bool(parse_address(text).reason) == (code is None)


def test_register_addresses_of_the_shipped_firms_agree_with_their_county():
    table = open_region().table("firms")
    seen = table["checked_against"].str.extract(r"register address in view: ([^;]+)")[0]
    found = {
        text: (code, parse_address(text).adcode)
        for text, code in zip(seen, table["adcode"], strict=True)
        if isinstance(text, str)
    }
    assert len(found) == 35
    differing = {text for text, (code, told) in found.items() if told not in (code, None)}
    # these three are registered elsewhere than they sit; the table says so
    assert differing == {
        "北京市朝阳区酒仙桥路10号",
        "北京市北京经济技术开发区西环南路8号",
        "北京市东城区朝阳门北大街9号",
    }
    assert sum(told is None for _, told in found.values()) == 6  # five state no county, one a zone


def test_county_columns_are_resolved_by_their_city():
    assert find_county("新华区", "沧州市").adcode == "130902"
    assert find_county("新华区", "石家庄").adcode == "130105"
    assert find_county("新华区", None).reason == "ambiguous_county"
    assert find_county("固安", "廊坊市", "河北省").adcode == "131022"
    assert find_county("东城区", "北京市", "北京市").adcode == "110101"
    assert find_county(None, "廊坊市").reason == "no_address"
    assert find_county("浦东新区", "上海市").reason == "outside_region"


@pytest.mark.parametrize(
    "cell", [None, "", "  ", 5, float("nan"), "x" * 100_000, "\ud800", "{{7*7}}"]
)
def test_anything_may_stand_in_an_address_cell(cell):
    assert parse_address(cell).adcode is None
