"""Classes as a PNG with a palette, the picture that a map carries."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

__all__ = ["palette_png"]


def palette_png(codes: NDArray[np.uint8], colours: Sequence[str]) -> bytes:
    r"""Write a picture of classes.

    Parameters
    ----------
    codes
        Rows and columns; 0 is clear, 1 the first colour.
    colours
        Colours as ``"#1a2b3c"``, at most 255.

    Returns
    -------
    bytes
        The same for the same classes.

    Examples
    --------
    >>> palette_png(np.array([[0, 1]], dtype=np.uint8), ["#ff0000"])[:4]
    b'\x89PNG'
    """
    palette = {0: (0, 0, 0, 0)}
    for at, one in enumerate(colours, start=1):
        red, green, blue = (int(one[k : k + 2], 16) for k in (1, 3, 5))
        palette[at] = (red, green, blue, 255)
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        height, width = codes.shape
        with memory.open(
            driver="PNG", width=width, height=height, count=1, dtype="uint8", zlevel=9, nodata=0
        ) as target:
            target.write(codes, 1)
            target.write_colormap(1, palette)
        return bytes(memory.read())
