"""Places that tables name: shapes of one level, provinces of all levels, lines between them."""

import pandas as pd
import pytest

from geo.errors import InputError
from geo.layers import read
from geo.layers.places import link_lines, top_units_of, unit_shapes

COUNTIES = read("counties")


def test_every_county_has_its_own_shape_and_province_by_code():
    codes = COUNTIES.index[::-1]
    names = pd.Series(codes, index=range(100, 100 + len(codes)))
    shapes = unit_shapes(names)
    assert shapes.index.equals(names.index)
    assert shapes.geom_equals(COUNTIES.geometry.loc[codes].set_axis(names.index)).all()
    wanted = read("provinces").name_zh[COUNTIES.province_adcode[codes]].tolist()
    assert top_units_of(names).tolist() == wanted


def test_names_of_each_level_with_and_without_their_suffix():
    for names in (["北京", "唐山市"], ["河北", "天津市"], ["容城县", "110101"]):
        assert not unit_shapes(pd.Series(names)).is_empty.any()
    # a level has all of them or none: a city and a county together have no common shape
    assert unit_shapes(pd.Series(["唐山市", "容城县"])) is None


def test_a_name_that_two_units_share_has_no_shape():
    # 桥西区 is in Shijiazhuang and in Zhangjiakou, 河北区 in Tianjin and not the province
    assert unit_shapes(pd.Series(["桥西区"])) is None
    assert top_units_of(pd.Series(["桥西区", "河北区"])).tolist() == ["河北省", "天津市"]


def test_a_name_of_two_provinces_is_refused():
    shared = COUNTIES.groupby("name_zh").province_adcode.nunique()
    for name in shared.index[shared > 1]:
        with pytest.raises(InputError, match="is not a county"):
            top_units_of(pd.Series([name]))


def test_lines_run_between_the_seats_and_inside_a_place_have_no_length():
    links = pd.DataFrame({"o": ["北京", "北京", "河北"], "d": ["天津", "北京市", "雄安新区"]})
    lines = link_lines(links, "o", "d")
    assert lines.iloc[1].length == 0
    assert lines.iloc[0].length > 0.5
    # a province of many cities is drawn from within, not from its capital
    start = lines.iloc[2].boundary.geoms[0]
    assert read("provinces").geometry["130000"].contains(start)
    with pytest.raises(InputError, match="'上海' is not one of the 13 cities"):
        link_lines(links.assign(d="上海"), "o", "d")
