"""A command run inside the test's own process, for tests that run hundreds of them."""

import contextlib
import io
import logging
from dataclasses import dataclass

import typer

from geo.cli import main


@dataclass(frozen=True)
class Done:
    code: int
    err: str


def jjj(*words):
    """Run a command in the current folder; a defect of the program fails the test."""
    err = io.StringIO()
    root, own = logging.getLogger(), logging.getLogger("geo")
    before = (root.handlers[:], root.level, own.level)
    code, message = 0, ""
    try:
        with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
            command = typer.main.get_command(main._app)
            command.main([*map(str, words)], prog_name="jjj", standalone_mode=False)
    except (main.GeoError, typer.Exit, main._ClickError) as error:
        code, message = main._judge(error)
    finally:
        root.handlers[:], root.level = before[0], before[1]
        own.setLevel(before[2])
    return Done(code, err.getvalue() + main.one_line(message))
