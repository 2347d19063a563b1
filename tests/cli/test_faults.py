"""What a fault leaves of an atlas and of the layers: the old whole, or the new whole."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import smoke
from started import start

PAGES = 2
INTERRUPTIBLE = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
WAIT = 300


def contents(folder):
    """Return every file, those of private folders too: none may be left."""
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if not one.is_dir()
    }


def whole_files(folder):
    """Return what a reader of the folder sees, without what a killed run left beside."""
    return {name: data for name, data in contents(folder).items() if ".tmp-jjj-" not in name}


class Run:
    """The program while it builds the atlas into ``maps`` of a folder."""

    def __init__(self, loaded, folder, **limits):
        streams = [str(folder / name) for name in ("in", "out", "err")]
        Path(streams[0]).touch()
        self.said = Path(streams[2])
        words = ["atlas", "-o", "maps"]
        limits = {"pages": PAGES, **limits}
        self.process = loaded.Process(target=start, args=(words, folder, streams), kwargs=limits)
        self.process.start()

    def end(self):
        self.process.join(WAIT)
        return self.process.exitcode

    def line(self):
        (line,) = self.said.read_text(encoding="utf-8").strip().splitlines()
        return line


@pytest.fixture(scope="module")
def new(loaded, tmp_path_factory):
    """Build the atlas once; return its files and the seconds it took."""
    folder = tmp_path_factory.mktemp("new")
    begun = time.monotonic()
    run = Run(loaded, folder)
    assert run.end() == 0, run.said.read_text()
    return contents(folder / "maps"), time.monotonic() - begun


@pytest.fixture
def old(new, tmp_path):
    """Put an older atlas there: the same names, other contents."""
    (tmp_path / "maps").mkdir()
    for name in new[0]:
        (tmp_path / "maps" / name).write_bytes(b"old " + name.encode())
    return contents(tmp_path / "maps")


def wait_for_staging(run, maps):
    while not [*maps.glob(".tmp-jjj-*/*")]:
        assert run.process.exitcode is None, "it ended before anything was staged"
        time.sleep(0.001)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["staging", "staging + 0.01 s", "staging + 0.1 s", 0.3, 0.6])
def test_a_kill_leaves_the_old_atlas_or_the_new(loaded, new, old, tmp_path, moment):
    run = Run(loaded, tmp_path)
    if isinstance(moment, str):
        wait_for_staging(run, tmp_path / "maps")
        time.sleep(float(moment.partition("+ ")[2].removesuffix(" s") or 0))
    else:
        time.sleep(new[1] * moment)
    run.process.kill()
    run.end()
    assert whole_files(tmp_path / "maps") in (old, new[0])
    again = Run(loaded, tmp_path)
    assert again.end() == 0, again.said.read_text()
    assert whole_files(tmp_path / "maps") == new[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")]
)
def test_a_signal_leaves_the_old_atlas_and_says_so(loaded, old, tmp_path, number, said):
    run = Run(loaded, tmp_path)
    wait_for_staging(run, tmp_path / "maps")
    os.kill(run.process.pid, number)
    assert run.end() == 128 + number
    assert run.line() == f"jjj: {said}; nothing was written"
    assert contents(tmp_path / "maps") == old


@pytest.mark.slow
def test_a_signal_leaves_no_folder_that_was_made_for_it(loaded, new, tmp_path):
    run = Run(loaded, tmp_path)
    while not [*tmp_path.glob("maps/.tmp-jjj-*")]:
        time.sleep(0.001)
    os.kill(run.process.pid, signal.SIGINT)
    assert run.end() == 130
    assert not (tmp_path / "maps").exists()


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_atlas(loaded, new, old, tmp_path):
    largest = max(map(len, new[0].values()))
    run = Run(loaded, tmp_path, largest_file=largest // 2)
    assert run.end() == 1
    assert "cannot be written (File too large)" in run.line()
    assert contents(tmp_path / "maps") == old


@pytest.fixture
def disk(tmp_path):
    """Mount a small disk at ``maps``; return how to mount it again with other options."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    (tmp_path / "maps").mkdir()

    def mount(options):
        return subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "none", tmp_path / "maps"], capture_output=True
        )

    if mount("size=64m").returncode:
        pytest.skip("no file system may be mounted here")
    yield lambda options: mount(f"remount,{options}")
    subprocess.run(["umount", "-l", tmp_path / "maps"], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("option", ["size", "ro"])
def test_a_small_or_read_only_disk_keeps_the_old_atlas(loaded, new, disk, tmp_path, option):
    for name in new[0]:
        (tmp_path / "maps" / name).write_bytes(b"old " + name.encode())
    before = contents(tmp_path / "maps")
    room = 4096 * (len(before) + 4) + sum(map(len, new[0].values())) // 2
    assert disk("ro" if option == "ro" else f"size={room}").returncode == 0
    run = Run(loaded, tmp_path)
    assert run.end() == 1
    why = "Read-only file system" if option == "ro" else "No space left on device"
    assert f"cannot be written ({why})" in run.line()
    assert contents(tmp_path / "maps") == before


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_keeps_the_old_atlas(loaded, old, tmp_path):
    (tmp_path / "maps").chmod(0o555)
    run = Run(loaded, tmp_path)
    assert run.end() == 1
    assert "cannot be written (Permission denied)" in run.line()
    assert contents(tmp_path / "maps") == old


@pytest.mark.slow
def test_two_at_once_leave_one_whole_atlas(loaded, new, old, tmp_path):
    runs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "maps").symlink_to(tmp_path / "maps")
        runs.append(Run(loaded, tmp_path / name))
    assert [run.end() for run in runs] == [0, 0]
    assert contents(tmp_path / "maps") == new[0]


