"""Cost distance over 2000 × 2000 cells, in 64 bits and with the path."""

from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

from benchmarks.report import Report
from geo.analysis.corridors.least_cost import cost_distance


def run(report: Report) -> None:
    side = 2_000 if not report.quick else 600
    random = np.random.default_rng(0)
    friction = np.exp(gaussian_filter(random.normal(0, 1, (side, side)), 8) * 20)
    start = (5, 5)
    truth = cost_distance(friction, start, compile_from=10**12).cost

    def check(_: str, answer: Any) -> str:
        worst = float(np.abs(answer / np.where(truth > 0, truth, 1) - (truth > 0)).max())
        assert worst < 1e-5, f"off by {worst:.1e}"
        return f"within {worst:.0e}"

    report.compare(
        f"Cost distance, {side} × {side} cells",
        {
            "jingjinji": lambda: cost_distance(friction, start).cost,
            "jingjinji without numba (SciPy Dijkstra)": lambda: (
                cost_distance(friction, start, compile_from=10**12).cost
            ),
        },
        {
            "xarray-spatial (float32, no path)": _xrspatial(friction, start),
            "skimage MCP_Geometric": _skimage(friction, start),
        },
        check=check,
        goals={"xarray-spatial (float32, no path)": 1.0},
    )


def _skimage(friction: Any, start: Any) -> Any:
    if not find_spec("skimage"):
        return None
    from skimage.graph import MCP_Geometric

    return lambda: MCP_Geometric(friction).find_costs([start])[0]


def _xrspatial(friction: Any, start: Any) -> Any:
    if not find_spec("xrspatial"):
        return None
    import xarray as xr
    from xrspatial import cost_distance as peer

    places = {"y": np.arange(len(friction)), "x": np.arange(len(friction))}
    sources = np.zeros_like(friction)
    sources[start] = 1
    source, surface = (
        xr.DataArray(one, dims=("y", "x"), coords=places) for one in (sources, friction)
    )
    return lambda: peer(source, surface).to_numpy()
