"""``jjj locate --parts``: inputs of any size, a folder of GeoParquet parts, on one machine or many.

Every part is written whole or not at all, so that a run that was stopped, or that filled the
disk, is taken up where it was left by running the same words again.
"""

import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

import geopandas as gpd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo import __version__
from geo.cli.progress import progress
from geo.errors import GeoError, InputError, MissingExtraError, OutputError
from geo.join.index import content_hash
from geo.join.parts import (
    Labeller,
    Part,
    csv_parts,
    labelled,
    labeller,
    part_schema,
    part_tables,
    plan_parts,
)
from geo.write import Outputs

__all__ = ["Job", "Wanted", "locate_parts", "write_part"]

_MANIFEST: Final = "run.json"
_RETRIES: Final = 5
_Steps: TypeAlias = Generator[tuple[str, Counter[str]], None, None]
_LOCAL: Final = re.compile(r"local(?:\[(\d+)\])?")


@dataclass(frozen=True)
class Wanted:
    """What one run was asked to do.

    Attributes
    ----------
    source
        File or folder.
    units, to
        The polygons, and what the command line called them.
    boundary_accuracy_m
        Error of the borders.
    lon, lat, datum
        Columns of the coordinates and their datum.
    rows
        About how many rows a part has.
    """

    source: Path
    units: gpd.GeoDataFrame
    to: str
    boundary_accuracy_m: float
    lon: str | None
    lat: str | None
    datum: str
    rows: int


@dataclass(frozen=True)
class Job:
    """What every worker needs; sent once.

    Attributes
    ----------
    how
        The index and the names.
    schema
        Of the output, with its metadata.
    folder
        Where parts are written.
    """

    how: Labeller
    schema: pa.Schema
    folder: Path


def locate_parts(
    wanted: Wanted, folder: Path, *, scheduler: str | None = None, overwrite: bool = False
) -> Counter[str]:
    """Label an input part by part into a folder, and take up what an earlier run left.

    Parameters
    ----------
    wanted
        What to do.
    folder
        Made when it is missing; may hold parts of an earlier run with the same words and input.
    scheduler
        None for this process, ``local[N]`` for N processes here, or the address of a Dask
        scheduler whose workers see the same files.
    overwrite
        Replace the parts of another run.

    Returns
    -------
    Counter
        ``rows``, ``placed``, ``outside`` and ``no coordinates``; ``parts kept`` from before.

    Raises
    ------
    InputError
        When the input cannot be read or has no coordinates.
    OutputError
        When the folder holds something else, or cannot be written.
    MissingExtraError
        When a scheduler is asked for and Dask is not installed.
    """
    parts, schema = plan_parts(wanted.source, rows=wanted.rows)
    how = labeller(
        wanted.units, schema, lon=wanted.lon, lat=wanted.lat, datum=wanted.datum,
        boundary_accuracy_m=wanted.boundary_accuracy_m,
    )  # fmt: skip
    described = _described(wanted, parts)
    text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    run = hashlib.sha256(text.encode()).hexdigest()[:16]
    _open_folder(folder, text, overwrite=overwrite)
    job = Job(how, part_schema(schema, how, run), folder)
    told: Counter[str] = Counter()
    if parts[0].file.suffix.lower() == ".csv":
        if scheduler is not None:
            msg = f"{wanted.source}: a CSV is read from one end; give Parquet to several workers"
            raise InputError(msg)
        told.update(_csv(parts[0], schema, job))
        return told
    waiting = []
    for part in parts:
        kept = _kept(part, job)
        told.update(kept or {})
        if kept is None:
            waiting.append(part)
    told["parts kept"] += len(parts) - len(waiting)
    steps = _here(waiting, job) if scheduler is None else _on_dask(waiting, job, scheduler)
    with progress("parts", len(waiting)) as step, closing(steps):
        for name, counts in steps:
            told.update(counts)
            step(name)
    return told


def write_part(part: Part, job: Job, table: pa.Table | None = None) -> Counter[str]:
    """Label one part and write it whole.

    Parameters
    ----------
    part
        From ``plan_parts``.
    job
        What all parts share.
    table
        Its rows, when they were read already.

    Returns
    -------
    Counter
        As ``locate_parts``.
    """
    counts: Counter[str] = Counter()

    def fill(path: Path) -> None:
        with pq.ParquetWriter(path, job.schema, compression="zstd") as writer:
            for batch in part_tables(part) if table is None else [table]:
                done = labelled(batch, job.how)
                counts.update(_counts(done))
                writer.write_table(done.replace_schema_metadata(job.schema.metadata))

    def check(path: Path) -> None:
        found = pq.read_metadata(path).num_rows
        if found != part.rows:
            msg = f"{part.name} reads back {found} rows of {part.rows}"
            raise OutputError(msg)

    with Outputs(overwrite=True) as outputs:
        outputs.add(job.folder / part.name, fill, check)
    return counts


