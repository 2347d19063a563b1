"""Every command runs; ``make floors`` runs the same list on the oldest libraries."""

import pytest
import smoke


def test_every_command_has_a_line():
    assert set(smoke.SMOKE) == smoke.commands()


@pytest.mark.parametrize("command", sorted(smoke.SMOKE))
def test_the_command_runs(command, request, tmp_path):
    if command == "layers build":
        request.getfixturevalue("data_packages")
        assert smoke.defects(command, smoke.started, tmp_path) == []
        return
    jjj = request.getfixturevalue("jjj")

    def run(words, _):
        ran = jjj(*words)
        return ran.code, ran.out, ran.err

    assert smoke.defects(command, run, tmp_path) == []


def test_what_is_wrong_is_found(tmp_path):
    spoilt = [
        (1, "", "jjj: no"),
        (0, "", "jjj: a defect of this program, please report it"),
        (0, "", ""),
    ]
    for ends in spoilt:
        (said,) = smoke.defects("claims", lambda *_, ends=ends: ends, tmp_path)
        assert said.startswith("jjj claims -o claims.csv")
        assert "claims.csv is missing or empty" in said
