"""A smaller input that fails alike: what differs from nothing is taken away, half by half."""

import re
from typing import Any

from .run import Driver

__all__ = ["kind_of", "shrunk"]

TRIES = 120


def kind_of(found: str) -> str:
    """Return what a failure is but for the reader that met it and the values in it."""
    said = re.sub(r"^[^:]*: ", "", found)
    place = re.search(r"\([\w.]+:\d+[^()]*\)$", said)
    if place is not None:
        return f"{said.partition(':')[0]} {place[0]}"
    return re.sub(r"[\d'\"\\/].*", "", said)


def shrunk(driver: Driver, answer: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return a case with fewer bytes that still fails in the same place.

    Parameters
    ----------
    driver
        Judges.
    answer
        Of the worker, with the files of the case.
    kind
        Which of its failures, as ``kind_of`` says.

    Returns
    -------
    dict
        As ``answer``.
    """
    best, tries = dict(answer), 0

    def fails(files: dict[str, str]) -> bool:
        task = {"do": "judge", "name": answer["name"], "main": answer["main"], "how": answer["how"]}
        again = driver.ask({**task, "files": files, "seed": answer["seed"]})
        return any(kind_of(one) == kind for one in again["found"])

    if not fails(best["files"]):
        return best
    for name in sorted(best["files"]):
        size = len(best["files"][name]) // 4
        while size and tries < TRIES:
            at = 0
            while at < len(best["files"][name]) // 2 and tries < TRIES:
                whole = best["files"][name]
                shorter = {**best["files"], name: whole[: at * 2] + whole[(at + size) * 2 :]}
                tries += 1
                if fails(shorter):
                    best["files"] = shorter
                else:
                    at += size
            size //= 2
    return best
