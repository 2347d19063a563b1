"""The program in a process that forks from one with the libraries loaded (see ``conftest.py``)."""

import os
import sys
from dataclasses import replace
from importlib import import_module

from geo.cli.main import run

try:
    import resource
except ImportError:  # Windows
    resource = None
atlas_build = import_module("geo.atlas.build")  # the package has a function of that name


def cut(pages):
    """Leave the atlas its first pages."""
    whole = atlas_build.publication

    def first(region):
        made = whole(region)
        return replace(made, pages=made.pages[:pages])

    atlas_build.publication = first


def start(words, folder, streams, *, pages=None, largest_file=None):
    """Become the program: a process of its own with the words, folder and streams of a shell.

    ``pages`` cuts the atlas to its first pages, ``largest_file`` is a limit in bytes (a full disk).
    """
    os.chdir(folder)
    if pages is not None:
        cut(pages)
    for at, stream in enumerate(streams):
        with open(stream, "rb" if at == 0 else "wb") as opened:
            os.dup2(opened.fileno(), at)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - held by the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    run(words)
