"""Messages name what is wrong and what would be right."""

import pytest

from geo import errors


def test_every_error_is_a_geo_error_and_a_built_in():
    for name in filter(lambda one: one[0].isupper(), errors.__all__):
        kind = getattr(errors, name)
        assert issubclass(kind, errors.GeoError)
        assert kind is errors.GeoError or kind.__mro__[-3] is Exception or len(kind.__bases__) == 2


def test_unknown_id_lists_the_nearest():
    error = errors.UnknownIdError(
        "axis", "plan-jinjing", ["plan-jingjin", "plan-jingxiong", "study-main"]
    )
    assert "nearest: plan-jingjin, plan-jingxiong" in str(error)


def test_unknown_id_without_anything_near():
    assert str(errors.UnknownIdError("axis", "zzz", [])) == "unknown axis 'zzz'; known: none"


def test_layer_error_keeps_all_defects():
    error = errors.LayerError("towns", ["first", "second"])
    assert error.defects == ["first", "second"]
    assert "first; second" in str(error)


def test_errors_can_be_caught_by_their_built_in():
    with pytest.raises(ValueError, match="bad"):
        raise errors.InputError("bad")
