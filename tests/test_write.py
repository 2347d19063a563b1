"""Outputs are whole or not there, and published together."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from geo import write
from geo.errors import OutputError
from geo.write import Outputs


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_outputs_appear_together_at_the_end(tmp_path):
    with Outputs() as outputs:
        outputs.text(tmp_path / "a.txt", "a")
        outputs.text(tmp_path / "b.txt", "b")
        assert not (tmp_path / "a.txt").exists()
        assert [path.name for path in outputs.targets] == ["a.txt", "b.txt"]
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_an_error_in_the_block_leaves_the_old_files_and_no_trace(tmp_path):
    (tmp_path / "a.txt").write_text("old")

    def fail():
        with Outputs(overwrite=True) as outputs:
            outputs.text(tmp_path / "a.txt", "new")
            outputs.text(tmp_path / "b.txt", "new")
            raise KeyError("later step")

    with pytest.raises(KeyError):
        fail()
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_fill_that_fails_is_named_and_changes_nothing(tmp_path):
    (tmp_path / "a.txt").write_text("old")

    def half(path):
        path.write_text("ha")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"a\.txt: cannot be written \(No space left"):
        with Outputs(overwrite=True) as outputs:
            outputs.add(tmp_path / "a.txt", half)
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_result_that_reads_back_short_is_refused(tmp_path):
    def check(path):
        raise OutputError(f"{path.suffix} reads back 1 row of 2")

    with pytest.raises(OutputError, match="reads back 1 row of 2"):
        with Outputs() as outputs:
            outputs.add(tmp_path / "a.csv", lambda path: path.write_text("x"), check)
    assert names(tmp_path) == []


def test_if_a_later_rename_fails_the_earlier_ones_are_undone(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    (one / "a.txt").write_text("old")
    with pytest.raises(OutputError, match="cannot be replaced|appeared"):
        with Outputs(overwrite=True) as outputs:
            outputs.text(one / "a.txt", "new")
            outputs.text(one / "c.txt", "new")
            outputs.text(two / "b.txt", "new")
            (two / "b.txt").mkdir()
    assert (one / "a.txt").read_text() == "old"
    assert names(one) == ["a.txt"]


def test_a_file_that_exists_needs_overwrite(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(OutputError, match="exists already; --overwrite"):
        Outputs().text(target, "new")
    with Outputs(overwrite=True) as outputs:
        outputs.text(target, "new")
    assert target.read_text() == "new"


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path):
    target = tmp_path / "a.txt"
    with pytest.raises(OutputError, match="appeared while this ran"):
        with Outputs() as outputs:
            outputs.text(target, "mine")
            target.write_text("theirs")
    assert target.read_text() == "theirs"


@pytest.mark.parametrize(
    "bad", ["/vsimem/a.txt", "https://example.org/a.txt", "/dev/null", "/dev/stdout"]
)
def test_only_regular_files_are_written(bad):
    with pytest.raises(OutputError, match="only regular files"):
        Outputs().text(bad, "x")


def test_a_folder_a_missing_folder_and_a_fifo_are_refused(tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        Outputs().text(tmp_path, "x")
    with pytest.raises(OutputError, match="does not exist"):
        Outputs().text(tmp_path / "no" / "a.txt", "x")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="not a regular file"):
        Outputs(overwrite=True).text(tmp_path / "pipe", "x")


def test_two_outputs_cannot_be_one_file(tmp_path):
    with pytest.raises(OutputError, match="same file"):
        with Outputs() as outputs:
            outputs.text(tmp_path / "a.txt", "x")
            outputs.text(tmp_path / "." / "a.txt", "y")


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    with Outputs(overwrite=True) as outputs:
        outputs.text(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_the_mode_follows_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        with Outputs() as outputs:
            outputs.text(tmp_path / "a.txt", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_a_name_of_255_bytes_works(tmp_path):
    target = tmp_path / ("京" * 83 + "a.txt")
    with Outputs() as outputs:
        outputs.text(target, "x")
    assert target.read_text() == "x"


def test_what_a_killed_run_left_is_swept_after_a_day_but_not_before(tmp_path):
    old, fresh = tmp_path / ".tmp-jjj-old", tmp_path / ".tmp-jjj-fresh"
    old.mkdir()
    fresh.mkdir()
    os.utime(old, (time.time() - 90_000,) * 2)
    with Outputs() as outputs:
        outputs.text(tmp_path / "a.txt", "x")
    assert names(tmp_path) == [".tmp-jjj-fresh", "a.txt"]


SLOW_RUN = textwrap.dedent("""
    import signal, sys, time
    from pathlib import Path
    from geo.write import Outputs
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background ignores it
    def fill(path):
        path.write_text("half")
        print("filling", flush=True)
        time.sleep(30)
    with Outputs(overwrite=True) as outputs:
        outputs.add(Path(sys.argv[1]) / "a.txt", fill)
