"""Large inputs part by part, on several processes, with a run that can go on.

The folder of a run in parts: a manifest says whose parts they are, checksums what they held.

Parts on Dask: the same function a part, on processes here or on the workers of a cluster.

``jjj locate --parts``: inputs of any size, a folder of GeoParquet parts, on one machine or many.

Every part is written whole or not at all, so that a run that was stopped, or that filled the
disk, is taken up where it was left by running the same words again.
"""

import hashlib
import json
import logging
import platform
import re
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo import __version__
from geo.cli.terminal import progress
from geo.door.parts import (
    Part,
    checksum,
    csv_parts,
    part_tables,
    plan_parts,
    written_columns,
)  # fmt: skip
from geo.errors import CRSError, GeoError, InputError, MissingExtraError, OutputError
from geo.formats import json_value, parquet_rows
from geo.join.index import content_hash
from geo.join.labels import Labeller, labelled, labeller, part_schema
from geo.tables.units import Units
from geo.write import Outputs

__all__ = [
    "SUM_SUFFIX",
    "Job",
    "Steps",
    "Wanted",
    "folder_of_run",
    "locate_parts",
    "on_workers",
    "remove_parts",
    "require_dask",
    "write_part",
]

SUM_SUFFIX: Final = ".sha256"
"""Of the file beside each part that holds its checksum: one a part, so that workers never share."""

_MANIFEST: Final = "run.json"
_OURS: Final = re.compile(rf"part-\d{{5,}}\.parquet({re.escape(SUM_SUFFIX)})?|run\.json")


@contextmanager
def folder_of_run(folder: Path, text: str, *, overwrite: bool) -> Iterator[None]:
    """Open the folder of a run; when it fails before its first part, leave nothing of it.

    Parameters
    ----------
    folder
        Made when it is missing; may hold parts of a run with the same manifest.
    text
        The manifest: what was asked of which input.
    overwrite
        Replace the parts of another run.

    Raises
    ------
    OutputError
        When the folder holds something else, or cannot be written.
    """
    there = folder.exists()
    _open_folder(folder, text, overwrite=overwrite)
    try:
        yield
    except BaseException:
        if not any(folder.glob("part-*.parquet")):
            with suppress(OSError):
                (folder / _MANIFEST).unlink()
                if not there:
                    folder.rmdir()
        raise


def remove_parts(folder: Path) -> None:
    """Remove the parts in a folder.

    Parameters
    ----------
    folder
        Folder of a run that is over.
    """
    for one in folder.glob("part-*.parquet*"):
        one.unlink()


def _open_folder(folder: Path, text: str, *, overwrite: bool) -> None:
    """Make the folder, or see that what it holds is of this run."""
    manifest = folder / _MANIFEST
    try:
        folder.mkdir(exist_ok=True)
        held = [one for one in folder.iterdir() if not one.name.startswith(".tmp-jjj-")]
        if held and not (manifest.is_file() and manifest.read_text(encoding="utf-8") == text):
            ours = [one for one in held if _OURS.fullmatch(one.name)]
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


Steps: TypeAlias = Generator[tuple[str, Counter[str]], None, None]
"""Names of parts as they are done, each with what it holds."""

_RETRIES: Final = 5
_PATIENCE: Final = "30s"  # for a worker to join, or to come back
_LOOK_S: Final = 5.0  # without a part done: see whether anybody still works
_PAUSE_S: Final = 0.02
_AGAIN: Final = "parts that are done are kept: the same words again take the run up"
_LOCAL: Final = re.compile(r"local(?:\[(\d+)\])?")


def require_dask(scheduler: str) -> None:
    """See that Dask is installed and the word for the scheduler makes sense.

    Parameters
    ----------
    scheduler
        ``local[N]`` or an address.

    Raises
    ------
    MissingExtraError
        Without the ``[cluster]`` extra.
    InputError
        When ``local[0]`` is asked for, or the address has no protocol.
    """
    if find_spec("distributed") is None:
        msg = "--scheduler needs Dask: pip install 'jingjinji[cluster]'"
        raise MissingExtraError(msg)
    local = _LOCAL.fullmatch(scheduler)
    if local and local[1] and not int(local[1]):
        msg = "local[0] has no workers"
        raise InputError(msg)
    if not local and "://" not in scheduler:
        msg = (
            f"--scheduler is local, local[N] or an address such as tcp://HOST:8786, not {scheduler}"
        )
        raise InputError(msg)


