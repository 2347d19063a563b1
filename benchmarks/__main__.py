"""Run the benchmarks: all of them, or those that are named."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.report import Report
from geo.write import Outputs

HERE = Path(__file__).parent


def names() -> list[str]:
    """Return the modules that have a ``run(report)``."""
    return [
        file.stem
        for file in sorted(HERE.glob("*.py"))
        if "\ndef run(report" in file.read_text(encoding="utf-8")
    ]


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m benchmarks")
    words.add_argument("names", nargs="*", help=f"some of: {', '.join(names())}")
    words.add_argument("--quick", action="store_true", help="a tenth of the rows, two turns")
    words.add_argument("--no-write", action="store_true", help="leave results.md as it is")
    asked = words.parse_args()
    unknown = set(asked.names) - set(names())
    if unknown:
        words.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    report = Report(quick=asked.quick, repeat=2 if asked.quick else 5)
    for name in asked.names or names():
        import_module(f"benchmarks.{name}").run(report)
    head = [
        "# Benchmarks",
        "",
        (
            "Written by `make bench`. CPU ratios of one run: how many times the CPU time of the "
            "first contender each of the others needs. Answers are checked before they are timed; "
            "a wrong one fails the run. +MB is by how much the process grew in that checking run, "
            "which for the first contender may include loading the compiler. No index comes from "
            "disk: it is built within the time, or in memory where a row says so."
        ),
        "",
        *report.environment(),
        "",
        "Goals missed: " + ("; ".join(report.missed) or "none"),
        "",
        "Wrong answers: " + ("; ".join(report.wrong) or "none"),
    ]
    if not (asked.no_write or asked.quick or asked.names):
        with Outputs(overwrite=True) as outputs:
            outputs.text(HERE / "results.md", "\n".join([*head, *report.lines]) + "\n")
    print("\n".join(head[5:]))
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
