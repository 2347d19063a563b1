"""Parts on Dask: the same function a part, on processes here or on the workers of a cluster."""

import logging
import platform
import re
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final, TypeAlias

from geo import __version__
from geo.door.parts import Part
from geo.errors import InputError, MissingExtraError, OutputError

__all__ = ["Steps", "on_workers", "require_dask"]

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
        Writes one part.

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
    from distributed import KilledWorker  # noqa: PLC0415 - an extra

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
    from distributed import as_completed  # noqa: PLC0415

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
    from distributed import Client, LocalCluster  # noqa: PLC0415

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
