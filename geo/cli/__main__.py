"""The program ``jjj``: an interrupt is heard from its first moment, before the rest loads."""

from typing import NoReturn

from geo.cli.interrupt import leave_at_once

__all__ = ["run"]


def run() -> NoReturn:
    """Run the command line and leave with its exit code."""
    leave_at_once()
    from geo.cli import main  # it takes a while

    main.run()


if __name__ == "__main__":
    run()
