"""The command line on a damaged file, in this process: its words, and what it may answer."""

import io
import logging
import sys
import tempfile
import unicodedata
import warnings
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest.mock import patch

import typer.main

import geo.cli.main as line
from geo.errors import GeoError

__all__ = ["commands_judged", "load"]

UNITS: Final = """{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"adcode": "110000", "name": "甲"}, "geometry": {"type": "Polygon",
"coordinates": [[[115, 38], [116.7, 38], [116.7, 41], [115, 41], [115, 38]]]}},
{"type": "Feature", "properties": {"adcode": "120000", "name": "乙"}, "geometry": {"type": "Polygon",
"coordinates": [[[116.7, 38], [118, 38], [118, 41], [116.7, 41], [116.7, 38]]]}}]}"""
WAY: Final = ("--from", "116.1,39.9", "--to", "116.4,39.6")
PLAIN: Final = (".html", ".yaml")
NODATA: Final = ("none", "-9999", "7", "-3.4e38")


def commands_judged(path: Path, how: dict[str, Any], random: Random | None) -> list[str]:
    """Run the commands that take a file; return what none of them may do.

    Parameters
    ----------
    path
        Of the file or folder.
    how
        Of the sample; ``commands`` names the only ones that take it.
    random
        Chooses one command; all of them without it.

    Returns
    -------
    list of str
        Failures, each with the command.
    """
    if path.suffix in PLAIN:
        return []
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder)
        (to / "units.geojson").write_text(UNITS, "utf-8")
        asked = [one for one in _asked(path, to, random) if one[0] in how.get("commands", one)]
        if random is not None and asked:
            asked = [random.choice(asked)]
        found: list[str] = []
        for words in asked:
            found += _ended(words, path, to)
            if "--parts" in words:
                found += _taken_up(words, path, to, random)
    return found


def load(table: Path, raster: Path) -> None:
    """Run every command once, so that none of those that are judged pays for imports."""
    for path in (table, raster):
        commands_judged(path, {}, None)
        commands_judged(path, {}, Random(0))


def _asked(path: Path, to: Path, random: Random | None) -> Iterator[list[str]]:
    units, file = ["--to", str(to / "units.geojson")], str(path)
    made = {one: ["-o", str(to / f"made.{one}")] for one in ("csv", "tif", "html", "parquet")}
    if path.suffix != ".tif":
        yield ["locate", file, *units, "--parts", "--part-rows", "2", "-o", str(to / "made")]
        if random is not None:
            yield ["locate", file, *units, *made["csv"]]
            yield ["map", file, *made["html"]]
        return
    nodata = [] if random is None else random.choice(([], ["--nodata", random.choice(NODATA)]))
    yield ["raster", "zonal", file, *units, *nodata, *made["csv"]]
    yield ["raster", "hillshade", file, *nodata, *made["tif"]]
    yield ["raster", "clip", file, *units, *nodata, "--overwrite", *made["tif"]]
    yield ["leastcost", *WAY, "--friction", file, *nodata, "--overwrite", *made["tif"]]
    yield ["map", file, *made["html"]]


def _taken_up(words: list[str], path: Path, to: Path, random: Random | None) -> list[str]:
    """Run the same words again, after a part was damaged where a seed says so."""
    parts = sorted((to / "made").glob("*.parquet"))
    if random is not None and parts:
        part = random.choice(parts)
        content = bytearray(part.read_bytes())
        content[random.randrange(len(content))] ^= 1
        part.write_bytes(content)
    return [f"again: {one}" for one in _ended(words, path, to)]


def _ended(words: list[str], path: Path, to: Path) -> list[str]:
    """Run one command; judge its exit code, what it said, and what it left."""
    name = " ".join(one for one in words[:2] if "/" not in one)
    before = {one.name for one in to.iterdir()}
    code, said, defect = _run(words)
    found = [defect] if defect else []
    lines = said.splitlines()
    if code not in (0, 1):
        found.append(f"ends with {code}: {said[-200:]!r}")
    if code == 1 and not defect and not (lines and _names(lines[-1], path)):
        found.append(f"does not name the file: {said[-200:]!r}")
    left = {one.name for one in to.iterdir()} - before
    if code and left and "--parts" not in words:  # whose parts that are done are kept
        found.append(f"leaves {sorted(left)}")
    if any(word in said for word in ("CPLE_", "Traceback", "Warning:", "Exception ignored")):
        found.append(f"lets a library speak: {said[:200]!r}")
    if any(unicodedata.category(sign) in ("Cc", "Cs") for one in lines for sign in one):
        found.append(f"says control signs: {said[-200:]!r}")
    return [f"{name}: {one}" for one in found]


def _names(text: str, path: Path) -> bool:
    """Tell whether a refusal says what is at fault: the file, a place of the words, the machine."""
    return path.name in text or text.startswith(
        ("jjj: from: ", "jjj: to: ", "jjj: not enough memory")
    )


def _run(words: list[str]) -> tuple[int, str, str]:
    """Do what ``geo.cli.main.run`` does but end the process; return code, stderr, defect."""
    out, said = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace") for _ in "ab")
    defect, code = "", 0
    ends = (GeoError, typer.Exit, typer.Abort, line._ClickError, SystemExit, MemoryError, OSError)
    with patch.object(sys, "stdout", out), patch.object(sys, "stderr", said):
        try:
            with warnings.catch_warnings():
                app = typer.main.get_command(line._app)
                code = app.main(words, prog_name="jjj", standalone_mode=False) or 0
        except ends as error:
            code, text = line._judge(error)
            if text:
                line._say(text)
        except BaseException as error:  # noqa: BLE001 - a panic of a Rust library is no Exception
            code, defect = 1, line._defect(error)  # type: ignore[arg-type]
        finally:
            logging.getLogger().handlers.clear()  # it writes to a stream that is gone
    said.flush()
    return code, said.buffer.getvalue().decode("utf-8", "replace"), defect  # type: ignore[attr-defined]
