"""An interrupt that a library's callback loses is raised again, without a word."""

import os
import signal
import subprocess
import sys
import time

import pytest

DEAF = """
import ctypes, time
from geo.cli.interrupt import heard, heed

heed()
def wait():
    print("in", flush=True)
    time.sleep(10)
called = ctypes.CFUNCTYPE(None)(wait)
called()  # what is raised in here cannot leave it
try:
    time.sleep(10)
except KeyboardInterrupt:
    print("heard", heard())
"""


@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGINT, "in\nheard 2\n"), (signal.SIGTERM, "in\nheard 15\n")]
)
def test_an_interrupt_lost_in_a_callback_is_raised_again(number, said):
    restored = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen(
        [sys.executable, "-c", DEAF], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        **restored,
    ) as run:  # fmt: skip
        first = run.stdout.readline()
        run.send_signal(number)
        rest, complaints = run.communicate(timeout=60)
    assert first + rest == said
    assert complaints == ""


def test_an_interrupt_that_the_parent_ignores_stays_ignored():
    code = (
        "import signal; from geo.cli.interrupt import heed; heed(); print(int(signal.getsignal(2)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert int(run.stdout) == signal.SIG_IGN


IN_C = """
import ctypes, sys
from pathlib import Path
from geo.cli.interrupt import heed
from geo.write import Outputs

heed()
with Outputs(make_folders=True) as outputs:
    outputs.text(Path("new/a.txt"), "one")
    print("in", flush=True)
    lock, lib = ctypes.create_string_buffer(128), ctypes.CDLL(None)
    lib.pthread_mutex_lock(lock)
    lib.pthread_mutex_lock(lock)  # a call of C: no handler of Python runs before it returns
"""


INTERRUPTIBLE = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}


@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")]
)
def test_a_long_call_of_c_is_ended_and_what_it_staged_removed(tmp_path, number, said):
    with subprocess.Popen(
        [sys.executable, "-c", IN_C], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, **INTERRUPTIBLE,
    ) as run:  # fmt: skip
        assert run.stdout.readline() == "in\n"
        assert [*tmp_path.rglob(".tmp-jjj-*")]
        time.sleep(0.5)  # it is in C by then
        start = time.monotonic()
        run.send_signal(number)
        _, complaints = run.communicate(timeout=60)
        assert time.monotonic() - start < 2
    assert run.returncode == 128 + number
    assert complaints == f"jjj: {said}; nothing was written\n"
    assert [*tmp_path.iterdir()] == []


def test_what_was_in_place_before_is_said(tmp_path):
    code = IN_C.replace(
        "with Outputs", "with Outputs() as outputs: outputs.text('b', '')\nwith Outputs"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, **INTERRUPTIBLE,
    ) as run:  # fmt: skip
        assert run.stdout.readline() == "in\n"
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        assert (
            run.communicate(timeout=60)[1] == "jjj: interrupted; 1 file was written before, whole\n"
        )
    assert [one.name for one in tmp_path.iterdir()] == ["b"]


@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")]
)
def test_an_interrupt_while_the_program_loads_is_one_line(number, said):
    code = (
        "import sys, time\n"
        "class Slow:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': print('in', flush=True); time.sleep(60)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "from geo.cli.__main__ import run\n"
        "run()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        **INTERRUPTIBLE,
    ) as run:  # fmt: skip
        assert run.stdout.readline() == "in\n"
        run.send_signal(number)
        assert run.communicate(timeout=60)[1] == f"jjj: {said}; nothing was written\n"
    assert run.returncode == 128 + number


def test_a_second_interrupt_does_not_break_off_the_tidying(tmp_path):
    code = (
        "import signal, sys\n"
        "from geo.cli import interrupt\n"
        "interrupt.heed()\n"
        "try:\n"
        "    try: signal.raise_signal(signal.SIGINT)\n"
        "    finally: signal.raise_signal(signal.SIGINT); signal.raise_signal(signal.SIGTERM)\n"
        "except KeyboardInterrupt: print('tidied', interrupt.heard())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, **INTERRUPTIBLE
    )
    assert (run.stdout, run.stderr) == ("tidied 2\n", "")


def test_a_child_that_is_ended_does_not_end_its_parent():
    code = (
        "import os, signal, time\n"
        "from geo.cli import interrupt\n"
        "interrupt.heed()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    time.sleep(60)\n"
        "time.sleep(0.2)\n"
        "os.kill(child, signal.SIGTERM)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)\n"
        "time.sleep(1.5)\n"
        "print('here')\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True
    )
    assert run.stdout.split() == ["-15", "here"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_that_c_prints_is_raised_again(number):
    """PyErr_Print, which compilers call, ends the process at a SystemExit and prints all else."""
    code = (
        "import signal, sys, time\n"
        "from geo.cli import interrupt\n"
        "interrupt.heed()\n"
        "try: signal.raise_signal(int(sys.argv[1]))\n"
        "except BaseException as lost: sys.excepthook(type(lost), lost, lost.__traceback__)\n"
        "try: time.sleep(10)\n"
        "except KeyboardInterrupt: print('heard', interrupt.heard())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(int(number))],
        capture_output=True, text=True, **INTERRUPTIBLE,
    )  # fmt: skip
    assert (run.stdout, run.stderr) == (f"heard {int(number)}\n", "")


@pytest.mark.parametrize("closed", ["<&- >&-", ""])
def test_what_a_library_prints_is_not_taken_for_a_signal(tmp_path, closed):
    code = (
        "import os, time, sys\n"
        "from geo.cli import interrupt\n"
        "interrupt.heed()\n"
        "try: os.write(1, bytes([2, 15]))\n"
        "except OSError: pass\n"
        "time.sleep(1.5)\n"
        "open('here', 'w').close()\n"
    )
    run = subprocess.run(
        f'exec "{sys.executable}" -c "$CODE" {closed}',
        shell=True, cwd=tmp_path, capture_output=True, env={**os.environ, "CODE": code},
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, b"")
    assert (tmp_path / "here").exists()
