"""Parquet in, labels, GeoParquet out: how much of the time is reading and writing."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.data import layer_a, layer_b, points
from benchmarks.report import Report
from geo.door.parts import ROWS, part_tables, plan_parts
from geo.join._locate import place
from geo.join.labels import labelled, labeller, part_schema
from geo.layers import read
from geo.region import open_region
from geo.tables.units import Units


def run(report: Report) -> None:
    n = report.size(10_000_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lon, lat = points(n)
        pq.write_table(
            pa.table({"id": np.arange(n), "lon": lon, "lat": lat}), folder / "in.parquet",
            row_group_size=ROWS,
        )  # fmt: skip
        units = read("counties")
        detailed = layer_b()
        if detailed is not None:
            units = units.drop(columns="geometry").join(detailed, how="inner")
            units = detailed.join(units.drop(columns="geometry"))
        _compare(report, folder, units if detailed is not None else layer_a(), lon, lat)


def _compare(report: Report, folder: Path, units: Any, lon: Any, lat: Any) -> None:
    parts, schema = plan_parts(folder / "in.parquet")
    region = open_region()
    how = labeller(Units(units, "counties", region, region.smallest), schema)
    out = part_schema(schema, how, "bench")

    def write(tables: Callable[[Any], Any]) -> int:
        rows = 0
        for part in parts:
            with pq.ParquetWriter(folder / part.name, out, compression="zstd") as writer:
                for batch in part_tables(part):
                    done = tables(batch)
                    writer.write_table(done.replace_schema_metadata(out.metadata))
                    rows += len(done)
        return rows

    sample = labelled(next(part_tables(parts[0])), how)

    def copied(batch: pa.Table) -> pa.Table:
        """Write columns of the same kind and size without computing them."""
        return pa.Table.from_arrays(
            [
                *batch.columns,
                *(sample.column(name).slice(0, len(batch)) for name in sample.column_names[3:]),
            ],
            names=sample.column_names,
        )

    def check(_: str, answer: Any) -> str:
        if isinstance(answer, int):
            assert answer == len(lon), f"{answer} rows of {len(lon)}"
            return f"{answer:,} rows"
        return ""

    report.compare(
        f"Parquet → labels, border distance, doubt → GeoParquet, {len(lon):,} rows",
        {"whole": lambda: write(lambda batch: labelled(batch, how))},
        {
            "reading and writing alone": lambda: write(copied),
            "labels, border distance and doubt alone": lambda: place(lon, lat, how.index),
            "labels alone": lambda: how.index.codes(lon, lat),
        },
        check=check,
        goals={"reading and writing alone": 0.5},
        most_mb={"whole": 300.0},
        note="Ratios are shares of the whole here. +MB beyond the process that holds the points.",
    )
