"""Structure of a flow network: dominant flows and the backbone (disparity filter)."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.flows.table import Flows
from geo.errors import InputError

__all__ = ["disparity_filter", "dominant_flows", "significance"]


def dominant_flows(flows: Flows, *, year: int | None = None) -> pd.DataFrame:
    """Find the dominant flow of each unit (Nystuen and Dacey's nodal flows).

    A unit's largest outflow is nodal when its destination receives more in all than the unit
    itself; the destination is then its parent. Units without a parent are terminals (roots).

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them; in undirected ones inflow is
        strength.
    year
        The year that is used; None sums all years.

    Returns
    -------
    DataFrame
        Indexed by unit: ``largest_to`` (null without outflow), ``flow``, ``nodal`` (boolean),
        ``parent`` (null for roots), ``tied`` (all destinations of the largest flow, separated by
        a space, null when there is one; the one that receives most is taken), ``root`` (at which
        the chain of parents ends).

    Raises
    ------
    InputError
        When there are no flows in that year.

    References
    ----------
    Nystuen, J. D. and Dacey, M. F. (1961). A graph theory interpretation of nodal regions.
    Papers of the Regional Science Association 7, 29-42. doi:10.1007/BF01969070.

    Examples
    --------
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["1", "1"], "destination": ["2", "3"], "weight": [5, 4]})
    >>> dominant_flows(check_flows(table, units)).parent.tolist()
    [None, '1', '1']
    """
    weights = flows.matrix(year)
    inflow = weights.sum(axis=0)
    ids = flows.units.index.to_numpy(dtype=object)
    rows: list[tuple[object, ...]] = []
    for at, row in enumerate(weights):
        if row.max() <= 0:
            rows.append((None, np.nan, False, None, None))
            continue
        best = np.flatnonzero(row == row.max())
        to = best[np.argmax(inflow[best])]
        nodal = bool(inflow[to] > inflow[at])
        tied = " ".join(map(str, ids[best])) if len(best) > 1 else None
        rows.append((ids[to], row[to], nodal, ids[to] if nodal else None, tied))
    table = pd.DataFrame(
        rows,
        columns=["largest_to", "flow", "nodal", "parent", "tied"],
        index=flows.units.index,
        dtype=object,
    ).astype({"flow": "float64", "nodal": "bool"})
    return table.assign(root=[_root(unit, table["parent"]) for unit in table.index])


def _root(unit: str, parents: "pd.Series[str]") -> str:
    # inflow rises at every step, so the chain cannot turn back on itself
    while parents[unit] is not None:
        unit = parents[unit]
    return unit


def disparity_filter(flows: Flows, *, alpha: float = 0.05, year: int | None = None) -> pd.DataFrame:
    """Find the flows that are more than an even split of either unit's total would give.

    From the end of a unit with k flows of total s, a flow w has the significance
    α = (1 - w/s)^(k - 1); of the two ends the smaller counts, and flows with α below the level
    form the backbone. With one flow only, α is 1 from that end.

    Parameters
    ----------
    flows
        Origin-destination flows as ``check_flows`` returns them. When directed, the origin's end
        uses its outflows and the destination's end its inflows.
    alpha
        Level, above 0 and at most 1.
    year
        The year that is used; None sums all years.

    Returns
    -------
    DataFrame
        One row a pair, heaviest first: ``origin``, ``destination``, ``weight``, ``share`` of the
        total, ``alpha_origin``, ``alpha_destination``, ``alpha`` (the smaller), ``backbone``.

    Raises
    ------
    InputError
        When the level is not in (0, 1], or there are no flows in that year.

    Notes
    -----
    A unit with few flows keeps its one big partner even when the flow is small in all: read the
    share of weight that the backbone keeps beside it.

    References
    ----------
    Serrano, M. A., Boguna, M. and Vespignani, A. (2009). Extracting the multiscale backbone of
    complex weighted networks. PNAS 106, 6483-6488. doi:10.1073/pnas.0808904106.

    Examples
    --------
    >>> from geo.analysis.flows.table import check_flows
    >>> units = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("abc"),
    ...     "name_ja": list("甲乙丙")}, index=["1", "2", "3"])
    >>> table = pd.DataFrame({"origin": ["1", "1"], "destination": ["2", "3"], "weight": [9, 1]})
    >>> disparity_filter(check_flows(table, units), alpha=0.2).backbone.tolist()
    [True, False]
    """
    if not 0 < alpha <= 1:
        msg = f"alpha is {alpha}; give a level above 0 and at most 1, such as 0.05"
        raise InputError(msg)
    weights = flows.matrix(year)
    shown = weights if flows.directed else np.triu(weights)
    start, end = np.nonzero(shown)
    heavy = weights[start, end]
    from_start, from_end = (one[start, end] for one in significance(weights))
    least = np.minimum(from_start, from_end)
    ids = flows.units.index.to_numpy(dtype=object)
    table = pd.DataFrame(
        {
            "origin": ids[start],
            "destination": ids[end],
            "weight": heavy,
            "share": heavy / heavy.sum(),
            "alpha_origin": from_start,
            "alpha_destination": from_end,
            "alpha": least,
            "backbone": least < alpha,
        }
    )
    return table.sort_values("weight", ascending=False, kind="stable", ignore_index=True)


def significance(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the disparity filter's α of each flow, from the origin's and the destination's end.

    Parameters
    ----------
    weights
        Shape (n, n), 0 where there is no flow.

    Returns
    -------
    from_origin, from_destination : ndarray
        Shape (n, n); 1 where there is no flow, and where the unit has one flow only.

    Examples
    --------
    >>> out, into = significance(np.array([[0.0, 3, 1], [0, 0, 0], [0, 0, 0]]))
    >>> out[0].tolist(), into[0].tolist()
    ([1.0, 0.25, 0.75], [1.0, 1.0, 1.0])
    """

    def of_rows(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        total = matrix.sum(axis=1, keepdims=True)
        degree = (matrix > 0).sum(axis=1, keepdims=True)
        rest = np.clip(1 - matrix / np.where(total > 0, total, 1.0), 0, 1)
        return np.where((matrix > 0) & (degree > 1), rest ** np.maximum(degree - 1, 0), 1.0)

    return of_rows(weights), of_rows(weights.T).T
