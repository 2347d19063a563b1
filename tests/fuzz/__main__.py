"""Fuzz for as long as asked: ``python -m tests.fuzz --seconds 3600 --seed 1``."""

import argparse
import re
import sys
import time
from pathlib import Path

from .run import Driver, save
from .shrink import kind_of, shrunk


def main() -> int:
    """Mutate until the time is over; print each new kind of failure and keep its input."""
    words = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    words.add_argument("--seconds", type=float, default=3600)
    words.add_argument(
        "--seed", type=int, default=1, help="of the first mutation; each next one adds 1"
    )
    words.add_argument("--only", default="", help="a regular expression for the names of samples")
    words.add_argument("--to", type=Path, default=Path("fuzz-found"), help="where inputs are kept")
    words.add_argument("--shrink", action="store_true", help="make the inputs that failed smaller")
    words.add_argument(
        "--lines", action="store_true", help="print which lines of geo/door never ran"
    )
    asked = words.parse_args()
    end, seed, reached, seen = time.monotonic() + asked.seconds, asked.seed, 0, set[str]()
    with Driver() as driver:
        names = [one for one in driver.corpus() if re.search(asked.only, one)]
        while time.monotonic() < end:
            task = {"do": "judge", "name": names[seed % len(names)], "seed": seed}
            answer = driver.ask(task)
            reached += answer["reached"]
            for found in answer["found"]:
                if (kind := kind_of(found)) in seen:
                    continue
                seen.add(kind)
                _say(f"FOUND {task['name']} seed {seed}: {found}")
                if answer["files"]:
                    case = shrunk(driver, answer, kind) if asked.shrink else answer
                    _say(f"      kept as {save(case, asked.to)}")
                else:
                    _say(
                        f"      again: python -m tests.fuzz --seconds 1 --seed {seed} --only '^{task['name']}$'"
                    )
            seed += 1
        if asked.lines:
            for module, (ran, there, never) in driver.ask({"do": "lines"})["lines"].items():
                _say(f"{ran / there:5.0%} {module}: {never}")
    _say(f"{seed - asked.seed} mutations, {reached} reached a reader, {len(seen)} kinds of failure")
    return bool(seen)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
