"""The page's scripts under Node: what there is, and ``python tests/page_scripts.py`` to check them.

Node is needed only by who changes or tests the scripts; without it they are left out, and that is
said. With ``JJJ_REQUIRE_NODE=1`` its absence is an error.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["WEB", "NodeMissingError", "packages", "run"]

WEB = Path(__file__).parents[1] / "geo" / "render" / "web"
OLDEST = (20, 19)


class NodeMissingError(Exception):
    """Node, or what the scripts need of npm, is not there."""


def run(*command, timeout=600):
    """Run a command in the folder of the scripts and return what is known of its end."""
    return subprocess.run(
        command, cwd=WEB, capture_output=True, text=True, timeout=timeout, check=False
    )


def packages():
    """Install the packages that the lock names, unless they are there, and return their folder.

    Raises
    ------
    NodeMissingError
        Without Node, with an old one, or when the packages cannot be had.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        msg = "node and npm are not installed"
        raise NodeMissingError(msg)
    version = run("node", "--version").stdout.strip()
    if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < OLDEST:
        msg = f"Node {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {version}"
        raise NodeMissingError(msg)
    folder = WEB / "node_modules"
    installed, lock = folder / ".package-lock.json", WEB / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        done = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        if done.returncode:
            msg = f"npm ci failed: {done.stderr.strip()[-300:]}"
            raise NodeMissingError(msg)
        installed.touch()
    return folder


def main():
    """Run ESLint and the types, or say that they were not run."""
    try:
        packages()
    except NodeMissingError as error:
        required = os.environ.get("JJJ_REQUIRE_NODE") == "1"
        sys.stderr.write(f"THE PAGE'S SCRIPTS ARE NOT CHECKED: {error}\n")
        return int(required)
    done = run("npm", "run", "--silent", "check")
    sys.stderr.write(done.stdout + done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
