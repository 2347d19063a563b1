"""A way to run the real program, as a user's shell would, without loading libraries each time."""

import multiprocessing
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from started import start

LOADED = (
    "geopandas", "networkx", "openpyxl", "pyarrow.parquet", "pyogrio", "rasterio.features",
    "scipy.ndimage", "scipy.sparse.csgraph", "scipy.spatial", "scipy.stats",
    "geo.atlas", "geo.cli.main", "geo.cli.results", "geo.formats", "geo.render", "geo.streams",
)  # fmt: skip
SECONDS = 300


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


@pytest.fixture(scope="session")
def loaded():
    """Start a process that has the libraries loaded, runs nothing, and forks for each command."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*LOADED, "started"])
    return context


@pytest.fixture
def jjj(tmp_path, tmp_path_factory, loaded):
    """Run ``jjj``; with ``env`` or ``fresh`` in an interpreter that starts from nothing."""

    def cold(words, stdin, env):
        return subprocess.run(
            [sys.executable, "-m", "geo.cli.main", *words],
            input=stdin, capture_output=True, cwd=tmp_path, env=env, timeout=SECONDS,
        )  # fmt: skip

    def warm(words, stdin):
        beside = tmp_path_factory.mktemp("streams")
        streams = [str(beside / name) for name in ("in", "out", "err")]
        Path(streams[0]).write_bytes(stdin or b"")
        program = loaded.Process(target=start, args=(words, str(tmp_path), streams))
        program.start()
        program.join(SECONDS)
        if program.exitcode is None:
            program.kill()
            raise subprocess.TimeoutExpired(words, SECONDS)
        out, err = (Path(one).read_bytes() for one in streams[1:])
        return subprocess.CompletedProcess(words, program.exitcode, out, err)

    def run(*words, stdin=None, env=None, fresh=False):
        plain = [*map(str, words)]
        done = cold(plain, stdin, env) if env is not None or fresh else warm(plain, stdin)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run
