"""An interrupt that a library's callback loses is raised again, without a word."""

import signal
import subprocess
import sys

import pytest

DEAF = """
import ctypes, time
from geo.cli.interrupt import heed

heed()
def wait():
    print("in", flush=True)
    time.sleep(10)
called = ctypes.CFUNCTYPE(None)(wait)
called()  # what is raised in here cannot leave it
try:
    time.sleep(10)
except KeyboardInterrupt:
    print("heard")
except SystemExit as end:
    print("heard", end.code)
"""


@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGINT, "in\nheard\n"), (signal.SIGTERM, "in\nheard 143\n")]
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
