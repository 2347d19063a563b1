"""The command line: its options for all commands, its exit codes, one line an error.

The versions that decide results: two GDALs and several PROJs may live in one process.

Too little memory, said in one line: before the libraries load where that can be known.

Under a small limit of address space the C libraries end in an import error half way, or never end.

``jjj``: a command is imported when it is called, an error is one line, an output is whole.

Exit codes: 0 good, 1 the data or the request is wrong, 2 usage, 130 and 143 interrupted.
"""

import contextlib
import errno
import os
import signal
import sys
from importlib import import_module, metadata
from typing import Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from geo.cli.interrupt import heard, heed, tidy, what_stands
from geo.cli.regions import RegionOption, add_region
from geo.cli.terminal import printable, write_utf8
from geo.errors import GeoError, UnknownIdError, readable

__all__ = [
    "COMMANDS",
    "cli",
    "ran_out",
    "require_room",
    "run",
    "versions",
]

_SHOWN: Final = (
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "rasterio",
    "folium",
    "pandas",
    "numpy",
)


def versions() -> str:
    """Describe the package, the libraries and the C libraries inside their wheels.

    Returns
    -------
    str
        One line a component.
    """
    import pyproj
    import shapely

    from geo import __version__
    from geo.door import gdal
    from geo.raster import gdal_version

    inside = {
        "pyogrio": f"GDAL {gdal.gdal_version()}",
        "rasterio": f"GDAL {gdal_version()}",
        "pyproj": f"PROJ {pyproj.proj_version_str}",
        "shapely": f"GEOS {shapely.geos_version_string}",
    }
    lines = [f"jingjinji {__version__}"]
    for name in _SHOWN:
        extra = f" ({inside[name]})" if name in inside else ""
        lines.append(f"{name} {metadata.version(name)}{extra}")
    return "\n".join(lines)


_NEEDED_MIB: Final = 1024
_UNLOADED: Final = ("failed to map segment", "cannot allocate memory", "out of memory")


def require_room() -> None:
    """Refuse to start below 1 GiB of address space (``ulimit -v``).

    Raises
    ------
    MemoryError
        When the limit is lower; names both.
    """
    with contextlib.suppress(ImportError):  # there are no such limits on Windows
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY and limit < _NEEDED_MIB << 20:
            msg = f"the limit is {limit >> 20} MiB (ulimit -v), {_NEEDED_MIB} MiB are needed"
            raise MemoryError(msg)


def ran_out(error: BaseException) -> bool:
    """Tell whether an error comes from too little memory, however a library put it.

    Parameters
    ----------
    error
        What ended a command.

    Returns
    -------
    bool
        Also true for a shared object that could not be loaded for want of memory, and for an
        error that was raised in handling one of these.

    Examples
    --------
    >>> ran_out(ImportError("lib.so: failed to map segment from shared object"))
    True
    >>> ran_out(ValueError("bad"))
    False
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError) or getattr(seen, "errno", None) == errno.ENOMEM:
            return True
        if not isinstance(seen, GeoError) and any(one in str(seen).lower() for one in _UNLOADED):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


# typer carries its own copy of click, whose errors it does not export by name
_UsageError: type[Exception]
_ClickError: type[Exception]
_UsageError, _ClickError = typer.BadParameter.__mro__[1:3]

COMMANDS: Final = {
    "access": "Measure what can be reached in a travel time.",
    "atlas": "Build every map of the atlas; index.html first.",
    "check": "Work a published number out again.",
    "claims": "Hold the source article's claims against sources and tables.",
    "codes": "Bring county codes of one year to another.",
    "coordination": "Couple subsystems of indicators: coordination degree by unit and year.",
    "corridor": "Measure points along and across an axis.",
    "explain": "Say what a file written by this project rests on.",
    "flows": "Find the core and the axes in a table of flows between units.",
    "interaction": "Compute linkage from sizes and distances: gravity, Wilson.",
    "layers": "List, export, check and re-make the shipped layers.",
    "leastcost": "Find the least-cost corridor between two places.",
    "locate": "Place the rows of a table in counties, every row accounted for.",
    "map": "Make an interactive map of layers and files.",
    "plan": "Read sites against a spatial plan: circles, corridors, zones, roles, scorecard.",
    "raster": "Summarise, shade and clip any GeoTIFF.",
    "roles": "Measure the division of labour: specialisation, functions, chains, branches.",
    "structure": "Measure centres, spread, clusters and rank-size.",
    "surface": "Estimate the density of points as a GeoTIFF.",
}
"""Each command and its one line of help; the code is in ``geo/cli/NAME.py``."""


class _LazyGroup(TyperGroup):
    """Lists commands from the table, and imports one only when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"geo.cli.{cmd_name}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        add_region(command)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def resolve_command(
        self, ctx: Any, args: list[str]
    ) -> tuple[str | None, Any | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise typer.BadParameter(str(UnknownIdError("command", args[0], sorted(COMMANDS))))
        return super().resolve_command(ctx, args)


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    from geo.cli.main import versions

    typer.echo(versions())
    raise typer.Exit


_app = typer.Typer(
    cls=_LazyGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@_app.callback()
def cli(
    verbose: Annotated[int, typer.Option("-v", count=True, help="Say more on stderr.")] = 0,
    quiet: Annotated[bool, typer.Option("-q", help="Say nothing on stderr but errors.")] = False,
    _region: RegionOption = None,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=_print_version,
            help="Print the versions of the package and of the libraries that decide results.",
        ),
    ] = False,
) -> None:
    """Spatial-planning analysis of a metropolitan region: layers, joins, corridors, maps.

    Data go to stdout or -o FILE, messages to stderr; - is stdin or stdout. Wherever a command
    takes a layer, it takes a layer's id (jjj layers list) or a file. --region, before or after the
    command, or the variable JJJ_REGION names another region than Beijing-Tianjin-Hebei.
    """
    import logging
    import warnings

    require_room()
    level = logging.ERROR if quiet else (logging.INFO, logging.DEBUG)[min(verbose, 1)]
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s", force=True)
    logging.getLogger("geo").setLevel(level)
    said: set[str] = set()

    def is_new(record: logging.LogRecord) -> bool:
        text = printable(record.getMessage())
        record.msg, record.args = text, ()
        fresh = text not in said
        said.add(text)
        return fresh

    # what several steps of a run notice is told once
    logging.getLogger().handlers[0].addFilter(is_new)
    if verbose < 2:
        warnings.simplefilter("ignore")


