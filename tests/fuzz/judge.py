"""What a reader may do with a damaged file: answer with an account that adds up, or refuse."""

import io
import sys
import traceback
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.door.features import Features
from geo.door.files import open_source
from geo.door.input import open_input
from geo.door.provenance import read_provenance
from geo.door.rasters import cells_within, raster_facts, read_raster
from geo.errors import GeoError
from geo.layers import read_plan
from geo.tables import read_cells, read_points
from geo.tables.targets import read_targets, read_values

from .commands import commands_judged
from .corpus import Sample

__all__ = ["entries", "judged"]

LONGEST: Final = 600
BOXES: Final = {
    "window": shapely.box(116.15, 39.7, 116.38, 39.95),
    "elsewhere": shapely.box(-60, -30, -59, -29),
}
CARRIERS: Final = (".geojson", ".json", ".parquet", ".gpkg", ".tif", ".html")
ROOT: Final = Path(__file__).parents[2]

Read = Callable[[], Any]
Check = Callable[[Any], list[str]]


def entries(path: Path, sample: Sample, random: Random | None) -> Iterator[tuple[str, Read, Check]]:
    """Yield every reader that would take a file: name, call, and what must hold of its answer."""
    if path.suffix == ".yaml":
        yield "read_plan", lambda: read_plan(path), lambda plan: _placed(plan.units.geometry)
        yield "read_targets", lambda: read_targets(path).frame(), _no_more
        return
    if path.suffix == ".tif":
        yield from _raster_entries(path, sample, random)
    if path.suffix in CARRIERS:
        yield "read_provenance", lambda: read_provenance(path), _carried
    if path.suffix == ".html":
        return
    only, datum, table, named = _options(random)
    layer = {**sample.how, **datum}
    layer.pop("commands", None)
    yield f"features {layer}", lambda: open_input(path, "features", **layer), _layer_adds_up
    yield only, lambda: open_input(path, only, **layer), _layer_adds_up
    how = {**table, **named}
    yield f"points {how}", lambda: read_points(path, **how), _points_add_up
    yield "opened", lambda: open_input(path, "points"), lambda both: _plain(both[1].notes)
    yield f"table {table}", lambda: open_input(path, "table", **table), _cells_add_up
    if path.name == "values.csv":
        yield "read_values", lambda: read_values(path), _no_more
    if len(sample.files) == 1 and path.is_file():
        yield "stdin", lambda: _from_pipe(path), _cells_add_up


def _raster_entries(
    path: Path, sample: Sample, random: Random | None
) -> Iterator[tuple[str, Read, Check]]:
    """Yield the readings of a raster: whole, of fewer cells, of a window."""
    how: dict[str, Any] = {}
    if random is not None:
        how["band"] = random.choice((1, 1, 1, 2, 0))
        how["nodata"] = random.choice(("look", "look", "none", -9999.0, 7.0, 1e308))
    few = 7 if random is None else random.choice((1, 7, 29, 1000))
    yield (
        f"averaged {few} {how}",
        lambda: read_raster(path, at_most=few, **how),
        lambda raster: _cells_hold(raster, None if _is_turned(path) else few),
    )
    if "commands" in sample.how:  # it is too large for the others
        return
    yield f"read_raster {how}", lambda: read_raster(path, **how), _cells_hold
    for name, box in BOXES.items():
        area = gpd.GeoSeries([box], crs="EPSG:4326")
        yield f"cells_within {name}", lambda area=area: cells_within(path, area), _no_more
        yield (
            f"{name} {how}",
            lambda area=area: read_raster(path, within=area, **how),
            _cells_hold,
        )


def _is_turned(path: Path) -> bool:
    """Tell whether a grid is turned upright, into more cells than were asked for."""
    transform = raster_facts(path).transform
    return bool(transform.b or transform.d)


def _cells_hold(raster: Any, at_most: int | None = None) -> list[str]:
    values, found = raster.values, []
    if np.isinf(values).any():
        found.append("a cell is infinite")
    if at_most is not None and values.size > at_most:
        found.append(f"{values.size} cells of {at_most}")
    if not np.isfinite(raster.bounds).all() or raster.transform.e >= 0 or raster.transform.a <= 0:
        found.append(f"lies at {raster.bounds}")
    if any(n < 1 for _, n in raster.undeclared):
        found.append(f"taken as no data: {raster.undeclared}")
    return found


def _options(random: Random | None) -> tuple[Any, Any, Any, Any]:
    """Choose what a user may ask for beside the file; nothing without a seed."""
    if random is None:
        return "areas", {}, {}, {}
    datum = {"datum": random.choice(("gcj02", "wgs84", "EPSG:4509"))}
    encoding = {"encoding": random.choice(("gb18030", "utf-8", "x"))}
    pair, name = {"lon": "经度", "lat": " 纬度"}, {"name": "企业名称", "code": "ADCODE"}
    return (
        random.choice(("areas", "lines")),
        random.choice(({}, {}, {}, datum)),
        random.choice(({}, {}, {}, {}, {"sheet": "1"}, encoding)),
        random.choice((*[{}] * 5, {"columns": pair}, {"columns": name})),
    )


