"""jjj coordination on files and pipes."""

import csv
import io
import json

import pytest

from geo.analysis.coordination.coupling import REFUSED_VARIANTS

TABLE = (
    "city,year,papers,patents,output,waste\n"
    "北京,2010,1,5,3,9\n北京,2020,9,9,4,5\n天津,2010,2,3,5,8\n天津,2020,3,4,9,1\n河北,2020,,1,1,1\n"
)
WORDS = (
    "coordination",
    "-",
    "--unit",
    "city",
    "--year",
    "year",
    "--subsystem",
    "innovation=papers,patents",
    "--subsystem",
    "industry=output",
)


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_degree_by_unit_and_year_with_classes_in_three_languages(jjj):
    ran = jjj(*WORDS, stdin=TABLE.encode())
    found = rows(ran.out)
    assert len(found) == 4
    for row in found:
        c, t, d = (float(row[k] or "nan") for k in ("coupling", "level", "degree"))
        assert row["coupling"] == "" or d == pytest.approx((c * t) ** 0.5, abs=1e-6)
        assert bool(row["class_zh"]) == bool(row["class_en"]) == bool(row["class_ja"])
    assert "1 an indicator is missing" in ran.err or "left out" in ran.err


def test_a_layer_has_shapes_formula_and_weights(jjj, tmp_path):
    (tmp_path / "w.yaml").write_text(
        "innovation: {papers: 0.5, patents: 0.5}\nlevel: {innovation: 0.6, industry: 0.4}\n"
    )
    ran = jjj(*WORDS, "--weights", "w.yaml", "-o", "d.geojson", stdin=TABLE.encode())
    assert ran.code == 0
    found = json.loads((tmp_path / "d.geojson").read_text(encoding="utf-8"))
    assert found["provenance"]["results"][0]["formula"]["id"] == "coupling-coordination"
    assert found["provenance"]["parameters"]["weights"]["level"] == {
        "industry": 0.4,
        "innovation": 0.6,
    }
    assert {one["geometry"]["type"] for one in found["features"]} <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize("variant", list(REFUSED_VARIANTS))
def test_wrong_variants_are_refused_by_name(jjj, variant):
    ran = jjj(*WORDS, "--variant", variant, stdin=TABLE.encode())
    assert ran.code == 1
    assert ran.line.startswith(f"jjj: refused: {REFUSED_VARIANTS[variant][:40]}")
    assert ran.out == ""


def test_lower_is_better_turns_an_indicator_round(jjj):
    words = [*WORDS[:-1], "industry=waste"]
    plain = rows(jjj(*words, stdin=TABLE.encode()).out)
    turned = rows(jjj(*words, "--lower-is-better", "waste", stdin=TABLE.encode()).out)
    for one, other in zip(plain, turned, strict=True):
        assert float(one["industry"]) + float(other["industry"]) == pytest.approx(1)


def test_errors_are_one_line(jjj, tmp_path):
    assert jjj("coordination").code == 2
    assert jjj(*WORDS[:-2], stdin=TABLE.encode()).code == 2
    assert (
        "standard input: unknown column 'paper'; nearest: papers"
        in jjj(
            *WORDS[:6], "--subsystem", "a=paper", "--subsystem", "b=output", stdin=TABLE.encode()
        ).line
    )
    (tmp_path / "w.yaml").write_text("a: &x {papers: 1}\nb: *x\n")
    assert (
        "w.yaml: line 2: aliases" in jjj(*WORDS, "--weights", "w.yaml", stdin=TABLE.encode()).line
    )


def test_one_subsystem_is_enough_to_weigh_its_indicators_and_none_is_not(jjj, tmp_path):
    (tmp_path / "t.csv").write_text("city,x,y\n甲,1,5\n乙,2,3\n丙,4,1\n")
    words = ("coordination", "t.csv", "--unit", "city", "--measure", "weights")
    found = rows(jjj(*words, "--subsystem", "one=x,y").out)
    assert [one["indicator"] for one in found] == ["x", "y"]
    none = jjj(*words)
    assert (none.code, "weights need one subsystem or more, 0 given" in none.line) == (2, True)
    text = jjj(*words, "--subsystem", "one=x,city")
    assert (text.code, text.line) == (1, "jjj: t.csv: column city: no cell is a number")


def test_explain(jjj):
    ran = jjj("coordination", "--explain")
    assert "C = n" in ran.out
    assert "Wang" in ran.out


def test_a_recalled_formula_says_so_and_an_unknown_measure_names_the_nearest(jjj):
    ran = jjj(*WORDS, "--variant", "modified", stdin=TABLE.encode())
    assert ran.code == 0
    assert "recalled, not re-read; confirm it against the paper" in ran.err
    assert "nearest: synergy" in jjj("coordination", "--measure", "synergi").line


def test_synergy_weights_and_index(jjj):
    found = rows(jjj(*WORDS, "--measure", "synergy", stdin=TABLE.encode()).out)
    assert [(one["unit"], one["year"]) for one in found] == [("北京", "2020"), ("天津", "2020")]
    found = rows(jjj(*WORDS, "--measure", "weights", stdin=TABLE.encode()).out)
    assert sum(float(one["weight"]) for one in found if one["subsystem"] == "innovation") == (
        pytest.approx(1)
    )
    assert {one["shift"] for one in found} == {"0.0001"}
    ran = jjj("coordination", "development_index", "--measure", "index")
    latest = next(one for one in rows(ran.out) if one["year"] == "2024")
    assert float(latest["mean_of_five"]) == pytest.approx(154.14)
