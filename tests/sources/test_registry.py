"""Every source says whose it is, under which terms, in which datum."""

import re

import pytest

from geo.datum import DATUMS
from geo.errors import UnknownIdError
from geo.sources.registry import SOURCES, source


@pytest.mark.parametrize("source_id", SOURCES)
def test_the_credit_is_never_empty(source_id):
    one = source(source_id)
    for field in ("title", "publisher", "licence", "attribution", "vintage"):
        assert getattr(one, field).strip(), field
    assert one.datum in DATUMS
    if one.package:
        assert re.fullmatch(r"[0-9a-f]{64}", one.sha256)
        assert one.version
        assert one.path
    assert "" not in one.described().values()


def test_what_is_committed_is_never_in_a_shifted_datum_or_amaps():
    from geo.layers.specs import specs

    for fixed in specs().vector.values():
        for source_id in fixed.sources:
            found = source(source_id) if isinstance(source_id, str) else source_id
            assert found.datum in ("wgs84", "cgcs2000")
            assert "Amap" not in found.publisher


def test_openstreetmap_is_credited_in_its_own_words():
    for one in SOURCES.values():
        if "ODbL" in one.licence:
            assert "© OpenStreetMap contributors" in one.attribution


def test_an_unknown_source_names_the_nearest():
    with pytest.raises(UnknownIdError, match="nearest: geonames"):
        source("geoname")
