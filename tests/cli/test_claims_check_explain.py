"""``jjj claims``, ``jjj check growth`` and ``jjj explain`` as a user's shell runs them."""

import json
import os
import pty
import subprocess
import sys

import pandas as pd
import pytest


def test_growth_counts_periods(jjj):
    done = jjj("check", "growth", "71.2", "748.7", "2013", "2023")
    assert done.code == 0, done.err
    assert done.out.startswith("26.5% a year over 10 periods, x10.5\n")
    assert "23.8%" in done.out  # what counting 11 years would give
    assert "base" in done.out
    assert "vintage" in done.out


def test_a_fall_is_growth_too(jjj):
    assert jjj("check", "growth", "100", "50", "2020", "2021").out.startswith("-50.0% a year")


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("0", "5", "2013", "2023"), 1, "growth from 0"),
        (("5", "5", "2023", "2013"), 1, "later year second"),
        (("-5", "5", "2013", "2023"), 1, "not negative"),
        (("nan", "5", "2013", "2023"), 1, "not negative"),
        (("a", "5", "2013", "2023"), 2, "Invalid value for 'X0'"),
        (("1", "2", "2013"), 2, "Missing argument"),
    ],
)
def test_what_has_no_growth_is_refused(jjj, words, code, part):
    done = jjj("check", "growth", *words)
    assert done.code == code
    assert part in done.line
    assert done.out == ""


def test_claims_as_table_and_page(jjj, tmp_path):
    done = jjj("claims", "-o", "c.csv", "--html", "c.html", "--lang", "ja")
    assert done.code == 0, done.err
    table = pd.read_csv(tmp_path / "c.csv")
    assert len(table) == 21
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert '<html lang="ja">' in page
    for text in table.computed_zh:
        assert text in page
    assert "unconfirmed 15" in done.err
    again = jjj("claims", "-o", "c.csv")
    assert again.code == 1
    assert "--overwrite" in again.line


def test_explain_a_file_a_page_and_a_formula(jjj, tmp_path):
    assert jjj("plan", "circles", "-o", "circles.geojson").code == 0
    done = jjj("explain", "circles.geojson", "--lang", "zh")
    assert done.code == 0, done.err
    assert "现代化首都都市圈空间协同规划" in done.out
    assert "exclusive_k" in done.out
    assert "未经确认" in done.out
    raw = json.loads(jjj("explain", "circles.geojson", "--json").out)
    assert raw["plan"]["unconfirmed_units"]["commuting"] == 12
    assert "Scorecard" in jjj("explain", "scorecard").out
    jjj("claims", "-o", "c.csv", "--html", "c.html")
    assert "tech_contracts" in jjj("explain", "c.html").out


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("none.geojson",), "no such file"),
        (("none.geojson", "--lang", "fr"), "unknown language 'fr'"),
    ],
)
def test_explain_refuses_in_one_line(jjj, words, part):
    done = jjj("explain", *words)
    assert done.code == 1
    assert part in done.line


def test_a_language_that_is_none_is_refused_before_anything_is_written(jjj, tmp_path):
    ran = jjj("claims", "--lang", "fr", "-o", "c.csv")
    assert (ran.code, "unknown language 'fr'" in ran.line) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_control_signs_of_a_file_do_not_reach_the_terminal(jjj, tmp_path):
    (tmp_path / "x.geojson").write_text('{"provenance": {"title": "a\\u001b[31mb\\nc"}}')
    done = jjj("explain", "x.geojson")
    assert "\x1b" not in done.out
    assert done.out.count("\n") == 1


def test_a_terminal_shows_the_claims_in_one_language():
    leader, follower = pty.openpty()
    words = [sys.executable, "-m", "geo.cli.main", "claims", "--lang", "en"]
    with subprocess.Popen(words, stdout=follower, stderr=subprocess.DEVNULL) as run:
        os.close(follower)
        said = bytearray()
        while True:
            try:
                part = os.read(leader, 4096)
            except OSError:  # Linux says so at the end
                break
            if not part:
                break
            said += part
    os.close(leader)
    text = said.decode("utf-8")
    assert run.returncode == 0
    assert "[Confirmed with a correction] Technology contracts" in text
    assert "Source: " in text
    assert "核实" not in text
