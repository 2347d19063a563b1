"""``jjj layers``: list, show, export, check and re-make the shipped layers."""

import sys
from typing import Annotated

import typer

from geo.cli.options import Output, OutputEncoding, Overwrite

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="List, export, check and re-make the shipped layers.",
)

LayerId = Annotated[str, typer.Argument(metavar="ID", help="A layer of `jjj layers list`.")]


@app.command("list")
def list_layers(
    plain: Annotated[bool, typer.Option("--plain", help="Ids only, one a line.")] = False,
) -> None:
    """List the region's layers and tables, and its optional layers."""
    from geo.cli.results import print_table
    from geo.layers import catalogue, entry, ids, optional

    found = catalogue()
    if plain:
        typer.echo("\n".join(sorted(ids())))
        return
    entries = [entry(one) for one in sorted(ids())]
    rows = [
        (
            one["layer"],
            one["title"]["en"],
            str(one.get("features", "raster")),
            "; ".join(dict.fromkeys(source["licence"] for source in one.get("sources", ()))),
        )
        for one in entries
    ]
    print_table(("layer", "what", "features", "licence"), rows)
    tables = [(name, one["file"], str(one["rows"])) for name, one in found["tables"].items()]
    for head, listed in (
        (("table", "file", "rows"), tables),
        (("optional", "what", "state", "licence"), optional()),
    ):
        if listed:
            typer.echo("")
            print_table(head, listed)


@app.command()
def info(layer_id: LayerId) -> None:
    """Print what a layer holds, rests on and lacks, as JSON."""
    import json

    from geo.layers import entry

    typer.echo(json.dumps(entry(layer_id), ensure_ascii=False, indent=1))


@app.command()
def export(
    layer_id: LayerId,
    output: Output = "-",
    output_encoding: OutputEncoding = "UTF-8",
    overwrite: Overwrite = False,
) -> None:
    """Write a shipped layer in another format; a raster as .tif."""
    from geo.cli.summary import outputs_for
    from geo.errors import InputError
    from geo.formats import add_frame
    from geo.layers import ids, load, path
    from geo.layers.specs import specs
    from geo.write import STDOUT

    rasters = specs().rasters
    as_raster = output.lower().endswith((".tif", ".tiff"))
    if layer_id in rasters and not as_raster and output != STDOUT:
        msg = f"{output}: {layer_id} is a raster, which is written as .tif"
        raise InputError(msg)
    if layer_id in ids() and layer_id not in rasters and as_raster:
        msg = f"{output}: {layer_id} has no raster; .tif is for {', '.join(rasters)}"
        raise InputError(msg)
    with outputs_for(output, encoding=output_encoding, overwrite=overwrite) as outputs:
        if layer_id in rasters:
            outputs.data(output, path(layer_id).read_bytes())
        else:
            layer = load(layer_id)
            frame = layer.frame.reset_index()
            told = layer.provenance()
            add_frame(outputs, output, frame, provenance=told)


@app.command()
def build(
    layer_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="All when none is named.")
    ] = None,
) -> None:
    """Re-make layers byte for byte from the data packages and tables ([sources] extra).

    counties_detailed is built into your cache and read from there ([detailed] extra).
    """
    from geo.layers.builders import build as build_layers

    for written in build_layers(layer_ids or (), lambda one: typer.echo(one, err=True)):
        typer.echo(written)


@app.command()
def check() -> None:
    """Check hashes, schemas, the partition, published areas and the counties of sites."""
    from geo.cli.results import print_table
    from geo.errors import InputError
    from geo.layers.check import check as check_layers

    findings = check_layers()
    print_table(
        ("", "checked", "found"),
        [("ok" if one.good else "BAD", one.subject, one.text) for one in findings],
    )
    bad = [one.subject for one in findings if not one.good]
    if bad:
        sys.stdout.flush()
        msg = f"{len(bad)} of {len(findings)} checks fail: {', '.join(bad)}"
        raise InputError(msg)
