"""``jjj atlas``: the main job, every map of the publication."""

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.options import Folder

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def atlas(
    output: Folder = Path("maps"),
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PAGE",
            help="Compose this page only; may be repeated. A gallery that is there stays.",
        ),
    ] = None,
) -> None:
    """Build every map of the atlas; its own files are replaced."""
    import time

    from geo.atlas import build, publication
    from geo.atlas.gallery import unpictured
    from geo.cli.terminal import progress
    from geo.region import current_region

    start = time.monotonic()
    published = publication(current_region())
    pages = list(only or [page.page_id for page in published.pages])
    with progress("maps", len(pages)) as step:
        written = build(output, only=only or (), report=step)
    for path in written:
        typer.echo(path)
    if bare := unpictured(pages, published.front):
        told = ", ".join(bare)
        typer.echo(f"cards without a picture: {told} (make previews draws them)", err=True)
    typer.echo(f"{len(written)} files in {time.monotonic() - start:.1f} s", err=True)
