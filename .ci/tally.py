"""Add up JUnit reports, a test that ran in any of them counted once: the last line of CI."""

import sys
from collections import Counter
from xml.etree import ElementTree as ET

RANK = ("skipped", "passed", "failed")


def outcome(case: ET.Element) -> str:
    """Return passed, failed or skipped; an error counts as failed."""
    kinds = {child.tag for child in case}
    if kinds & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in kinds else "passed"


def main() -> int:
    """Print `N passed, N failed, N skipped`; 1 when a test failed or none passed."""
    seen: dict[str, str] = {}
    for path in sys.argv[1:]:
        for case in ET.parse(path).iter("testcase"):  # noqa: S314 - pytest's own file
            name = f"{case.get('classname')}::{case.get('name')}"
            seen[name] = max(seen.get(name, "skipped"), outcome(case), key=RANK.index)
    counts = Counter(seen.values())
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")  # noqa: T201
    return int(counts["failed"] > 0 or not counts["passed"])


if __name__ == "__main__":
    sys.exit(main())