""")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_the_old_file(tmp_path, number):
    (tmp_path / "a.txt").write_text("old")
    run = subprocess.Popen(
        [sys.executable, "-c", SLOW_RUN, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert run.stdout.readline() == b"filling\n"
    run.send_signal(number)
    run.communicate()
    assert run.returncode != 0
    assert (tmp_path / "a.txt").read_text() == "old"
    if number == signal.SIGINT:
        assert names(tmp_path) == ["a.txt"]


def test_stdout_gets_the_whole_text(capfdbinary):
    with Outputs() as outputs:
        outputs.text("-", "一行\n")
    assert capfdbinary.readouterr().out == "一行\n".encode()


def test_folders_are_made_when_asked_and_removed_when_the_run_fails(tmp_path):
    deep = tmp_path / "a" / "b"
    with pytest.raises(RuntimeError):
        with Outputs(make_folders=True) as outputs:
            outputs.text(deep / "x.txt", "x")
            raise RuntimeError
    assert names(tmp_path) == []
    with Outputs(make_folders=True) as outputs:
        outputs.text(deep / "x.txt", "x")
    assert names(deep) == ["x.txt"]


def set_of(outputs, folder, parts, beside=(".b", ".c", ".d"), name="x.a"):
    """Stage a set: the main file with the parts that are named, each with its own name in it."""

    def fill(path):
        path.write_text("new")
        for suffix in parts:
            path.with_suffix(suffix).write_text(f"new {suffix}")

    outputs.add_set(folder / name, fill, beside=beside)


def texts(folder):
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_a_set_is_replaced_whole_and_parts_it_lacks_go(tmp_path):
    for name in ("x.a", "x.b", "x.d", "x.D", "x.e", "xy.d"):
        (tmp_path / name).write_text("old")
    with Outputs(overwrite=True) as outputs:
        set_of(outputs, tmp_path, [".b", ".c"])
        assert sorted(path.name for path in outputs.targets) == ["x.a", "x.b", "x.c"]
        assert texts(tmp_path)["x.d"] == "old"
    assert texts(tmp_path) == {
        "x.a": "new", "x.b": "new .b", "x.c": "new .c", "x.e": "old", "xy.d": "old",
    }  # fmt: skip
    assert len(names(tmp_path)) == 5


def test_a_set_is_undone_whole(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    for name in ("x.a", "x.b", "x.d"):
        (one / name).write_text("old")
    with pytest.raises(OutputError, match="cannot be replaced"):
        with Outputs(overwrite=True) as outputs:
            set_of(outputs, one, [".b", ".c"])
            outputs.text(two / "b.txt", "new")
            (two / "b.txt").mkdir()
    assert texts(one) == {"x.a": "old", "x.b": "old", "x.d": "old"}
    assert names(one) == ["x.a", "x.b", "x.d"]


@pytest.mark.parametrize("there", ["x.a", "x.b", "x.d", "x.D"])
def test_any_file_of_a_set_needs_overwrite(tmp_path, there):
    (tmp_path / there).write_text("mine")
    with pytest.raises(OutputError, match=rf"{there}: exists already; --overwrite"):
        with Outputs() as outputs:
            set_of(outputs, tmp_path, [".b"])
    assert texts(tmp_path) == {there: "mine"}


def test_parts_that_appear_meanwhile_are_not_replaced(tmp_path):
    with pytest.raises(OutputError, match=r"x\.d: appeared while this ran"):
        with Outputs() as outputs:
            set_of(outputs, tmp_path, [".b"])
            (tmp_path / "x.d").write_text("theirs")
    assert texts(tmp_path) == {"x.d": "theirs"}


def test_two_outputs_cannot_share_a_part(tmp_path):
    with pytest.raises(OutputError, match="same file"):
        with Outputs() as outputs:
            outputs.text(tmp_path / "x.c", "mine")
            set_of(outputs, tmp_path, [".b", ".c"])
    with pytest.raises(OutputError, match="same file"):
        with Outputs() as outputs:
            set_of(outputs, tmp_path, [".b", ".c"])
            outputs.text(tmp_path / "x.c", "mine")
    assert names(tmp_path) == []


def test_a_part_that_is_a_folder_or_a_link_is_refused(tmp_path):
    (tmp_path / "x.b").mkdir()
    with pytest.raises(OutputError, match=r"x\.b: is a folder"):
        with Outputs(overwrite=True) as outputs:
            set_of(outputs, tmp_path, [".b"])
    (tmp_path / "x.b").rmdir()
    (tmp_path / "x.b").symlink_to(tmp_path / "real")
    with pytest.raises(OutputError, match=r"x\.b: is a link"):
        with Outputs(overwrite=True) as outputs:
            set_of(outputs, tmp_path, [".b"])
    assert (tmp_path / "x.b").is_symlink()


def test_a_set_with_a_name_of_255_bytes_works(tmp_path):
    name = "京" * 84 + "x.a"
    with Outputs(overwrite=True) as outputs:
        set_of(outputs, tmp_path, [".b"], beside=(".b", ".long"), name=name)
    assert sorted(texts(tmp_path).values()) == ["new", "new .b"]


def folder_of(outputs, target, text, replaceable=lambda folder: (folder / "mark").exists()):
    def fill(path):
        path.mkdir()
        (path / "mark").write_text(text)

    outputs.add_folder(target, fill, replaceable=replaceable)


def test_a_folder_is_published_and_replaced_by_its_like(tmp_path):
    before = os.umask(0o027)
    try:
        with Outputs() as outputs:
            folder_of(outputs, tmp_path / "x.gdb", "one")
            assert not (tmp_path / "x.gdb").exists()
    finally:
        os.umask(before)
    assert (tmp_path / "x.gdb").stat().st_mode & 0o777 == 0o750
    with pytest.raises(OutputError, match=r"x\.gdb: exists already"):
        with Outputs() as outputs:
            folder_of(outputs, tmp_path / "x.gdb", "two")
    with Outputs(overwrite=True) as outputs:
        folder_of(outputs, tmp_path / "x.gdb", "two")
    assert (tmp_path / "x.gdb" / "mark").read_text() == "two"
    assert names(tmp_path) == ["x.gdb"]


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_folder_with_something_else_is_never_replaced(tmp_path, when):
    target = tmp_path / "x.gdb"

    def put():
        target.mkdir()
        (target / "mine.txt").write_text("mine")

    if when == "before":
        put()
    with pytest.raises(OutputError, match=r"x\.gdb: is a folder that holds something else"):
        with Outputs(overwrite=True) as outputs:
            folder_of(outputs, target, "new")
            put()
    assert names(target) == ["mine.txt"]
    assert names(tmp_path) == ["x.gdb"]


@pytest.mark.parametrize("former", [True, False])
def test_a_folder_is_undone_when_a_later_rename_fails(tmp_path, former):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    if former:
        with Outputs() as outputs:
            folder_of(outputs, one / "x.gdb", "old")
    with pytest.raises(OutputError, match="cannot be replaced"):
        with Outputs(overwrite=True) as outputs:
            folder_of(outputs, one / "x.gdb", "new")
            outputs.text(two / "b.txt", "new")
            (two / "b.txt").mkdir()
    assert names(one) == (["x.gdb"] if former else [])
    if former:
        assert (one / "x.gdb" / "mark").read_text() == "old"


def test_a_folder_that_was_moved_away_is_never_swept(tmp_path):
    left = tmp_path / ".tmp-jjj-killed"
    (left / "former-0.gdb").mkdir(parents=True)
    os.utime(left, (time.time() - 90_000,) * 2)
    with Outputs() as outputs:
        outputs.text(tmp_path / "a.txt", "x")
    assert (left / "former-0.gdb").is_dir()


def test_what_cannot_be_put_back_is_kept_and_named(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "two").mkdir()

    def never(self, target):
        raise OSError(30, "Read-only file system", str(self))

    with pytest.raises(OutputError, match="what stood there is now (.*)") as told:
        with Outputs(overwrite=True) as outputs:
            outputs.text(tmp_path / "a.txt", "new")
            outputs.text(tmp_path / "two" / "b.txt", "new")
            (tmp_path / "two" / "b.txt").mkdir()
            real = type(tmp_path).replace

            def fails_to_undo(self, target):
                if self.name.startswith("former-"):
                    never(self, target)
                return real(self, target)

            monkeypatch.setattr(type(tmp_path), "replace", fails_to_undo)
    kept = str(told.value).rsplit(" ", 1)[1]
    with open(kept) as file:
        assert file.read() == "old"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_among_the_renames_waits_for_the_last(tmp_path, monkeypatch, number):
    """Also when the system hands the signal to another thread, as it may."""

    class HeardError(Exception):
        pass

    def hear(*_):
        raise HeardError

    before = signal.signal(number, hear)
    replace = write._replace

    def interrupted(one, done, *, overwrite):
        thread = threading.Thread(target=os.kill, args=(os.getpid(), number))
        thread.start()
        thread.join()
        return replace(one, done, overwrite=overwrite)

    monkeypatch.setattr(write, "_replace", interrupted)
    try:
        with pytest.raises(HeardError):
            with Outputs(make_folders=True) as outputs:
                for name in ("a", "b", "c"):
                    outputs.text(tmp_path / "new" / name, name)
    finally:
        signal.signal(number, before)
    assert sorted(one.name for one in (tmp_path / "new").iterdir()) == ["a", "b", "c"]
    assert write.published()[-3:] == [tmp_path / "new" / name for name in ("a", "b", "c")]


def test_a_reader_of_stdout_that_waits_does_not_hold_back_an_interrupt():
    words = [sys.executable, "-m", "geo.cli.main", "layers", "export", "towns"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as run:
        run.stdout.read(1)  # it writes, and waits for more to be read
        run.send_signal(signal.SIGTERM)
        assert run.wait(10) == 143
        assert run.stderr.read() == b"jjj: terminated; nothing was written\n"
