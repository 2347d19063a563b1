"""A table of a million rows located end to end: CSV in, GeoParquet out, in bounded memory."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from benchmarks.data import points
from benchmarks.report import Report


def table(n: int) -> pa.Table:
    """Return firms made up for this: ids, names, degrees with six decimals, a figure."""
    lon, lat = points(n)
    return pa.table(
        {
            "编号": [f"S{at}" for at in range(n)],
            "企业名称": [f"示例企业{at % 5000}" for at in range(n)],
            "经度": np.round(lon, 6),
            "纬度": np.round(lat, 6),
            "产值": np.arange(n) % 977,
        }
    )


# a process begins with the peak of the one it was forked from: a small one stands between
_WATCH = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)


def _run(*words: Any) -> float:
    """Run a module in a process of its own; return its peak memory in MB."""
    asked = [sys.executable, "-m", *map(str, words)]
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, *asked], stdout=subprocess.PIPE, check=False
    )
    assert done.returncode == 0, f"exit {done.returncode}"
    return int(done.stdout.split()[-1]) / 1024


def run(report: Report) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        n = report.size(1_000_000)
        pc.write_csv(table(n), folder / "in.csv")
        _compare(report, folder, n)
        _memory(report, folder, report.size(10_000_000))


def _compare(report: Report, folder: Path, n: int) -> None:
    ours, theirs = folder / "ours.parquet", folder / "theirs.parquet"

    def locate() -> tuple[float, Path]:
        return _run(
            "geo.cli.main", "-q", "locate", folder / "in.csv", "-o", ours, "--overwrite"
        ), ours

    def by_hand() -> tuple[float, Path]:
        return _run("benchmarks.reading_by_hand", folder / "in.csv", theirs), theirs

    def check(_: str, answer: tuple[float, Path]) -> str:
        peak, target = answer
        found = pq.read_table(target, columns=["编号", "adcode", "boundary_distance_m"]).to_pandas()
        assert len(found) == n, f"{len(found)} rows of {n}"
        if target != ours:
            own = pq.read_table(ours, columns=["编号", "adcode", "boundary_distance_m"]).to_pandas()
            assert (found["编号"] == own["编号"]).all(), "other rows"
            same = found["adcode"].fillna("") == own["adcode"].fillna("")
            assert same.all(), f"{int((~same).sum())} other counties"
            apart = (found["boundary_distance_m"] - own["boundary_distance_m"]).abs().max()
            assert apart <= 0.11, f"border distances differ by {apart} m"
        return f"{len(found):,} rows; whole process {peak:.0f} MB"

    report.compare(
        f"CSV → counties, border distance, doubt → GeoParquet, {n:,} rows, end to end",
        {"jjj locate": locate},
        {"pandas + geopandas script, all rows at once": by_hand},
        check=check,
        note="Processes of their own, start included. `jjj` also proves the encoding of every byte, "
        "gives every row a reason and looks for a datum column, county names and codes.",
    )


def _memory(report: Report, folder: Path, n: int) -> None:
    """Show that ten times the rows take less than twice the memory; held at once, nearly ten times."""
    for rows in (n // 10, n):
        pq.write_table(table(rows), folder / f"{rows}.parquet", row_group_size=1_000_000)

    def locate(rows: int) -> Any:
        target = folder / "out.parquet"
        source = folder / f"{rows}.parquet"
        return lambda: (
            _run("geo.cli.main", "-q", "locate", source, "-o", target, "--overwrite"),
            rows,
        )

    def check(_: str, answer: tuple[float, int]) -> str:
        peak, rows = answer
        written = pq.read_metadata(folder / "out.parquet").num_rows
        assert written == rows, f"{written} rows of {rows}"
        peaks.append(peak)
        assert peak < 2 * peaks[0], f"{peak:.0f} MB, and {peaks[0]:.0f} MB for a tenth of the rows"
        return f"{written:,} rows; whole process {peak:.0f} MB"

    peaks: list[float] = []
    report.compare(
        f"Memory of jjj locate on Parquet, {n // 10:,} and {n:,} rows",
        {f"{n // 10:,} rows": locate(n // 10)},
        {f"{n:,} rows": locate(n)},
        check=check,
    )
