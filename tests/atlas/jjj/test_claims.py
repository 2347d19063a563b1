"""Each claim has its row; numbers come from the tables, not from the text."""

import re

import pandas as pd
import pytest

from geo.atlas.jjj.claims import VERDICTS, Evidence, check_claims, shipped_evidence
from geo.errors import InputError
from geo.layers import read_table

PROVINCES = ("110000", "120000", "130000")


@pytest.fixture(scope="module")
def evidence():
    return shipped_evidence()


@pytest.fixture(scope="module")
def checked(evidence):
    return check_claims(read_table("claims"), evidence).set_index("claim")


def test_every_claim_is_there_once_in_three_languages(checked):
    claims = read_table("claims")
    assert checked.index.tolist() == claims.figure_id.tolist()
    for stem in ("said", "computed", "verdict"):
        for lang in ("zh", "en", "ja"):
            assert (checked[f"{stem}_{lang}"].str.len() > 0).all()
    assert checked.verdict.value_counts().to_dict() == {
        "unconfirmed": 15, "confirmed": 3, "confirmed-with-correction": 3,
    }  # fmt: skip


def test_eleven_periods_not_twelve(checked):
    text = checked.computed_en["coauthor-cagr"]
    assert "6.53" in text
    assert "7.74" in text


def test_the_correction_of_the_contracts_is_carried(checked):
    text = checked.computed_en["tech-contracts"]
    assert text.count("2,308.7") == 2
    assert "3,200" in text
    assert "2,308.7" in checked.caveat_ja["tech-contracts"]
    # 1.7 as a ratio would need 3200 / 1.7 = 1882 in five of seven years that sum to 1410
    assert "1,882" in checked.computed_en["tech-contracts-ratio"]
    assert "2.27" in checked.computed_en["tech-contracts-ratio"]


def test_the_studys_axis_is_the_outlines_not_the_plans(checked):
    shares = [int(one) for one in re.findall(r"(\d+)%", checked.computed_en["network-axes"])]
    assert shares[0] >= 95
    assert shares[1] <= 20


def test_statements_without_a_figure_are_held_against_published_totals(checked, evidence):
    totals = evidence.coverage.set_index(["category", "province_adcode"]).published_total
    text = checked.computed_en["resources-uneven"]
    labs = [int(totals["national_laboratory_or_key_lab", one]) for one in PROVINCES]
    assert f"Beijing {labs[0]}, Tianjin {labs[1]}, Hebei at least {labs[2]}" in text
    assert f"about {labs[0] / sum(labs):.0%}" in text
    for one in PROVINCES:
        assert totals["university", one] in text
    roles = evidence.facilities.role.value_counts()
    text = checked.computed_zh["division-of-labour"]
    assert f"{roles.research} 处研发设施" in text
    assert f"应用类设施仅 {roles.application} 处" in text


def test_numbers_follow_the_tables(evidence):
    contracts = evidence.contracts.copy()
    contracts.loc[contracts.period == "2021", "value_100m_yuan"] = "450.4"
    changed = Evidence(**{**vars(evidence), "contracts": contracts, "firms": evidence.firms[:0]})
    found = check_claims(read_table("claims"), changed).set_index("claim")
    assert "2,408.7" in found.computed_en["tech-contracts"]
    assert "has 0 in Xiong'an" in found.computed_en["xiongan-firms"]


def test_no_computation_confirms_anything(checked):
    stated = read_table("claims").set_index("figure_id").verdict
    pd.testing.assert_series_equal(checked.verdict, stated, check_names=False)
    assert set(stated) <= set(VERDICTS)


def test_a_broken_table_is_named(evidence):
    claims = read_table("claims")
    with pytest.raises(InputError, match="verdict 'true'"):
        check_claims(claims.assign(verdict="true"), evidence)
    with pytest.raises(InputError, match="column source is missing"):
        check_claims(claims.drop(columns="source"), evidence)
