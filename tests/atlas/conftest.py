"""The real program, for comparing its tables with those of the maps."""

import subprocess
import sys

import pytest


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
