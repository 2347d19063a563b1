"""``jjj explain``: what a file written by this project rests on."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from geo.cli.options import Lang

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def explain(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FORMULA",
            help="A file written by jjj (GeoJSON, GeoParquet, GeoPackage, GeoTIFF, HTML), or a "
            "formula's id.",
        ),
    ],
    *,
    lang: Lang = "en",
    json_output: Annotated[
        bool, typer.Option("--json", help="Print the provenance as JSON instead.")
    ] = False,
) -> None:
    """Print the sources, parameters, formula and caveat of a file that this project wrote."""
    import json
    from pathlib import Path

    from geo.analysis.result import explain as explain_formula
    from geo.analysis.result import formula_ids
    from geo.door.provenance import read_provenance

    if file in formula_ids() and not Path(file).exists():
        typer.echo(explain_formula(file, lang=lang))
        return
    found = read_provenance(file)
    if json_output:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for line in _lines(found, lang, 0):
        typer.echo(line)


def _lines(value: Any, lang: str, depth: int) -> Iterator[str]:
    """Write nested content as indented lines, texts in one language."""
    indent = "  " * depth
    if isinstance(value, dict):
        for key, one in value.items():
            plain = _plain(one, lang)
            if plain is not None:
                yield f"{indent}{key}: {plain}"
            elif one not in ({}, [], None, ""):
                yield f"{indent}{key}:"
                yield from _lines(one, lang, depth + 1)
    elif isinstance(value, list):
        for one in value:
            plain = _plain(one, lang)
            if plain is not None:
                yield f"{indent}- {plain}"
            else:
                yield from _item(one, lang, depth)


def _item(value: Any, lang: str, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for at, line in enumerate(_lines(value, lang, 0)):
        yield f"{indent}{'- ' if at == 0 else '  '}{line}"


def _plain(value: Any, lang: str) -> str | None:
    """Return a value that fits on one line: a text in three languages, a word, a number."""
    from geo.cli.main import one_line

    if isinstance(value, dict) and {"zh", "en", "ja"} <= set(value):
        return one_line(str(value[lang]))
    if value is None or isinstance(value, dict | list):
        return None
    return one_line(str(value))
