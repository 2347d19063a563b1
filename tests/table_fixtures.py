"""Hostile files are made here from one small true table; every one of them has a known answer."""

import csv
import io

import pytest

from geo.tables.gazetteer import units

CODES = ("110105", "120116", "130102", "130638", "130209", "131082", "130703", "130902")


@pytest.fixture(scope="session")
def truth():
    """Eight made-up firms, each at a point well inside a county: id → (name, lon, lat, adcode)."""
    return {
        f"S{at}": (f"示例企业{at}", units()[code].lon, units()[code].lat, code)
        for at, code in enumerate(CODES)
    }


@pytest.fixture
def rows(truth):
    return [
        {"编号": key, "企业名称": name, "经度": f"{lon:.6f}", "纬度": f"{lat:.6f}"}
        for key, (name, lon, lat, _) in truth.items()
    ]


@pytest.fixture
def write(tmp_path):
    """Write rows as a delimited file and return its path."""

    def make(
        rows, *, name="示例.csv", delimiter=",", encoding="utf-8", end="\n", above=(), header=None
    ):
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
        names = list(rows[0])
        writer.writerow(header or names)
        writer.writerows([[row[key] for key in names] for row in rows])
        path = tmp_path / name
        path.write_bytes(
            "".join([*(f"{line}{end}" for line in above), text.getvalue()]).encode(encoding)
        )
        return path

    return make


@pytest.fixture
def near(truth):
    """Assert that every placed row is where it should be; return how many are placed."""

    def check(table, *, key="编号", tolerance_deg=2e-6):
        placed = 0
        for name, point in zip(table.frame[key], table.frame.geometry, strict=True):
            if point is None:
                continue
            _, lon, lat, _ = truth[name]
            assert abs(point.x - lon) < tolerance_deg, name
            assert abs(point.y - lat) < tolerance_deg, name
            placed += 1
        counts = table.counts
        assert counts["placed"] + counts["repaired"] + counts["refused"] == counts["rows"]
        assert placed == counts["placed"] + counts["repaired"]
        return placed

    return check
