"""An .xls file (BIFF8 in a compound file) written by hand, record by record."""

import struct
from typing import Final

__all__ = ["xls_bytes"]

_SECTOR: Final = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_CELLS: Final = (
    ("名称", "经度", "纬度", "上市"), ("甲", 116.4, 39.9), ("乙", 117.2, 39.1), ("", 115.5, 38.9),
)  # fmt: skip


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _start(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))


def _string(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _sheet(texts: list[str]) -> bytes:
    rows = [_record(0x0200, struct.pack("<IIHHH", 0, len(_CELLS), 0, 4, 0))]
    for row, cells in enumerate(_CELLS):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, float):
                rows.append(_record(0x0203, place + struct.pack("<d", cell)))
            elif cell:
                rows.append(_record(0x00FD, place + struct.pack("<I", texts.index(cell))))
    rows.append(_record(0x0205, struct.pack("<HHHBB", 1, 3, 0, 1, 0)))
    rows.append(_record(0x00E5, struct.pack("<HHHHH", 1, 2, 3, 0, 0)))
    return b"".join((_start(0x0010), *rows, _record(0x000A)))


def _workbook() -> bytes:
    texts = [cell for row in _CELLS for cell in row if isinstance(cell, str) and cell]
    strings = struct.pack("<II", len(texts), len(texts)) + b"".join(map(_string, texts))
    empty = _start(0x0010) + _record(0x000A)
    sheets = [("表", 0, _sheet(texts)), ("藏", 1, empty)]

    def head(places: list[int]) -> bytes:
        listed = [
            _record(
                0x0085, struct.pack("<IBBBB", at, state, 0, len(name), 1) + name.encode("utf-16-le")
            )
            for at, (name, state, _) in zip(places, sheets, strict=True)
        ]
        codepage = _record(0x0042, struct.pack("<H", 1200))
        return b"".join(
            (_start(0x0005), codepage, *listed, _record(0x00FC, strings), _record(0x000A))
        )

    size = len(head([0, 0]))
    whole = head([size, size + len(sheets[0][2])]) + sheets[0][2] + sheets[1][2]
    return whole.ljust(4096, b"\0")  # shorter ones live in a container within the container


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0" if name else b""
    head = coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded), kind, 1)
    return (
        head
        + struct.pack("<III", _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def xls_bytes() -> bytes:
    """Return a workbook of two sheets, one of them hidden."""
    stream = _workbook()
    many = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, 2 + many), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    folder = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    folder += _entry("", 0, _FREE, 0, 0) * 2
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    return head + table + folder + stream
