"""``--region`` of every command: before its name, or after it."""

from typing import Annotated, Any, Final

import typer

__all__ = ["RegionOption", "add_region", "city_column", "say_former"]

_HELP: Final = "The region: an id (jjj), or a folder with region.yaml; JJJ_REGION by default."
_former: dict[str, str] = {}
"""What ``--region`` of a command that took a column said, until the command asks."""


def _use(ctx: typer.Context, name: str | None) -> str | None:
    """Mean a region until the command ends; a column's name is kept for commands that took one."""
    if name is None:
        return None
    from geo.errors import MissingFileError, UnknownIdError
    from geo.region import use_region

    try:
        ctx.with_resource(use_region(name))
    except (UnknownIdError, MissingFileError):
        if not any(one.name == "city" for one in ctx.command.params):
            raise
        _former["city"] = name
    return name


RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="ID|FOLDER",
        is_eager=True,
        expose_value=False,
        callback=_use,
        help=_HELP,
    ),
]


def _nothing(_region: RegionOption = None) -> None:
    """Lend its option to every command."""


def add_region(command: Any) -> None:
    """Give a command, or each command of a group, the option ``--region``.

    Parameters
    ----------
    command
        As typer made it.
    """
    if hasattr(command, "commands"):
        for one in command.commands.values():
            add_region(one)
        return
    _former.clear()
    lender = typer.Typer(add_completion=False)
    lender.command()(_nothing)
    command.params.append(typer.main.get_command(lender).params[0])


def city_column(city: str | None) -> str | None:
    """Return the column of cities, also where the older ``--region C`` named it.

    Parameters
    ----------
    city
        As ``--city`` gave it.

    Returns
    -------
    str or None
        None where neither was given.
    """
    former = _former.get("city")
    return former if city is None else city


def say_former() -> None:
    """Say that ``--region`` was read as the column of cities, once that was right."""
    former = _former.pop("city", None)
    if former is None:
        return
    import logging

    logging.getLogger(__name__).warning(
        "--region %s was read as the column of cities; write --city %s: --region names a region",
        former, former,
    )  # fmt: skip
