"""The lowest versions that ``pyproject.toml`` allows, as constraints for pip.

``python tests/floors.py`` prints them: of the core dependencies and of the extras that a command
needs. ``make floors`` installs exactly these and runs every command.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("sources", "fast", "cluster")
BOUND = re.compile(r"(?P<name>[\w.-]+)(?P<extra>\[[\w,]+\])?(?:>=|==)(?P<version>[\w.]+)")


def floors(project: dict) -> dict[str, str]:
    """Return the lowest version of each dependency; one without a bound is an error."""
    wanted = [*project["dependencies"]]
    wanted += [one for extra in EXTRAS for one in project["optional-dependencies"][extra]]
    found = {}
    for one in wanted:
        bound = BOUND.fullmatch(one)
        if bound is None:
            msg = f"pyproject.toml: {one!r} names no lowest version"
            raise ValueError(msg)
        found[bound["name"]] = bound["version"]
    return found


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}=={version}\n" for name, version in floors(project()).items())
