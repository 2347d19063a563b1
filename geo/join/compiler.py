"""The optional compiler of the [fast] extra: numba, loaded only when it pays.

Inner loops are written as plain functions, so that they are read, typed and checked like any
other; they are compiled when numba is installed and the input is large. Every one has a twin on
NumPy, SciPy or GEOS that gives the same answer.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Final

__all__ = ["MANY", "compiled"]

MANY: Final = 200_000
"""Points from which loading the compiler (about half a second) is worth it."""


@lru_cache(maxsize=16)
def compiled(kernel: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return a kernel compiled to machine code, or None without numba.

    Parameters
    ----------
    kernel
        A plain function on arrays and numbers.

    Returns
    -------
    callable or None
        None without numba.
    """
    if find_spec("numba") is None:
        return None
    import numba  # noqa: PLC0415 - half a second, and optional

    made: Callable[..., Any]
    try:
        made = numba.njit(nogil=True, cache=True, error_model="numpy")(kernel)
    except RuntimeError:  # no folder that numba could keep the machine code in
        made = numba.njit(nogil=True, error_model="numpy")(kernel)
    return made