def on_workers(
    parts: list[Part], job: Any, scheduler: str, write: Callable[[Part, Any], Counter[str]]
) -> Steps:
    """Write parts on Dask's workers; what a dead worker held is done again by another.

    Parameters
    ----------
    parts
        What is to be made.
    job
        What all parts share: sent once, and held by every worker.
    scheduler
        ``local[N]``, or the address of a scheduler whose workers see the same files.
    write
        Function that locates and writes one part.

    Yields
    ------
    name, counts
        Of each part, as it is done.

    Raises
    ------
    InputError
        When nobody answers at the address, no worker joins, or a worker has another version.
    OutputError
        When a part killed every worker that tried it, no worker is left, or the scheduler ended.
    """
    from distributed import KilledWorker  # an extra

    with _client(scheduler) as client:
        # a task rather than scattered data: should every worker that holds it die, it is remade
        shared = client.submit(_given, job, pure=False)
        client.replicate([shared])
        waiting = {
            client.submit(write, part, shared, pure=False, retries=_RETRIES): part.name
            for part in parts
        }
        for done in _as_done(client, list(waiting), scheduler):
            try:
                counts = done.result()
            except KilledWorker as error:
                msg = f"{waiting[done]}: every worker that tried it died; give them more memory"
                raise OutputError(msg) from error
            except CancelledError as error:
                msg = f"{scheduler}: the scheduler ended the run; {_AGAIN}"
                raise OutputError(msg) from error
            yield waiting[done], counts


def _as_done(client: Any, futures: list[Any], scheduler: str) -> Iterator[Any]:
    """Return futures as they are done; give up when the last worker has gone and none returns."""
    from distributed import as_completed

    ready = as_completed(futures)
    looked = time.monotonic()
    while ready.count():
        if ready.has_ready():
            yield next(ready)
        elif time.monotonic() < looked + _LOOK_S:
            time.sleep(_PAUSE_S)
            continue
        else:
            try:
                client.wait_for_workers(1, timeout=_PATIENCE)
            except TimeoutError as error:
                msg = f"{scheduler}: no worker is left, and none came in {_PATIENCE}; {_AGAIN}"
                raise OutputError(msg) from error
        looked = time.monotonic()


def _given(job: Any) -> Any:
    return job


