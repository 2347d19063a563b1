"""The real program, for comparing its tables with those of the maps."""

import subprocess
import sys

import pytest

from geo.atlas import build


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Return the publication, built once."""
    place = tmp_path_factory.mktemp("atlas") / "maps"
    build(place)
    return place


@pytest.fixture
def jjj_run(tmp_path):
    def run(*words):
        subprocess.run(
            [sys.executable, "-m", "geo.cli.main", *map(str, words)],
            check=True,
            capture_output=True,
            cwd=tmp_path,
        )

    return run
