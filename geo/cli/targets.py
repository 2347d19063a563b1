"""Where a command writes: in the encoding asked for, in the metres that the region hands over."""

from pathlib import Path

from geo import formats
from geo.region import current_region
from geo.write import Outputs

__all__ = ["outputs_for"]


def outputs_for(target: str | Path, *, encoding: str, overwrite: bool) -> Outputs:
    """Begin the outputs of a command.

    Parameters
    ----------
    target
        Where the main result goes: a path, or ``"-"``.
    encoding
        As ``geo.formats.require_encoding``.
    overwrite
        Whether files may be replaced.

    Returns
    -------
    Outputs
        Nothing is staged yet.

    Raises
    ------
    InputError
        When the main result is not written in that encoding.
    """
    region = current_region()
    metres = None if region.profile.handover_crs is None else region.handover_crs
    return formats.outputs_for(target, encoding=encoding, overwrite=overwrite, metres=metres)
