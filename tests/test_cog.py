"""Long encoding goes on beside the main thread, which hears signals and what was raised."""

import signal
import time

import numpy as np
import pytest
import rasterio
from affine import Affine
from metres import ANALYSIS_CRS

from geo.errors import InputError, OutputError
from geo.formats import cog
from geo.raster import Raster
from geo.write import Outputs


def test_what_is_raised_beside_the_main_thread_is_raised():
    with pytest.raises(ValueError, match="invalid literal"):
        cog._interruptible(int, "x")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
def test_a_signal_is_heard_while_it_lasts():
    def stop(*_):
        raise SystemExit(143)

    former = signal.signal(signal.SIGALRM, stop)
    started = time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(SystemExit):
            cog._interruptible(time.sleep, 30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
    assert time.monotonic() - started < 10


def test_a_file_that_does_not_read_back_is_not_published(tmp_path, monkeypatch):
    made = Raster(
        np.random.default_rng(0).normal(size=(700, 40)), Affine(9, 0, 0, 0, -9, 0), ANALYSIS_CRS
    )

    with Outputs() as outputs:
        cog.add_raster(outputs, tmp_path / "a.tif", made)
    monkeypatch.setattr(cog, "_fill", _fill_another)
    with pytest.raises(OutputError, match="does not read back"), Outputs() as outputs:
        cog.add_raster(outputs, tmp_path / "b.tif", made)
    assert [one.name for one in tmp_path.iterdir()] == ["a.tif"]


def _fill_another(bands, provenance, unit, path):
    values = next(iter(bands.values())).values.copy()
    values[-1, -1] += 1  # in the last tile
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
        dtype="float32", nodata=np.nan, transform=Affine(9, 0, 0, 0, -9, 0),
    ) as file:  # fmt: skip
        file.write(values.astype("float32"), 1)


def test_another_suffix_is_refused(tmp_path):
    made = Raster(np.ones((2, 2)), Affine(9, 0, 0, 0, -9, 0), ANALYSIS_CRS)
    with pytest.raises(InputError, match="is written as .tif"), Outputs() as outputs:
        cog.add_raster(outputs, tmp_path / "a.png", made)