def _version() -> str:
    return f"jingjinji {__version__}, Python {platform.python_version()}"


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # its chatter is not ours
    local = _LOCAL.fullmatch(scheduler)
    if local is None:
        try:
            client = Client(scheduler, timeout="10s")
        except (OSError, ValueError) as error:
            msg = f"no Dask scheduler answers at {scheduler}; write local[N] or tcp://HOST:PORT"
            raise InputError(msg) from error
        with client:
            _require_equal_workers(client, scheduler)
            yield client
        return
    with (
        LocalCluster(
            n_workers=int(local[1]) if local[1] else None,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _require_equal_workers(client: Any, scheduler: str) -> None:
    """See that there are workers, and that they label as this process does."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
        found = client.run(_version)
    except TimeoutError as error:
        msg = f"{scheduler}: no worker has joined within {_PATIENCE}"
        raise InputError(msg) from error
    except ImportError as error:
        msg = f"{scheduler}: a worker cannot load jingjinji ({error}); install it on every worker"
        raise InputError(msg) from error
    for worker, version in sorted(found.items()):
        if version != _version():
            msg = f"{worker} has {version}, this is {_version()}; they must be equal"
            raise InputError(msg)


_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """What one run was asked to do.

    Attributes
    ----------
    source
        Path of the file or folder that is read.
    units
        The polygons, and what the command line called them.
    boundary_accuracy_m
        Error of the borders.
    lon, lat, datum
        Columns of the coordinates and their datum.
    rows
        About how many rows a part has.
    encoding
        Of a text table; None finds it out.
    provenance
        Kept in every part.
    """

    source: Path
    units: Units
    boundary_accuracy_m: float
    lon: str | None
    lat: str | None
    datum: str
    rows: int
    encoding: str | None = None
    provenance: dict[str, Any] = field(default_factory=dict)


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
        Source, units, columns and sizes of the run.
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
    parts, schema = plan_parts(wanted.source, rows=wanted.rows, encoding=wanted.encoding)
    if scheduler is not None:
        require_dask(scheduler)
        if parts[0].written is not None:
            msg = f"{wanted.source}: a CSV is read from one end; give Parquet to several workers"
            raise InputError(msg)
    _say_encoding(parts[0])
    how = _labeller(wanted, schema)
    text = json.dumps(_described(wanted, parts), ensure_ascii=False, indent=1, sort_keys=True)
    text += "\n"
    run = hashlib.sha256(text.encode()).hexdigest()[:16]
    told_of = json.dumps(json_value(wanted.provenance), ensure_ascii=False, sort_keys=True)
    job = Job(how, part_schema(schema, how, run, provenance=told_of), folder)
    with folder_of_run(folder, text, overwrite=overwrite):
        if parts[0].written is not None:
            told = _add_up(_from_text(parts[0], schema, job), None)
        else:
            told = _from_parquet(parts, job, scheduler)
        if told["rows"] and not told["placed"]:
            lacking = "lies in a unit" if told["outside"] else "has coordinates"
            msg = f"{wanted.source}: none of its {told['rows']:,} rows {lacking}"
            remove_parts(folder)
            raise InputError(msg)
    return told


def _say_encoding(part: Part) -> None:
    found = part.written.encoding if part.written is not None else None
    if found is not None and found.how == "detected":
        _LOG.warning(
            "jjj: %s: read as %s (detected; --encoding says otherwise)", part.file.name, found.name
        )


def _labeller(wanted: Wanted, schema: pa.Schema) -> Labeller:
    try:
        return labeller(
            wanted.units, schema, lon=wanted.lon, lat=wanted.lat, datum=wanted.datum,
            boundary_accuracy_m=wanted.boundary_accuracy_m,
        )  # fmt: skip
    except (CRSError, InputError) as error:
        msg = f"{wanted.source}: {error}"
        raise type(error)(msg) from error


def _from_parquet(parts: list[Part], job: Job, scheduler: str | None) -> Counter[str]:
    told: Counter[str] = Counter()
    waiting = []
    for part in parts:
        kept = _kept(part, job)
        told.update(kept or {})
        if kept is None:
            waiting.append(part)
    told["parts kept"] += len(parts) - len(waiting)
    if scheduler is None:
        steps: Steps = ((part.name, write_part(part, job)) for part in waiting)
    else:
        steps = on_workers(waiting, job, scheduler, write_part)
    told.update(_add_up(steps, len(waiting)))
    return told


def _from_text(part: Part, schema: pa.Schema, job: Job) -> Steps:
    for one, table in csv_parts(part, schema):
        kept = _kept(one, job)
        counts = write_part(one, job, table) if kept is None else kept
        counts["parts kept"] += kept is not None
        yield one.name, counts


def _add_up(steps: Steps, total: int | None) -> Counter[str]:
    told: Counter[str] = Counter()
    with progress("parts", total) as step, closing(steps):
        for name, counts in steps:
            told.update(counts)
            step(name)
    return told


def write_part(part: Part, job: Job, table: pa.Table | None = None) -> Counter[str]:
    """Label one part and write it whole.

    Parameters
    ----------
    part
        Part of the source, from ``plan_parts``.
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
                done = _labelled(batch, part, job)
                counts.update(_counts(done))
                writer.write_table(done.replace_schema_metadata(job.schema.metadata))

    def check(path: Path) -> None:
        found = parquet_rows(path)
        if found != part.rows:
            msg = f"{part.name} reads back {found} rows of {part.rows}"
            raise OutputError(msg)

        sums.append(checksum(path))

    sums: list[str] = []
    with Outputs(overwrite=True) as outputs:
        outputs.add(job.folder / part.name, fill, check)
        outputs.text(job.folder / f"{part.name}{SUM_SUFFIX}", _sum_line(sums[0], part))
    return counts


def _sum_line(digest: str, part: Part) -> str:
    """Return what stands in the file beside a part; ``sha256sum --check`` reads it too."""
    return f"{digest}  {part.name}\n"


def _labelled(batch: pa.Table, part: Part, job: Job) -> pa.Table:
    try:
        return labelled(batch, job.how)
    except InputError as error:
        msg = f"{part.file}: {error}"
        raise InputError(msg) from error


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
        "units": wanted.units.name,
        "units_hash": content_hash(wanted.units.frame),
        "boundary_accuracy_m": wanted.boundary_accuracy_m,
        "columns": [wanted.lon, wanted.lat],
        "datum": wanted.datum,
        "rows": wanted.rows,
        "version": __version__,
    }


def _kept(part: Part, job: Job) -> Counter[str] | None:
    """Return what an earlier run's part holds, or None when it must be made."""
    target = job.folder / part.name
    if not target.is_file():
        return None
    defect, held = _checked(part, job, target)
    if held is None:
        _LOG.warning("jjj: %s: %s; made again", target, defect)
        return None
    return Counter(_counts(held))


def _checked(part: Part, job: Job, target: Path) -> tuple[str, pa.Table | None]:
    """Return why a part is not to be trusted, or its columns that are counted."""
    beside = target.with_name(f"{part.name}{SUM_SUFFIX}")
    try:
        if not beside.is_file():
            return f"{beside.name} is missing", None
        if beside.read_bytes() != _sum_line(checksum(target), part).encode():
            return "its bytes changed since it was written", None
        held = written_columns(target, ["adcode", "location_basis"])
    except (InputError, OSError) as error:
        return f"it cannot be read ({error})", None
    ours = (held.schema.metadata or {}).get(b"run") == job.schema.metadata[b"run"]
    if not ours or len(held) != part.rows:
        return "it is not of this run", None
    return "", held
