"""The table of a shapefile written by hand: columns that GDAL does not write, rows marked as deleted."""

import struct
from collections.abc import Sequence

__all__ = ["dbf_bytes"]


def dbf_bytes(rows: Sequence[tuple[str, str, str]]) -> bytes:
    """Return a table of a text and two integers of 20 digits; its last row is marked as deleted."""
    fields = (("名", "C", 8), ("wide", "N", 20), ("odd", "N", 20))
    head = b"".join(
        name.encode("gbk").ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([width]) + bytes(15)
        for name, kind, width in fields
    )
    size = 1 + sum(width for *_, width in fields)
    start = struct.pack("<B3BIHH20x", 3, 126, 1, 1, len(rows), 33 + len(head), size)
    lines = b"".join(
        (b"*" if at == len(rows) - 1 else b" ")
        + b"".join(
            cell.encode("gbk").ljust(width) if kind == "C" else cell.encode().rjust(width)
            for cell, (_, kind, width) in zip(row, fields, strict=True)
        )
        for at, row in enumerate(rows)
    )
    return start + head + b"\r" + lines + b"\x1a"
