"""The way back from a block to its columns, written from its description."""

import gzip
import json

import numpy as np


def _unfolded(raw, count):
    shuffled = np.frombuffer(raw, dtype=np.uint8).reshape(4, count)
    return np.ascontiguousarray(shuffled.T).view("<u4").reshape(-1).astype(np.int64)


SIGNS = [one for one in map(chr, range(33, 127)) if one not in "\"'\\<>&`${"]


def unsigned(text):
    """Read 85 signs: five are four bytes, a rest of k + 1 signs is k bytes."""
    missing = -len(text) % 5
    made = bytearray()
    for at in range(0, len(text), 5):
        value = 0
        for sign in text[at : at + 5].ljust(5, SIGNS[-1]):
            value = value * 85 + SIGNS.index(sign)
        made += value.to_bytes(4, "big")
    return bytes(made[: len(made) - missing])


def words(raw, alphabet):
    """Read ranks of signs: one byte below 192, else two."""
    found, at = "", 0
    while at < len(raw):
        rank, at = raw[at], at + 1
        if rank >= 192:
            rank, at = 192 + (rank - 192) * 256 + raw[at], at + 1
        found += alphabet[rank]
    return [None if one == "\0" else one for one in found.split("\x1f")]


def raw(block):
    """Return the bytes of a block."""
    return gzip.decompress(unsigned(block["z"]))


def unpack(block):
    """Decode a block."""
    content = raw(block)
    found, at = {}, 0
    for name, kind, count in block["parts"]:
        size = count * {"d32": 4, "u32": 4, "z56": 7, "f64": 8, "json": 1, "text": 1}[kind]
        piece = content[at : at + size]
        at += size
        if kind == "json":
            found[name] = json.loads(piece)
        elif kind == "text":
            found[name] = words(piece, found[f"{name}@"])
        elif kind == "u32":
            found[name] = _unfolded(piece, count)
        elif kind == "z56":
            shuffled = np.frombuffer(piece, dtype=np.uint8).reshape(7, count).astype(np.int64)
            found[name] = np.cumsum((shuffled << (8 * np.arange(7)[:, None])).sum(axis=0))
        elif kind == "d32":
            folded = _unfolded(piece, count)
            found[name] = np.cumsum((folded >> 1) ^ -(folded & 1))
        else:
            shuffled = np.frombuffer(piece, dtype=np.uint8).reshape(8, count)
            found[name] = np.ascontiguousarray(shuffled.T).view("<f8").reshape(-1)
    assert at == len(content)
    return found


def places(block):
    """Return the columns of a block of points, with x and y in any case."""
    found = unpack(block)
    if "z" not in found:
        return found
    turns = [format(one, "052b") for one in found["z"].tolist()]
    west, south = found["corner"].tolist()
    x = np.array([west + int(one[1::2], 2) for one in turns])
    y = np.array([south + int(one[0::2], 2) for one in turns])
    return found | {"x": x, "y": y}
