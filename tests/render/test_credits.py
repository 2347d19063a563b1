"""Sources are credited in the reader's language; what is not ours stays as it was written."""

import pytest

from geo.render.words import WORDS, worded_source
from geo.sources.registry import SOURCES


@pytest.mark.parametrize("source_id", sorted(SOURCES))
def test_every_source_has_its_title_and_credit_in_three_languages(source_id):
    said = worded_source(SOURCES[source_id].described())
    for field in ("title", "attribution"):
        assert set(said[field]) == {"zh", "en", "ja"}
        assert said[field]["en"] == getattr(SOURCES[source_id], field)
        assert len(set(said[field].values())) == 3


def test_a_text_that_was_changed_is_not_translated():
    source = SOURCES["facts"].described() | {"attribution": "another list"}
    assert worded_source(source)["attribution"] == "another list"
    assert worded_source({"attribution": "own", "title": "own"}) == {
        "attribution": "own",
        "title": "own",
    }


def test_no_words_stand_for_a_source_that_is_gone():
    assert set(WORDS) <= set(SOURCES)
