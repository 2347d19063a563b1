"""Too little memory, said in one line: before the libraries load where that can be known.

Under a small limit of address space the C libraries end in an import error half way, or never end.
"""

import contextlib
import errno
from typing import Final

from geo.errors import GeoError

__all__ = ["ran_out", "require_room"]

_NEEDED_MIB: Final = 1024
_UNLOADED: Final = ("failed to map segment", "cannot allocate memory", "out of memory")


def require_room() -> None:
    """Refuse to start below 1 GiB of address space (``ulimit -v``).

    Raises
    ------
    MemoryError
        When the limit is lower; names both.
    """
    with contextlib.suppress(ImportError):  # there are no such limits on Windows
        import resource  # noqa: PLC0415

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY and limit < _NEEDED_MIB << 20:
            msg = f"the limit is {limit >> 20} MiB (ulimit -v), {_NEEDED_MIB} MiB are needed"
            raise MemoryError(msg)


def ran_out(error: BaseException) -> bool:
    """Tell whether an error comes from too little memory, however a library put it.

    Parameters
    ----------
    error
        What ended a command.

    Returns
    -------
    bool
        Also true for a shared object that could not be loaded for want of memory, and for an
        error that was raised in handling one of these.

    Examples
    --------
    >>> ran_out(ImportError("lib.so: failed to map segment from shared object"))
    True
    >>> ran_out(ValueError("bad"))
    False
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError) or getattr(seen, "errno", None) == errno.ENOMEM:
            return True
        if not isinstance(seen, GeoError) and any(one in str(seen).lower() for one in _UNLOADED):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
