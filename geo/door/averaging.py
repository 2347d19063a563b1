"""Downsampling of rasters: area-weighted means of cells, summed strip by strip."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

__all__ = ["Averager"]

Floats = NDArray[np.float64]


class Averager:
    """Average the cells of a grid to a coarser grid of the same extent.

    A cell that two of the larger ones share counts in each by its share. Cells without a value do
    not count. What is held is the size of the result, whatever the size of the file.

    Parameters
    ----------
    shape
        Rows and columns of the cells that come.
    fewer
        Rows and columns of the result; no more than come.
    codes
        Take the cell in the middle instead of the mean: codes have none.

    Examples
    --------
    >>> averager = Averager((2, 3), (1, 2))
    >>> averager.add((0, 0), np.array([[1.0, 2.0, 6.0], [1.0, 2.0, np.nan]]))
    >>> averager.means().round(3).tolist()
    [[1.333, 4.0]]
    """

    def __init__(
        self, shape: tuple[int, int], fewer: tuple[int, int], *, codes: bool = False
    ) -> None:
        shares = _middles if codes else _shares
        self._down = shares(shape[0], fewer[0])
        self._across = shares(shape[1], fewer[1])
        self._sums, self._held = np.zeros(fewer), np.zeros(fewer)
        self._apart: dict[float, Floats] = {}

    def add(self, corner: tuple[int, int], cells: Floats) -> None:
        """Add some cells; each comes once.

        Parameters
        ----------
        corner
            Row and column of the first of them, counted from 0.
        cells
            NaN where there is no value.
        """
        missing = np.isnan(cells)
        if missing.any():
            self._share(self._held, corner, (~missing).astype(np.float64))
            cells = np.where(missing, 0.0, cells)
        else:
            place, down, across = self._shares_of(corner, cells.shape)
            self._held[place] += np.outer(down.sum(axis=1), across.sum(axis=1))
        self._share(self._sums, corner, cells)

    def add_apart(self, corner: tuple[int, int], value: float, cells: NDArray[np.bool_]) -> None:
        """Sum the cells of a possible nodata value separately, until it is decided.

        Parameters
        ----------
        corner
            Row and column of the first cell, counted from 0.
        value
            Number that the cells hold, a candidate for nodata.
        cells
            True where it stands.
        """
        into = self._apart.setdefault(value, np.zeros(self._sums.shape))
        self._share(into, corner, cells.astype(np.float64))

    def keep(self, value: float) -> None:
        """Include a value that was summed separately: it is no nodata value.

        Parameters
        ----------
        value
            A value passed to ``add_apart`` before.
        """
        share = self._apart.pop(value)
        self._held += share
        self._sums += share * value

    def means(self) -> Floats:
        """Return the mean of each cell of the result.

        Returns
        -------
        ndarray
            NaN where no cell with a value came.
        """
        found = np.full(self._sums.shape, np.nan)
        np.divide(self._sums, self._held, out=found, where=self._held > 0)
        return found

    def _share(self, into: Floats, corner: tuple[int, int], cells: Floats) -> None:
        place, down, across = self._shares_of(corner, cells.shape)
        into[place] += np.asarray(across @ (down @ cells).T).T

    def _shares_of(self, corner: tuple[int, int], shape: tuple[int, ...]) -> tuple[Any, Any, Any]:
        """Return which cells of the result some cells lie in, and the shares of each way."""
        parts = []
        for shares, start, n in zip((self._down, self._across), corner, shape, strict=True):
            inside = shares[:, start : start + n]
            met = inside.indices if inside.nnz else np.array([0])
            first, end = int(met.min()), int(met.max()) + 1
            parts.append((slice(first, end), inside[first:end].tocsr()))
        (rows, down), (columns, across) = parts
        return (rows, columns), down, across


def _shares(n: int, fewer: int) -> Any:
    """Return how much of each of n cells lies in each of fewer ones, in whole numbers till last."""
    at = np.arange(n, dtype=np.int64)
    first, last = at * fewer // n, ((at + 1) * fewer - 1) // n
    cut = np.minimum((first + 1) * n, (at + 1) * fewer)
    rows = np.concatenate([first, last[last > first]])
    columns = np.concatenate([at, at[last > first]])
    inside = np.concatenate([cut - at * fewer, ((at + 1) * fewer - cut)[last > first]])
    return csc_array((inside / fewer, (rows, columns)), shape=(fewer, n))


def _middles(n: int, fewer: int) -> Any:
    rows = np.arange(fewer, dtype=np.int64)
    return csc_array((np.ones(fewer), (rows, (2 * rows + 1) * n // (2 * fewer))), shape=(fewer, n))
