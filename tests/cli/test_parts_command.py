"""jjj locate --parts: resumed, survived, identical."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import geo
from geo.cli.parts import Wanted, locate_parts
from geo.errors import OutputError

N = 60_000


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    random = np.random.default_rng(0)
    table = pa.table(
        {
            "id": np.arange(N),
            "lon": random.uniform(113.4, 119.9, N),
            "lat": random.uniform(36, 42.7, N),
        }
    )
    path = tmp_path_factory.mktemp("in") / "in.parquet"
    pq.write_table(table, path, row_group_size=2_500)
    return path


def wanted(source, rows=5_000) -> Wanted:
    return Wanted(
        source, geo.layers.read("provinces"), "provinces", 300.0, None, None, "wgs84", rows
    )


def contents(folder) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir()) if one.is_file()}


def test_parts_in_order_and_taken_up_again(source, tmp_path):
    folder = tmp_path / "out"
    told = locate_parts(wanted(source), folder)
    assert told["rows"] == N
    assert told["placed"] + told["outside"] == N
    first = contents(folder)
    assert len(first) == 13
    whole = pd.concat([pq.read_table(one).to_pandas() for one in sorted(folder.glob("part-*"))])
    assert whole["id"].tolist() == list(range(N))
    (folder / "part-00003.parquet").unlink()
    (folder / "part-00005.parquet").write_bytes(first["part-00005.parquet"][:1_000])
    again = locate_parts(wanted(source), folder)
    assert again["parts kept"] == 10
    assert {key: again[key] for key in told if key != "parts kept"} == {
        key: told[key] for key in told if key != "parts kept"
    }
    assert contents(folder) == first


def test_another_runs_folder_is_not_touched_unless_asked(source, tmp_path):
    folder = tmp_path / "out"
    locate_parts(wanted(source, 30_000), folder)
    before = contents(folder)
    with pytest.raises(OutputError, match="--overwrite replaces them"):
        locate_parts(wanted(source, 20_000), folder)
    assert contents(folder) == before
    locate_parts(wanted(source, 20_000), folder, overwrite=True)
    assert len(contents(folder)) == 4
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds something else than parts of this run$"):
        locate_parts(wanted(source, 30_000), folder, overwrite=True)
    assert (folder / "thesis.txt").exists()


@pytest.mark.slow
def test_a_full_disk_leaves_the_earlier_parts_valid(source, tmp_path):
    """The second part is too large for what may be written; the first stays, and is kept."""
    table = pq.read_table(source)
    with pq.ParquetWriter(tmp_path / "in.parquet", table.schema) as writer:
        writer.write_table(table.slice(0, 1_000))
        writer.write_table(table.slice(1_000))
    words = f"{sys.executable} -m geo.cli.main locate in.parquet --to provinces -o out --parts --part-rows 1000"
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 500; exec {words}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stderr
    assert "cannot be written" in done.stderr
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "part-00000.parquet",
        "run.json",
    ]
    again = subprocess.run(["bash", "-c", words], cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert "parts kept 1" in again.stderr
    assert pq.read_metadata(tmp_path / "out/part-00001.parquet").num_rows == N - 1_000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_same_bytes_though_a_worker_is_killed(source, tmp_path):
    distributed = pytest.importorskip("distributed")
    locate_parts(wanted(source, 2_500), tmp_path / "here")
    told = {}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]

        def run() -> None:
            told.update(
                locate_parts(
                    wanted(source, 2_500), tmp_path / "there", scheduler=cluster.scheduler_address
                )
            )

        thread = threading.Thread(target=run)
        thread.start()
        end = time.monotonic() + 60
        while time.monotonic() < end and not list((tmp_path / "there").glob("part-*")):
            time.sleep(0.01)
        os.kill(pids[0], 9)
        thread.join(120)
        assert not thread.is_alive()
    assert told["rows"] == N
    # the killed worker may leave its private folder, which a later run sweeps
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@pytest.mark.slow
def test_words(jjj, source, tmp_path):
    ran = jjj("locate", source, "--to", "provinces", "-o", "out", "--parts", "--part-rows", "40000")
    assert ran.code == 0, ran.err
    assert "rows 60,000" in ran.err
    assert "--datum names another" in ran.err
    for words, code, said in (
        ((source, "-o", "-", "--parts"), 2, "writes the folder that -o names"),
        ((source, "-o", "o2", "--parts", "--address", "a"), 2, "coordinates only"),
        ((source, "-o", "o2", "--scheduler", "tcp://127.0.0.1:1"), 1, "no Dask scheduler answers"),
        (("none.parquet", "-o", "o2", "--parts"), 1, "no .parquet or .csv file"),
    ):
        ran = jjj("locate", *words)
        assert ran.code == code
        assert said in ran.err
    assert not (tmp_path / "o2/part-00000.parquet").exists()
