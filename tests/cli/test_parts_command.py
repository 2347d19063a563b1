"""jjj locate --parts: resumed, survived, identical."""

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely import box

from geo.cli.parts import Wanted, locate_parts, on_workers
from geo.door.parts import Part, checksum
from geo.door.provenance import read_provenance
from geo.errors import InputError, OutputError
from geo.tables.units import units_named

distributed = pytest.importorskip("distributed")
SchedulerPlugin = distributed.SchedulerPlugin

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
    return Wanted(source, units_named("provinces"), 300.0, None, None, "wgs84", rows)


def contents(folder) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir()) if one.is_file()}


def test_parts_in_order_and_taken_up_again(source, tmp_path):
    folder = tmp_path / "out"
    told = locate_parts(wanted(source), folder)
    assert told["rows"] == N
    assert told["placed"] + told["outside"] == N
    first = contents(folder)
    assert len(first) == 25  # twelve parts, a checksum each, and the manifest
    whole = pd.concat(
        [pq.read_table(one).to_pandas() for one in sorted(folder.glob("part-*.parquet"))]
    )
    assert whole["id"].tolist() == list(range(N))
    (folder / "part-00003.parquet").unlink()
    (folder / "part-00005.parquet").write_bytes(first["part-00005.parquet"][:1_000])
    again = locate_parts(wanted(source), folder)
    assert again["parts kept"] == 10
    assert {key: again[key] for key in told if key != "parts kept"} == {
        key: told[key] for key in told if key != "parts kept"
    }
    assert contents(folder) == first


def flipped(at):
    def spoil(part):
        data = bytearray(part.read_bytes())
        data[at] ^= 1
        part.write_bytes(data)

    return spoil


def in_a_page(part):
    with pq.ParquetFile(part) as opened:
        at = opened.metadata.row_group(0).column(1).data_page_offset
    flipped(at + 500)(part)


def cut(part):
    part.write_bytes(part.read_bytes()[:-1_000])


def other_rows(part):
    """As many rows of the same columns, with the run's own metadata: a whole Parquet file."""
    table = pq.read_table(part)
    pq.write_table(table.take(pa.array(range(len(table)))[::-1]), part)


def another_run(part):
    table = pq.read_table(part)
    metadata = {**table.schema.metadata, b"run": b"0" * 16}
    pq.write_table(table.replace_schema_metadata(metadata), part)
    Path(f"{part}.sha256").write_text(f"{checksum(part)}  {part.name}\n")


CHANGED = "its bytes changed since it was written; made again"


@pytest.fixture(scope="module")
def run_of_parts(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    locate_parts(wanted(source), folder)
    return folder


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (in_a_page, CHANGED),
        (flipped(3), CHANGED),
        (flipped(-300), CHANGED),
        (flipped(-1), CHANGED),
        (cut, CHANGED),
        (lambda part: part.write_bytes(b""), CHANGED),
        (other_rows, CHANGED),
        (lambda part: Path(f"{part}.sha256").unlink(), "part-00003.parquet.sha256 is missing"),
        (lambda part: flipped(5)(Path(f"{part}.sha256")), CHANGED),
        (another_run, "it is not of this run; made again"),
        (Path.unlink, None),
    ],
)
def test_a_part_that_rots_is_made_again_and_that_is_said(
    source, tmp_path, run_of_parts, caplog, spoil, said
):
    folder = tmp_path / "out"
    shutil.copytree(run_of_parts, folder)
    spoil(folder / "part-00003.parquet")
    told = locate_parts(wanted(source), folder)
    assert (told["parts kept"], told["rows"]) == (11, N)
    assert contents(folder) == contents(run_of_parts)
    spoken = [one for one in caplog.messages if "made again" in one]
    if said is None:
        assert spoken == []
    else:
        (one,) = spoken
        assert f"{folder / 'part-00003.parquet'}: " in one
        assert said in one


def test_a_text_part_that_rots_is_made_again(tmp_path, caplog):
    rows = "".join(f"{at},116.4,39.9\n" for at in range(50))
    (tmp_path / "in.csv").write_text(f"id,lon,lat\n{rows}")
    locate_parts(wanted(tmp_path / "in.csv", 10), tmp_path / "out")
    first = contents(tmp_path / "out")
    flipped(-1)(tmp_path / "out/part-00002.parquet")
    told = locate_parts(wanted(tmp_path / "in.csv", 10), tmp_path / "out")
    assert (told["parts kept"], told["rows"]) == (4, 50)
    assert contents(tmp_path / "out") == first
    assert caplog.text.count(CHANGED) == 1


def test_the_checksums_are_those_of_sha256sum(run_of_parts):
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("sha256sum is not installed")
    sums = b"".join(one.read_bytes() for one in sorted(run_of_parts.glob("*.sha256")))
    done = subprocess.run([program, "--check"], input=sums, cwd=run_of_parts, capture_output=True)
    assert done.stdout.count(b": OK") == 12


