"""A way to run the real program, as a user's shell would."""

import subprocess
import sys
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def line(self):
        """The one line of an error."""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


@pytest.fixture
def jjj(tmp_path):
    def run(*words, stdin=None, env=None):
        done = subprocess.run(
            [sys.executable, "-m", "geo.cli.main", *map(str, words)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env=env,
            timeout=300,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run