def _counts(done: pa.Table) -> dict[str, int]:
    placed = len(done) - done.column("adcode").null_count
    nowhere = pc.sum(pc.equal(done.column("location_basis"), "none")).as_py() or 0
    return {
        "rows": len(done), "placed": placed, "outside": len(done) - placed - nowhere,
        "no coordinates": nowhere,
    }  # fmt: skip


def _described(wanted: Wanted, parts: list[Part]) -> dict[str, Any]:
    files = {part.file: part.file.stat() for part in parts}
    return {
        "input": [[file.name, told.st_size, told.st_mtime_ns] for file, told in files.items()],
        "units": wanted.to,
        "units_hash": content_hash(wanted.units),
        "boundary_accuracy_m": wanted.boundary_accuracy_m,
        "columns": [wanted.lon, wanted.lat],
        "datum": wanted.datum,
        "rows": wanted.rows,
        "version": __version__,
    }


def _open_folder(folder: Path, text: str, *, overwrite: bool) -> None:
    """Make the folder, or see that what it holds is of this run."""
    manifest = folder / _MANIFEST
    try:
        folder.mkdir(exist_ok=True)
        held = [one for one in folder.iterdir() if not one.name.startswith(".tmp-jjj-")]
        if held and not (manifest.is_file() and manifest.read_text(encoding="utf-8") == text):
            ours = [
                one for one in held if re.fullmatch(r"part-\d{5,}\.parquet|run\.json", one.name)
            ]
            if len(ours) < len(held) or not overwrite:
                msg = f"{folder}: holds something else than parts of this run"
                msg += "; --overwrite replaces them" if len(ours) == len(held) else ""
                raise OutputError(msg)
            for one in ours:
                one.unlink()
    except OSError as error:
        if isinstance(error, GeoError):
            raise
        msg = f"{folder}: cannot be written ({error.strerror or error})"
        raise OutputError(msg) from error
    if not manifest.exists():
        with Outputs() as outputs:
            outputs.text(manifest, text)


def _kept(part: Part, job: Job) -> Counter[str] | None:
    """Return what an earlier run's part holds, or None when it must be made."""
    target = job.folder / part.name
    if not target.is_file():
        return None
    try:
        with pq.ParquetFile(target) as opened:
            ours = opened.schema_arrow.metadata.get(b"run") == job.schema.metadata[b"run"]
            if not ours or opened.metadata.num_rows != part.rows:
                return None
            held = opened.read(["adcode", "location_basis"])
    except (pa.ArrowInvalid, OSError, AttributeError):
        return None
    return Counter(_counts(held))


def _csv(part: Part, schema: pa.Schema, job: Job) -> Counter[str]:
    told: Counter[str] = Counter()
    with progress("parts", 0) as step:
        for one, table in csv_parts(part, schema):
            kept = _kept(one, job)
            told.update(write_part(one, job, table) if kept is None else kept)
            told["parts kept"] += kept is not None
            step(one.name)
    return told


def _here(parts: list[Part], job: Job) -> _Steps:
    for part in parts:
        yield part.name, write_part(part, job)


def _on_dask(parts: list[Part], job: Job, scheduler: str) -> _Steps:
    """Write parts on Dask's workers; what a dead worker held is done again by another."""
    if find_spec("distributed") is None:
        msg = "--scheduler needs Dask: pip install 'jingjinji[cluster]'"
        raise MissingExtraError(msg)
    from distributed import as_completed  # noqa: PLC0415 - an extra

    with _client(scheduler) as client:
        # a task rather than scattered data: should every worker that holds it die, it is remade
        shared = client.submit(_given, job, pure=False)
        client.replicate([shared])
        waiting = {
            client.submit(write_part, part, shared, pure=False, retries=_RETRIES): part.name
            for part in parts
        }
        for done in as_completed(list(waiting)):
            yield waiting[done], done.result()


def _given(job: Job) -> Job:
    return job


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    from distributed import Client, LocalCluster  # noqa: PLC0415

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # its chatter is not ours
    local = _LOCAL.fullmatch(scheduler)
    if local is None:
        try:
            client = Client(scheduler, timeout="20s")
        except (OSError, ValueError) as error:
            msg = f"no Dask scheduler answers at {scheduler}; write local[N] or tcp://HOST:PORT"
            raise InputError(msg) from error
        with client:
            yield client
        return
    workers = int(local[1]) if local[1] else None
    if workers == 0:
        msg = "local[0] has no workers"
        raise InputError(msg)
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