@pytest.mark.slow
@pytest.mark.parametrize("parts_done", [0, 1, 4])
def test_what_a_kill_leaves_is_taken_up(source, tmp_path, run_of_parts, parts_done):
    out = tmp_path / "out"
    words = ["locate", str(source), "--to", "provinces", "-o", "out", "--parts"]
    words = [sys.executable, "-m", "geo.cli.main", *words, "--part-rows", "5000"]
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.DEVNULL) as run:
        while not (out / "run.json").exists() or len([*out.glob("*.parquet")]) < parts_done:
            assert run.poll() is None, "it ended before it could be killed"
            time.sleep(0.001)
        run.kill()
    left = contents(out)
    again = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    whole = contents(out)
    assert sorted(whole) == sorted(contents(run_of_parts))
    assert {name: whole[name] for name in left} == left  # whole, or not there
    assert f"rows {N:,}" in again.stderr
    kept = sum(name.endswith(".sha256") for name in left)
    assert (f"parts kept {kept}" if kept else "rows") in again.stderr
    assert [len(pq.read_table(one)) for one in sorted(out.glob("*.parquet"))] == [5_000] * 12


@pytest.mark.slow
def test_another_runs_folder_is_not_touched_unless_asked(source, tmp_path):
    folder = tmp_path / "out"
    locate_parts(wanted(source, 30_000), folder)
    before = contents(folder)
    with pytest.raises(OutputError, match="--overwrite replaces them"):
        locate_parts(wanted(source, 20_000), folder)
    assert contents(folder) == before
    locate_parts(wanted(source, 20_000), folder, overwrite=True)
    assert len(contents(folder)) == 7
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds something else than parts of this run$"):
        locate_parts(wanted(source, 30_000), folder, overwrite=True)
    assert (folder / "thesis.txt").exists()


def refused(jjj, *words) -> str:
    ran = jjj("locate", *words, "--parts", "-o", "out")
    assert ran.code == 1
    (line,) = ran.err.strip().splitlines()
    return line


@pytest.mark.slow
def test_refusals_are_one_line_and_leave_nothing(jjj, tmp_path):
    square = gpd.GeoDataFrame(geometry=[box(116, 39, 117, 40)], crs=4326)
    square.to_parquet(tmp_path / "areas.parquet")
    square.to_crs(4509).centroid.to_frame("geometry").to_parquet(tmp_path / "metres.parquet")
    (tmp_path / "none.csv").write_text("id,lon,lat\n1,,\n2,x,y\n")
    (tmp_path / "torn.csv").write_text("id,lon,lat\n1,116,39\n2,116\n")
    for name, said in (
        ("areas.parquet", "areas.parquet: the geometry holds a Polygon among the points"),
        ("metres.parquet", "metres.parquet: the geometry is in CGCS2000 / Gauss-Kruger CM 117E"),
        ("none.csv", "none.csv: none of its 2 rows has coordinates"),
        ("torn.csv", "torn.csv: line 3: CSV parse error: "),
    ):
        assert said in refused(jjj, name)
        assert not (tmp_path / "out").exists()


def test_a_text_table_as_it_comes_and_what_it_rests_on(jjj, tmp_path):
    text = "名称;经度;纬度\n甲;116.4;39.9\n乙;nan;39\n丙;inf;1\n"
    (tmp_path / "in.csv").write_bytes(text.encode("gb18030"))
    ran = jjj("locate", "in.csv", "--parts", "-o", "out", "--datum", "gcj02")
    assert ran.code == 0, ran.err
    assert "in.csv: read as gb18030 (detected" in ran.err
    assert "rows 3, placed 1, no coordinates 2" in ran.err
    found = pd.read_parquet(tmp_path / "out/part-00000.parquet")
    assert found["名称"].tolist() == ["甲", "乙", "丙"]
    told = read_provenance(tmp_path / "out/part-00000.parquet")
    assert told["parameters"] == {"datum": "gcj02", "datum_from": "declared"}
    assert told["inputs"]["units"]["sources"]


def test_units_that_overlap_are_said(jjj, source, tmp_path):
    zones = gpd.GeoDataFrame(
        {"id": ["a", "b"]}, geometry=[box(115, 38, 117, 40), box(116, 39, 118, 41)], crs=4326
    )
    zones.to_file(tmp_path / "zones.geojson")
    ran = jjj("locate", source, "--parts", "-o", "out", "--to", "zones.geojson")
    assert ran.code == 0
    assert ran.err.count("zones.geojson: not a partition (a and b overlap") == 1


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
        "part-00000.parquet.sha256",
        "run.json",
    ]
    again = subprocess.run(["bash", "-c", words], cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert "parts kept 1" in again.stderr
    assert pq.read_metadata(tmp_path / "out/part-00001.parquet").num_rows == N - 1_000


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_small_disk_that_fills_up_and_grows(source, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "none", disk], check=False)
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    try:
        with pytest.raises(OutputError, match="part-0.*cannot be written"):
            locate_parts(wanted(source), disk / "out")
        kept = sorted((disk / "out").glob("part-*.parquet"))
        assert 1 <= len(kept) < 12
        assert {pq.read_metadata(one).num_rows for one in kept} == {5_000}
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        told = locate_parts(wanted(source), disk / "out")
        assert (told["parts kept"], told["rows"]) == (len(kept), N)
        locate_parts(wanted(source), tmp_path / "large")
        assert contents(disk / "out") == contents(tmp_path / "large")
    finally:
        subprocess.run(["umount", disk], check=False)