def one_line(text: str) -> str:
    r"""Flatten a message to one printable line.

    Parameters
    ----------
    text
        May hold line ends, escapes and other control signs from a file's content.

    Returns
    -------
    str
        At most 600 characters; control signs shown as ``\x1b`` and the like.

    Examples
    --------
    >>> one_line("bad\nfile \x1b[31m")
    'bad file \\x1b[31m'
    """
    safe = printable(" ".join(readable(text).splitlines()))
    return safe if len(safe) <= 600 else f"{safe[:599]}…"


def _say(message: str) -> None:
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(f"jjj: {one_line(message)}", file=sys.stderr, flush=True)  # noqa: T201


def _leave(code: int) -> NoReturn:
    """End without the interpreter's own complaints about closed streams."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = code or 1
    os._exit(code)


def _usage(error: Any) -> str:
    where = f" (see {error.ctx.command_path} --help)" if error.ctx is not None else ""
    return f"{error.format_message()}{where}"


def _judge(error: BaseException) -> tuple[int, str]:  # noqa: PLR0911 - one return a kind of end
    """Return the exit code and the line for whatever ended a command."""
    if isinstance(error, typer.Exit):
        return error.exit_code, ""
    if isinstance(error, _UsageError):
        return 2, _usage(error)
    if isinstance(error, _ClickError):
        return 1, str(error)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return 130, what_stands(signal.SIGINT)
    if isinstance(error, SystemExit):
        code = error.code if isinstance(error.code, int) else 1
        return code, ""
    if ran_out(error):
        cause = f": {error}" if isinstance(error, MemoryError) and str(error) else ""
        return 1, f"not enough memory, nothing was written{cause}"
    if isinstance(error, BrokenPipeError):
        return 0, ""
    if isinstance(error, OSError) and not isinstance(error, GeoError):
        return 1, f"{error.filename or 'system'}: {error.strerror or error}"
    return 1, str(error)


def _defect(error: Exception) -> str:
    import logging
    import traceback

    logging.getLogger("geo").debug("defect", exc_info=error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"  # noqa: PTH119 - keep pathlib out
    kind = type(error).__name__
    return (
        f"a defect of this program, please report it: {kind} at {where}: {error} (jjj -v says more)"
    )


def run(args: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code.

    Parameters
    ----------
    args
        Words after the program's name; those of the process by default.
    """
    write_utf8()
    heed()
    ends = (GeoError, typer.Exit, typer.Abort, _ClickError, KeyboardInterrupt, SystemExit)
    code, message = 0, ""
    try:
        code = typer.main.get_command(_app).main(args, prog_name="jjj", standalone_mode=False) or 0
    except (*ends, MemoryError, OSError) as error:
        code, message = _judge(error)
    except Exception as error:  # noqa: BLE001 - a defect of ours is still one line to the user
        code, message = _judge(error) if ran_out(error) else (1, _defect(error))
    tidy()
    if heard():  # whatever the libraries on its way have made of it
        code, message = 128 + heard(), what_stands(heard())
    if message:
        _say(message)
    _leave(code)


if __name__ == "__main__":
    run()