@pytest.mark.slow
def test_a_closed_stdout_does_not_harm_the_atlas(new, tmp_path):
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import started, os\n"
        f"started.cut({PAGES})\n"
        "started.run(['atlas', '-o', 'maps'])\n"
    )
    done = subprocess.run(
        ["bash", "-c", 'exec "$0" -c "$1" "$2" >&-', sys.executable, program, Path(__file__).parent],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    assert re.fullmatch(r"\d+ files in [\d.]+ s\n", done.stderr)
    assert contents(tmp_path / "maps") == new[0]


@pytest.fixture
def layers(data_packages, tmp_path):
    """Make a private copy of the program with a damaged layer; return how to build it again."""
    own = tmp_path / "own"
    smoke.private_copy(own)
    (own / "layers" / "jjj" / "terrain.tif").write_bytes(b"old")

    def begin():
        return subprocess.Popen(
            [sys.executable, "-m", "geo.cli.main", "layers", "build", "terrain"],
            env={**os.environ, "PYTHONPATH": str(own)}, cwd=tmp_path,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            **INTERRUPTIBLE,
        )  # fmt: skip

    return own / "layers" / "jjj", begin


@pytest.mark.slow
@pytest.mark.sources
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("wait_s", [0, 0.01])
def test_the_layers_are_the_old_or_the_new_whatever_ends_the_build(layers, number, wait_s):
    folder, begin = layers
    old = contents(folder)
    with begin() as run:
        while not [*folder.glob(".tmp-jjj-*")]:
            assert run.poll() is None, "it ended before anything was staged"
            time.sleep(0.0005)
        time.sleep(wait_s)
        run.send_signal(number)
        said = run.communicate(timeout=WAIT)[1]
    left = whole_files(folder) if number == signal.SIGKILL else contents(folder)
    with begin() as again:
        assert again.wait(WAIT) == 0
    assert left in (old, whole_files(folder))
    if number != signal.SIGKILL and left == old:
        assert run.returncode == 128 + number
        assert "nothing was written" in said.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.sources
def test_a_disk_too_small_for_a_layer_leaves_the_old_ones(layers):
    folder, begin = layers
    old = contents(folder)
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        run = begin()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = run.communicate(timeout=WAIT)[1]
    assert run.returncode == 1
    assert said.splitlines()[-1].startswith("jjj: ")
    assert "Traceback" not in said
    assert contents(folder) == old
