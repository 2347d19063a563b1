"""How long ``jjj --help`` takes, against an empty Python."""

import subprocess
import sys

from benchmarks.report import Report


def run(report: Report) -> None:
    def python(*words: str) -> bytes:
        return subprocess.run([sys.executable, *words], capture_output=True, check=True).stdout

    def check(name: str, answer: bytes) -> str:
        assert name == "bare python" or b"locate" in answer, "no help was printed"
        return ""

    report.compare(
        "Cold start",
        {"bare python": lambda: python("-c", "pass")},
        {"jjj --help": lambda: python("-m", "geo.cli.main", "--help")},
        check=check,
        note="Goal: at most 8 times bare Python.",
    )
