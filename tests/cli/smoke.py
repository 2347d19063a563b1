"""Every command once, on tiny inputs: one list for ``make test`` and for ``make floors``.

``python tests/cli/smoke.py`` runs it in the environment whose Python that is, without pytest.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import typer

import geo
from geo.cli.main import COMMANDS
from geo.sources.facts import shipped_folder

TINY = Path(__file__).parents[1] / "data" / "plan_tiny"
TARGETS = shipped_folder() / "jjj" / "targets" / "jjj-2021-2035.yaml"
FILES = {
    "@tiny": TINY / "tiny.yaml",
    "@targets": TARGETS,
    "@values": TARGETS.with_suffix(".values.csv"),
}
SECONDS = 300

INPUTS = {
    "firms.csv": (
        "名称,经度,纬度,类型,年份,人数\n甲,116.41,39.91,lab,2019,3\n乙,117.20,39.12,plant,2020,9\n"
        "丙,115.48,38.86,lab,2020,4\n丁,118.18,39.63,plant,2019,7\n戊,114.51,38.04,lab,2020,2\n"
    ),
    "flows.csv": "origin,destination,weight\n北京,天津,90\n北京,保定,60\n天津,唐山,4\n",
    "cities.csv": (
        "region,population,gdp\n北京,2189.3,43760.7\n天津,1386.6,16737.3\n唐山,771.8,9133.3\n"
    ),
    "margins.csv": "region,origins,destinations\na,3,1\nb,1,3\n",
    "pairs.csv": "origin,destination,cost\na,a,1\na,b,2\nb,a,2\nb,b,1\n",
    "industry.csv": "region,industry,value\n北京,x,30\n北京,y,10\n天津,x,10\n天津,y,30\n",
    "functions.csv": "region,management,production\na,3,1\nb,1,3\n",
    "chains.csv": "origin,destination,stage,weight\n北京,天津,design,3\n天津,天津,design,5\n",
    "branches.csv": "headquarters,branch,weight\n北京,雄安,169\n保定,雄安,91\n",
    "income.csv": "region,value\n北京,5\n天津,3\n唐山,1\n",
    "plants.csv": "region,industry,value\na,x,1\na,x,1\nb,y,5\n",
    "regions.csv": "region,value\na,10\nb,10\n",
    "panel.csv": "city,year,papers,patents\n北京,2010,1,5\n北京,2020,9,9\n天津,2010,2,3\n天津,2020,3,4\n",
    "codes.csv": "区划代码,年份,人口\n110103,2012,10\n130302,2012,30\n",
    "sites.geojson": (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"site":"x",'
        '"type":"plant"},"geometry":{"type":"Point","coordinates":[116.55,39.35]}}]}'
    ),
}
"""Written into the folder in which the lines of a command run."""


Run = Callable[[list[str], Path], tuple[int, str, str]]
"""Runs the program with words in a folder; returns its exit code, stdout and stderr."""


@dataclass(frozen=True)
class Line:
    """One run of the program.

    Attributes
    ----------
    words
        After the program's name; those of FILES stand for files of the checkout.
    makes
        Files that must be there afterwards, and hold something.
    says
        What must stand on stdout.
    """

    words: str
    makes: tuple[str, ...] = ()
    says: str = ""

    @property
    def argv(self) -> list[str]:
        return [str(FILES.get(word, word)) for word in self.words.split()]


SMOKE = {
    "access": [
        Line("access --to facilities --minutes 60 --from prefectures -o a.csv", ("a.csv",)),
    ],
    "atlas": [Line("atlas -o atlas --only overview", ("atlas/index.html", "atlas/overview.html"))],
    "check growth": [Line("check growth 71.2 748.7 2013 2023", says="% a year")],
    "claims": [Line("claims -o claims.csv --html claims.html", ("claims.csv", "claims.html"))],
    "codes upgrade": [
        Line("codes upgrade codes.csv --from 2009 --to 2024 -o upgraded.csv", ("upgraded.csv",)),
    ],
    "coordination": [
        Line(
            "coordination panel.csv --unit city --year year --subsystem a=papers "
            "--subsystem b=patents -o coordination.geojson",
            ("coordination.geojson",),
        ),
    ],
    "corridor": [
        Line(
            "corridor firms.csv --axis plan-jingjin --profile p.csv --decay d.json --summary s.json "
            "--map corridor.html -o corridor.geojson",
            ("corridor.geojson", "p.csv", "d.json", "s.json", "corridor.html"),
        ),
    ],
    "flows": [
        Line("flows flows.csv -o flows.geojson --verdict v.json", ("flows.geojson", "v.json")),
    ],
    "interaction gravity": [
        Line("interaction gravity cities.csv -o gravity.geojson", ("gravity.geojson",)),
    ],
    "interaction wilson": [
        Line(
            "interaction wilson margins.csv --pairs pairs.csv --beta 0.5 -o wilson.csv",
            ("wilson.csv",),
        ),
    ],
    "layers build": [
        Line("layers build terrain", ("own/layers/jjj/terrain.tif",), says="terrain.tif"),
    ],
    "layers check": [Line("layers check", says="16 + 16 + 167")],
    "layers export": [
        *(
            Line(f"layers export xiongan -o x.{suffix}", (f"x.{suffix}",))
            for suffix in ("geojson", "gpkg", "parquet")
        ),
        Line("layers export terrain -o terrain.tif", ("terrain.tif",)),
    ],
    "layers info": [Line("layers info counties", says="天地图")],
    "layers list": [Line("layers list", says="counties")],
    "leastcost": [
        Line(
            "leastcost --from 116.35,39.4 --to 116.65,39.4 --cell-m 2000 -o least.tif "
            "--path path.geojson",
            ("least.tif", "path.geojson"),
        ),
    ],
    "locate": [
        Line("locate firms.csv -o located.geojson --report r.json", ("located.geojson", "r.json")),
        Line("locate firms.csv -o located.xlsx", ("located.xlsx",)),
        Line("locate located.xlsx --lon lon --lat lat -o again.parquet", ("again.parquet",)),
        Line(
            "locate again.parquet --lon lon --lat lat -o parts --parts --part-rows 2",
            ("parts/run.json", "parts/part-00000.parquet"),
        ),
        Line("locate firms.csv -o text --parts --datum gcj02", ("text/part-00000.parquet",)),
    ],
    "map": [
        Line("map firms.csv counties -o map.html --lang en", ("map.html",)),
        Line("map terrain firms.csv -o raster.html", ("raster.html",)),
    ],
    "plan alternatives": [
        Line("plan alternatives --within-km 10 -o alternatives.csv", ("alternatives.csv",)),
    ],
    "plan axes": [
        Line(
            "plan axes flows.csv --alpha 0.6 -o axes.csv --ranks ranks.csv",
            ("axes.csv", "ranks.csv"),
        ),
    ],
    "plan circles": [
        Line(
            "plan circles sites.geojson --plan @tiny -o circles.geojson --shares shares.csv "
            "--map circles.html",
            ("circles.geojson", "shares.csv", "circles.html"),
        ),
    ],
    "plan elements": [Line("plan elements -o elements.csv", ("elements.csv",))],
    "plan fit": [Line("plan fit sites.geojson --plan @tiny -o fit.geojson", ("fit.geojson",))],
    "plan scorecard": [
        Line(
            "plan scorecard @targets @values --asof 2026 -o score.csv --html score.html",
            ("score.csv", "score.html"),
        ),
    ],
    "raster clip": [Line("raster clip terrain --to xiongan -o clipped.tif", ("clipped.tif",))],
    "raster hillshade": [
        Line("raster clip terrain --to xiongan -o clipped.tif", ("clipped.tif",)),
        Line("raster hillshade clipped.tif -o shade.tif", ("shade.tif",)),
    ],
    "raster zonal": [Line("raster zonal terrain --to prefectures -o zonal.csv", ("zonal.csv",))],
    "roles agglomeration": [
        Line("roles agglomeration plants.csv --regions regions.csv -o eg.csv", ("eg.csv",)),
    ],
    "roles branches": [
        Line("roles branches branches.csv -o branches.geojson", ("branches.geojson",))
    ],
    "roles chains": [Line("roles chains chains.csv -o linkage.csv", ("linkage.csv",))],
    "roles concentration": [
        Line("roles concentration facilities -o concentration.csv", ("concentration.csv",)),
    ],
    "roles functions": [Line("roles functions functions.csv -o degree.csv", ("degree.csv",))],
    "roles inequality": [
        Line("roles inequality income.csv --value value -o theil.csv", ("theil.csv",)),
    ],
    "roles specialisation": [
        Line("roles specialisation industry.csv --index lq -o lq.geojson", ("lq.geojson",)),
    ],
    "roles triangle": [
        Line("roles triangle facilities -o triangle.geojson", ("triangle.geojson",))
    ],
    "structure": [
        Line("structure firms.csv -o centres.geojson", ("centres.geojson",)),
        Line(
            "structure counties --measure moran --weight area_km2 --permutations 99 -o moran.csv",
            ("moran.csv",),
        ),
        Line("structure facilities --measure neighbours -o neighbours.csv", ("neighbours.csv",)),
    ],
    "surface": [Line("surface firms.csv --cell-m 2500 -o density.tif", ("density.tif",))],
    "explain": [
        Line("layers export xiongan -o x.geojson", ("x.geojson",)),
        Line("explain x.geojson", says="sources:"),
        Line("explain herfindahl", says="caveat:"),
    ],
}
"""Lines of each command; what one makes may be read by the next."""


def commands() -> set[str]:
    """Return every command of the program; one below another by both words."""
    found = set()
    for name in COMMANDS:
        command = typer.main.get_command(import_module(f"geo.cli.{name}").app)
        below = getattr(command, "commands", None)
        found |= {f"{name} {one}" for one in below} if below else {name}
    return found


def defects(command: str, run: Run, folder: Path) -> list[str]:
    """Run the lines of a command in an empty folder; return what is wrong with each."""
    for name, text in INPUTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [said for line in SMOKE[command] for said in _defects(line, run, folder)]


def _defects(line: Line, run: Run, folder: Path) -> list[str]:
    code, out, err = run(line.argv, folder)
    wrong = [f"exit code {code}"] if code else []
    wrong += [word for word in ("Traceback", "a defect of this program") if word in out + err]
    wrong += [
        f"{name} is missing or empty"
        for name in line.makes
        if not (folder / name).is_file() or not (folder / name).stat().st_size
    ]
    wrong += [f"{line.says!r} is not said"] if line.says not in out else []
    return [f"jjj {line.words}: {'; '.join(wrong)}: {err.strip()[-800:]}"] if wrong else []


def started(words: list[str], folder: Path) -> tuple[int, str, str]:
    """Run the program of this environment in a process of its own.

    ``layers build`` writes into the installed layers: it gets a private copy of the program.
    """
    env = dict(os.environ)
    if words[:2] == ["layers", "build"]:
        private_copy(folder / "own")
        (folder / "own" / "layers" / "jjj" / "terrain.tif").unlink()
        env["PYTHONPATH"] = str(folder / "own")
    done = subprocess.run(
        [sys.executable, "-m", "geo.cli.main", *words],
        capture_output=True, cwd=folder, env=env, timeout=SECONDS, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def private_copy(folder: Path) -> None:
    """Copy the program and its layers into a folder, to be damaged; PYTHONPATH makes it used."""
    program = Path(geo.__file__).parent
    shutil.copytree(program, folder / "geo", ignore=shutil.ignore_patterns("shipped"))
    shutil.copytree(shipped_folder(), folder / "layers")


def main() -> int:
    """Run every line in processes of their own; 1 when one fails or a command has none."""

    def smoke(command: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            return defects(command, started, Path(folder))

    failed = [f"{one}: has no line in {__file__}" for one in sorted(commands() ^ set(SMOKE))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed += [said for several in pool.map(smoke, SMOKE) for said in several]
    print(*failed, sep="\n", file=sys.stderr)  # noqa: T201 - a program of its own
    runs = sum(map(len, SMOKE.values()))
    print(f"{runs} runs of {len(SMOKE)} commands, {len(failed)} failed")  # noqa: T201
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
