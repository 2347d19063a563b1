"""The summary of a run as data, and what its outputs may be.

Where a command writes: in the encoding asked for, in the metres that the region hands over.

The headline of a command as data: numerator, denominator, what is left out, one sentence.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo import formats
from geo.door.account import Account
from geo.formats import json_value
from geo.region import current_region
from geo.write import Outputs

__all__ = [
    "add_summary",
    "headline",
    "outputs_for",
    "part_of",
    "rows_headline",
]


def outputs_for(target: str | Path, *, encoding: str, overwrite: bool) -> Outputs:
    """Begin the outputs of a command.

    Parameters
    ----------
    target
        Where the main result goes: a path, or ``"-"``.
    encoding
        Text encoding, as ``geo.formats.require_encoding`` takes it.
    overwrite
        Whether files may be replaced.

    Returns
    -------
    Outputs
        Nothing is staged yet.

    Raises
    ------
    InputError
        When the main result is not written in that encoding.
    """
    region = current_region()
    metres = None if region.profile.handover_crs is None else region.handover_crs
    return formats.outputs_for(target, encoding=encoding, overwrite=overwrite, metres=metres)


def headline(
    numerator: float,
    denominator: float,
    sentence: Mapping[str, str],
    left_out: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Say a result as a part of a whole.

    Parameters
    ----------
    numerator, denominator
        The part and the whole, of one unit.
    sentence
        The same in words: ``zh``, ``en``, ``ja``.
    left_out
        What is in neither, by reason.

    Returns
    -------
    dict
        ``numerator``, ``denominator``, ``left_out``, ``sentence``.

    Examples
    --------
    >>> headline(1, 4, {"zh": "4 之 1", "en": "1 of 4", "ja": "4 のうち 1"})["denominator"]
    4
    """
    return {
        "numerator": numerator,
        "denominator": denominator,
        "left_out": dict(left_out or {}),
        "sentence": dict(sentence),
    }


def part_of(
    numerator: int,
    denominator: int,
    words: tuple[str, str, str],
    left_out: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Say a count as a part of a whole, in three sentences of one shape.

    Parameters
    ----------
    numerator, denominator
        The part and the whole.
    words
        Chinese, English and Japanese with ``{n}`` for the part and ``{whole}`` for the whole.
    left_out
        What is in neither, by reason.

    Returns
    -------
    dict
        As ``headline``.

    Examples
    --------
    >>> part_of(1, 4, ("{whole} 之 {n}", "{n} of {whole}", "{whole} のうち {n}"))["sentence"]["en"]
    '1 of 4'
    """
    numbers = {"n": f"{numerator:,}", "whole": f"{denominator:,}"}
    said = (text.format(**numbers) for text in words)
    return headline(
        numerator, denominator, dict(zip(("zh", "en", "ja"), said, strict=True)), left_out
    )


def rows_headline(account: Account) -> dict[str, Any]:
    """Say how many rows of an input are used.

    Parameters
    ----------
    account
        Account of the rows that were read.

    Returns
    -------
    dict
        As ``headline``.

    Examples
    --------
    >>> rows_headline(Account("a.csv", 3))["sentence"]["en"]
    '3 of 3 rows used'
    """
    lost = {reason: one.rows for reason, one in account.left_out.items()}
    return headline(account.used, account.rows, account.sentence(), lost)


def add_summary(outputs: Outputs, target: str | None, told: Mapping[str, Any], **more: Any) -> None:
    """Stage the summary of a command, where one was asked for.

    Parameters
    ----------
    outputs
        Files of the run that are written together.
    target
        Path given by ``--summary``, or None for none.
    told
        Headline as data, as ``headline`` makes it.
    **more
        What else the command has to say as data.
    """
    if target is None:
        return
    content = json_value({"headline": told, **more})
    outputs.text(target, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
