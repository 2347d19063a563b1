"""Folders and text tables for ``jjj locate --parts``, true ones and such as break one rule each."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["FOLDERS", "REFUSED_FOLDERS", "REFUSED_TEXTS"]

Files = dict[str, bytes]
GEO = b'{"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}'


def _rows(n: int, **more: Any) -> pa.Table:
    return pa.table({"lon": [116.4] * n, "lat": [39.9] * n, **more})


def _bytes(table: pa.Table) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made, row_group_size=2)
    return made.getvalue()


def _broken(table: pa.Table) -> bytes:
    """Return a file whose footer is whole and whose cells are not."""
    content = bytearray(_bytes(table))
    content[4:60] = bytes(56)
    return bytes(content)


def _twice(name: str) -> pa.Table:
    return pa.table([pa.array([116.4]), pa.array([39.9])], names=[name, name])


ONE = _bytes(_rows(5))
FOLDERS: dict[str, Files] = {
    "many": {
        "b.parquet": ONE,
        "a.pq": _bytes(_rows(3)),
        "c.parquet": _bytes(_rows(0)),
        "_SUCCESS": b"",
        "notes.txt": b"a",
        "more/x": b"a",
    },
}
REFUSED_FOLDERS: dict[str, Files] = {
    "more": {"a.parquet": ONE, "b.parquet": _bytes(_rows(1, x=[1]))},
    "order": {"a.parquet": ONE, "b.parquet": _bytes(_rows(1).select(["lat", "lon"]))},
    "type": {"a.parquet": ONE, "b.parquet": _bytes(pa.table({"lon": [1.0], "lat": ["1"]}))},
    "described": {
        "a.parquet": ONE,
        "b.parquet": _bytes(_rows(1).replace_schema_metadata({"geo": GEO})),
    },
    "undescribed": {"a.parquet": _bytes(_rows(1).replace_schema_metadata({"geo": b"{}"}))},
    "twice": {"a.parquet": _bytes(_twice("lon"))},
    "none": {"a.txt": b"a"},
    "other": {"a.parquet": b"a"},
    "broken": {"a.parquet": _broken(_rows(3))},
    "nowhere": {"a.parquet": _bytes(_rows(1).select(["lon"]))},
}
REFUSED_TEXTS: dict[str, bytes] = {
    "twice": b"lon,lon\n1,2\n",
    "wide": b"t,,\nlon,lat,a\n116.4,39.9,1\n116.4,39.9,1,2\n",
    "full_width": "lon，lat\n116.4，39.9\n117.2，39.1\n".encode(),
    "blank": b"lon,lat\nx,y\n,\n",
    "wide_gbk": "经度,纬度,名称\n116.4,39.9,甲\n116.4,39.9\n".encode("gb18030"),
}