class Sent(SchedulerPlugin):
    """Counts how often the shared index was handed to a worker by the scheduler."""

    computed = 0

    def transition(self, key, start, finish, *_args, **_kwargs):
        if str(key).startswith("_given"):
            self.computed += (start, finish) == ("processing", "memory")


@pytest.fixture
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as started:
        yield started


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_same_bytes_and_the_index_is_sent_once(source, tmp_path, cluster):
    locate_parts(wanted(source, 2_500), tmp_path / "here")
    seen = Sent()
    cluster.scheduler.add_plugin(seen)
    told = locate_parts(
        wanted(source, 2_500), tmp_path / "there", scheduler=cluster.scheduler_address
    )
    assert (told["rows"], seen.computed) == (N, 1)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_same_bytes_though_a_worker_is_killed(source, tmp_path, cluster):
    locate_parts(wanted(source, 2_500), tmp_path / "here")
    told = {}

    def run() -> None:
        told.update(
            locate_parts(
                wanted(source, 2_500), tmp_path / "there", scheduler=cluster.scheduler_address
            )
        )

    pids = [worker.pid for worker in cluster.workers.values()]
    thread = threading.Thread(target=run)
    thread.start()
    end = time.monotonic() + 60
    while time.monotonic() < end and not list((tmp_path / "there").glob("part-*.parquet")):
        time.sleep(0.01)
    assert len(list((tmp_path / "there").glob("part-*.parquet"))) < 24, (
        "killed too late to prove anything"
    )
    os.kill(pids[0], 9)
    thread.join(120)
    assert not thread.is_alive()
    assert told["rows"] == N
    # the killed worker may leave its private folder, which a later run sweeps
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_part_that_kills_every_worker_is_named(cluster):
    def die(part, _job):
        os._exit(1)

    parts = [Part(7, Path("in.parquet"))]
    with pytest.raises(OutputError, match=r"^part-00007\.parquet: every worker that tried it died"):
        list(on_workers(parts, None, cluster.scheduler_address, die))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_whose_workers_have_gone_is_not_waited_for(tmp_path, monkeypatch, cluster):
    monkeypatch.setattr("geo.cli.parts._PATIENCE", "1s")
    monkeypatch.setattr("geo.cli.parts._LOOK_S", 0.5)
    begun = tmp_path / "begun"

    def hang(_part, _job):
        begun.touch()
        time.sleep(600)

    def leave() -> None:
        while not begun.exists():
            time.sleep(0.01)
        cluster.scale(0)

    threading.Thread(target=leave, daemon=True).start()
    parts = [Part(0, Path("in.parquet"))]
    with pytest.raises(OutputError, match="no worker is left.*the same words again"):
        list(on_workers(parts, None, cluster.scheduler_address, hang))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_workers_of_another_version_are_refused(source, tmp_path, monkeypatch, cluster):
    monkeypatch.setattr("geo.cli.parts.__version__", "9.9")
    with pytest.raises(InputError, match=r"has jingjinji .*this is jingjinji 9\.9.*must be equal"):
        locate_parts(wanted(source), tmp_path / "out", scheduler=cluster.scheduler_address)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_words(jjj, source, tmp_path):
    ran = jjj("locate", source, "--to", "provinces", "-o", "out", "--parts", "--part-rows", "40000")
    assert ran.code == 0, ran.err
    assert "rows 60,000" in ran.err
    assert "--datum names another" in ran.err
    for words, code, said in (
        ((source, "-o", "-", "--parts"), 2, "writes the folder that -o names"),
        ((source, "-o", "o2", "--parts", "--address", "a"), 2, "--address works without it"),
        ((source, "-o", "o2", "--parts", "--sheet", "a"), 2, "--sheet works without it"),
        ((source, "-o", "o2", "--scheduler", "tcp://127.0.0.1:1"), 1, "no Dask scheduler answers"),
        (("none.parquet", "-o", "o2", "--parts"), 1, "none.parquet: does not exist"),
    ):
        ran = jjj("locate", *words)
        assert ran.code == code
        assert said in ran.err
    assert not (tmp_path / "o2").exists()