def _from_pipe(path: Path) -> Any:
    class Pipe:
        buffer = io.BytesIO(path.read_bytes())

    before, sys.stdin = sys.stdin, Pipe  # type: ignore[assignment]
    try:
        source = open_source("-")
    finally:
        sys.stdin = before
    try:
        layer = open_input(source, "features")
    except GeoError:
        return read_cells(source)
    assert not (found := _layer_adds_up(layer)), found
    return read_cells(source)


def _no_more(_: Any) -> list[str]:
    return []


def _carried(found: Any) -> list[str]:
    return [] if isinstance(found, dict) and found else [f"provenance is {found!r}"]


def _placed(shapes: Any) -> list[str]:
    shapes = np.asarray(shapes, dtype=object)
    there = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    places = shapely.get_coordinates(there, include_z=False)
    if not np.isfinite(places).all():
        return ["a coordinate is not finite"]
    if len(places) and ((np.abs(places[:, 1]) > 90).any() or (np.abs(places[:, 0]) > 360).any()):
        return [f"a coordinate is off the earth: {np.abs(places).max(axis=0)}"]
    return []


def _sums(told: Any, frame: Any, lines: Any) -> list[str]:
    found = []
    if told.used + sum(one.rows for one in told.left_out.values()) != told.rows or told.used < 0:
        found.append(f"the account does not add up: {told}")
    if len(frame) != len(lines):
        found.append(f"{len(frame)} rows and {len(lines)} lines")
    if len(set(frame.columns)) < len(frame.columns):
        found.append("two columns have one name")
    said = told.described()
    if said["rows"] != told.rows or any(
        len(one.splitlines()) != 1 for one in told.sentence().values()
    ):
        found.append(f"the account is not said in a line: {told.sentence()}")
    return found


def _there(frame: Any) -> int:
    shapes = frame.geometry.to_numpy()
    return int((~(shapely.is_missing(shapes) | shapely.is_empty(shapes))).sum())


def _layer_adds_up(read: Features) -> list[str]:
    found = _sums(read.account, read.frame, read.lines) + _placed(read.frame.geometry)
    if _there(read.frame) != read.account.used or not read.account.used:
        found.append(f"{_there(read.frame)} shapes, {read.account.used} used")
    return found + _plain(read.notes)


def _points_add_up(read: Any) -> list[str]:
    found = _sums(read.account, read.frame, read.report) + _placed(read.frame.geometry)
    if _there(read.frame) != read.account.used or len(read.frame) != read.account.rows:
        found.append(
            f"{_there(read.frame)} places, {read.account.used} used, {len(read.frame)} rows"
        )
    return found + _plain(read.notes)


def _cells_add_up(read: Any) -> list[str]:
    found = _sums(read.account, read.frame, read.lines)
    if len(read.frame) != read.account.used:
        found.append(f"{len(read.frame)} rows, {read.account.used} used")
    return found + _plain(read.notes)


def _plain(notes: Any) -> list[str]:
    return [
        f"a note is no sentence: {note!r}"[:200]
        for note in notes
        if not isinstance(note, str) or not note
    ]


def _refusal(error: GeoError, path: Path, name: str) -> list[str]:
    text = str(error)
    found = []
    if not text.startswith("-: " if name == "stdin" else str(path)):
        found.append(f"does not name the file first: {text[:200]!r}{_at(error)}")
    if len(text.splitlines()) != 1 or any(
        unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text
    ):
        found.append(f"is not one plain line: {text.replace(str(path), '')[:200]!r}{_at(error)}")
    if len(text.replace(str(path.parent), "")) > LONGEST:
        found.append(
            f"is {len(text)} signs long: {text.replace(str(path), '')[:100]!r}{_at(error)}"
        )
    return [f"{name}: {type(error).__name__} {one}" for one in found]


def _at(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if f"{ROOT}/geo/" in one.filename] or list(frames)
    return (
        f" ({' < '.join(f'{Path(one.filename).name}:{one.lineno}' for one in reversed(own[-3:]))})"
    )


@contextmanager
def _listening(found: list[str], name: str) -> Iterator[None]:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        yield
    found += [
        f"{name}: warns {one.category.__name__}: {str(one.message)[:150]} ({Path(one.filename).name}:{one.lineno})"
        for one in heard
    ]


def judged(path: Path, sample: Sample, random: Random | None) -> list[str]:
    """Call every reader; return what none of them may do."""
    found: list[str] = []
    for name, read, check in entries(path, sample, random):
        with _listening(found, name):
            try:
                found += [f"{name}: {one}" for one in check(read())]
            except GeoError as error:
                found += _refusal(error, path, name)
            except MemoryError as error:
                if path.suffix != ".tif":  # 200 million cells may be held: more than a worker has
                    found.append(f"{name}: MemoryError{_at(error)}")
            except BaseException as error:  # noqa: BLE001 - a panic of a Rust library is no Exception
                found.append(f"{name}: {type(error).__name__}: {str(error)[:150]!r}{_at(error)}")
    with _listening(found, "command"):
        found += commands_judged(path, sample.how, random)
    return found


def reaches(path: Path) -> bool:
    """Tell whether a damaged file passes the proof of its kind, so that its reader sees it."""
    if path.suffix in (".yaml", ".tif", ".html"):
        return path.is_file()
    if path.is_dir() and path.suffix != ".gdb":
        return any(one.suffix in (".parquet", ".pq") for one in path.iterdir())
    try:
        open_source(path)
    except GeoError:
        return False
    return True
