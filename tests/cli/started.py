"""The program in a process that forks from one with the libraries loaded (see ``conftest.py``)."""

import os
import sys

from geo.cli.main import run


def start(words, folder, streams):
    """Become the program: a process of its own with the words, folder and streams of a shell."""
    os.chdir(folder)
    for at, stream in enumerate(streams):
        with open(stream, "rb" if at == 0 else "wb") as opened:
            os.dup2(opened.fileno(), at)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - held by the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
    run(words)
