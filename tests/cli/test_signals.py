"""SIGINT and SIGTERM end every command that takes a while, within two seconds, whatever it does."""

import json
import os
import signal
import time
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from started import start

import geo
from geo.cli.main import COMMANDS

SECONDS = 2.0
MOMENTS = (0.1, 0.3, 0.55)  # of the time that the whole run takes

RUNS = {
    "access": "access --to stations --minutes 60 --from counties -o o.geojson",
    "atlas": "atlas -o o",
    "claims": "claims --html o.html -o o.csv",
    "codes": "codes upgrade codes.csv --from 2009 --to 2024 --code code -o o.csv",
    "coordination": "coordination panel.csv --unit city --year year --subsystem x=a,b "
    "--subsystem y=c,d -o o.csv",
    "corridor": "corridor points.csv --axis plan-2026 --profile p.csv --map m.html -o o.geojson",
    "flows": "flows od.csv --nodes counties -o o.geojson --verdict v.json",
    "layers": "layers check",
    "leastcost": "leastcost --from 116.35,39.4 --to 114.5,38.0 --cell-m 500 -o o.tif --path p.geojson",
    "locate": "locate points.csv -o o.geojson",
    "map": "map points.csv zones.geojson -o o.html",
    "plan": "plan circles points.csv -o o.geojson --shares s.csv",
    "raster": "raster zonal terrain --to zones.geojson -o o.geojson",
    "roles": "roles specialisation industry.csv --index similarity -o o.csv",
    "structure": "structure points.csv -o o.geojson",
    "surface": "surface points.csv --cell-m 500 -o o.tif",
}
QUICK = {
    "check": "computes one rate",
    "explain": "reads the head of one file",
    "interaction": "has the pairs of a few units; Wilson's model meets its margins in milliseconds",
}


def points(path, n=100_000):
    random = np.random.default_rng(0)
    lon, lat = random.uniform(113.6, 119.8, n), random.uniform(36.2, 42.5, n)
    rows = (f"厂{at},{x:.6f},{y:.6f}" for at, (x, y) in enumerate(zip(lon, lat, strict=True)))
    path.write_text("\n".join(["名称,lon,lat", *rows, ""]), encoding="utf-8")


def zones(path, n=5_000):
    turn = np.linspace(0, 2 * np.pi, 61)
    features = []
    for at in range(n):
        ring = np.column_stack(
            [
                114 + at % 100 / 20 + 0.024 * np.cos(turn),
                36.5 + at // 100 / 10 + 0.045 * np.sin(turn),
            ]
        ).round(6)
        ring[-1] = ring[0]
        geometry = {"type": "Polygon", "coordinates": [ring.tolist()]}
        features.append({"type": "Feature", "properties": {"id": f"z{at}"}, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def table(path, head, rows):
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    points(folder / "points.csv")
    zones(folder / "zones.geojson")
    codes = list(geo.layers.read("counties").index)
    pairs = ((a, b, i * j % 97 + 1) for i, a in enumerate(codes) for j, b in enumerate(codes))
    table(folder / "od.csv", "origin,destination,weight",
          (f"{a},{b},{w}" for a, b, w in pairs if a != b))  # fmt: skip
    table(folder / "industry.csv", "region,industry,value",
          (f"{a},i{k},{at * k % 89 + 1}" for at, a in enumerate(codes) for k in range(400)))  # fmt: skip
    table(folder / "codes.csv", "code,year,people",
          (f"{codes[at % len(codes)]},2012,{at % 77}" for at in range(200_000)))  # fmt: skip
    table(folder / "panel.csv", "city,year,a,b,c,d", (
        f"{a},{year},{at * year % 91 + 1},{at + year},{at * 3 + year},{at * 7 + year}"
        for at, a in enumerate(codes) for year in range(1900, 2020)
    ))  # fmt: skip
    return folder


@pytest.fixture
def begin(loaded, inputs, tmp_path):
    """Start the program in an empty folder, as the ``jjj`` fixture does, and let it run."""
    numbers = count()

    def begun(words):
        place = tmp_path / str(next(numbers))
        (place / "streams").mkdir(parents=True)
        (place / "out").mkdir()
        streams = [str(place / "streams" / name) for name in ("in", "out", "err")]
        Path(streams[0]).touch()
        named = [str(inputs / one) if (inputs / one).is_file() else one for one in words.split()]
        program = loaded.Process(target=start, args=(named, str(place / "out"), streams))
        program.start()
        return program, place / "out", Path(streams[2])

    return begun


def test_every_command_is_in_one_of_the_lists():
    assert sorted([*RUNS, *QUICK]) == sorted(COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(RUNS))
def test_a_signal_ends_it_within_two_seconds_and_leaves_nothing(begin, command):
    lengths = []
    for _ in range(2):  # the first may be the one that compiles what the others find compiled
        begun = time.monotonic()
        program, _, said = begin(RUNS[command])
        program.join(300)
        lengths.append(time.monotonic() - begun)
        assert program.exitcode == 0, said.read_text()
    whole = min(lengths)
    late = []
    for number, word in ((signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")):
        for moment in MOMENTS:
            program, folder, said = begin(RUNS[command])
            program.join(whole * moment)
            assert program.exitcode is None, f"it ended in less than {moment:.0%} of {whole:.1f} s"
            sent = time.monotonic()
            os.kill(program.pid, number)
            program.join(60)
            late.append(time.monotonic() - sent)
            assert program.exitcode == 128 + number, said.read_text()
            last = said.read_text(encoding="utf-8").splitlines()[-1]
            assert last == f"jjj: {word}; nothing was written"
            assert "Traceback" not in said.read_text(encoding="utf-8")
            assert list(folder.iterdir()) == []
    assert max(late) < SECONDS, f"seconds from each signal to the end: {late}"
