"""The register: every formula is whole, in three languages, and can be explained."""

import pytest

from geo.analysis.result import explain, formula, formula_ids
from geo.errors import UnknownIdError


@pytest.mark.parametrize("formula_id", formula_ids())
def test_every_formula_is_whole(formula_id):
    one = formula(formula_id)
    for text in (one.name, one.caveat):
        assert all(part.strip() == part != "" for part in (text.zh, text.en, text.ja))
    assert one.text
    assert one.references
    assert "\n" not in one.text


@pytest.mark.parametrize("lang", ["zh", "en", "ja"])
def test_explain_prints_formula_reference_and_caveat_in_each_language(lang):
    one = formula("coupling-coordination")
    shown = explain(one.formula_id, lang=lang)
    assert one.text in shown
    assert one.references[0] in shown
    assert one.caveat.described()[lang] in shown


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(UnknownIdError, match="nearest: moran"):
        formula("morann")
    with pytest.raises(UnknownIdError, match="language"):
        explain("moran", lang="fr")
