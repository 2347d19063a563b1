"""The way back from a block to its columns, written from its description."""

import base64
import gzip
import json

import numpy as np


def _unfolded(raw, count):
    shuffled = np.frombuffer(raw, dtype=np.uint8).reshape(4, count)
    return np.ascontiguousarray(shuffled.T).view("<u4").reshape(-1).astype(np.int64)


def unpack(block):
    """Decode a block."""
    raw = gzip.decompress(base64.b64decode(block["z"]))
    found, at = {}, 0
    for name, kind, count in block["parts"]:
        size = count * {"d32": 4, "u32": 4, "f64": 8, "json": 1}[kind]
        piece = raw[at : at + size]
        at += size
        if kind == "json":
            found[name] = json.loads(piece)
        elif kind == "u32":
            found[name] = _unfolded(piece, count)
        elif kind == "d32":
            folded = _unfolded(piece, count)
            found[name] = np.cumsum((folded >> 1) ^ -(folded & 1))
        else:
            shuffled = np.frombuffer(piece, dtype=np.uint8).reshape(8, count)
            found[name] = np.ascontiguousarray(shuffled.T).view("<f8").reshape(-1)
    assert at == len(raw)
    return found
