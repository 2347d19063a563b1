"""Small TIFFs for tests, and mutants of them that know where numbers stand."""

import struct

import numpy as np
import rasterio
from affine import Affine

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 16: 8, 17: 8}
ODD = (0, 1, 2, 3, 7, 255, 256, 65535, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)


def write_tiff(path, values, *, tags=None, crs="EPSG:4326", transform=None, **options):
    """Write rows and columns, or bands of them, as a plain GeoTIFF over 0.3 degrees."""
    bands = values if values.ndim == 3 else values[None]
    count, height, width = bands.shape
    if transform is None:
        transform = Affine(0.3 / width, 0, 116, 0, -0.3 / height, 40)
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=bands.dtype,
        crs=crs, transform=transform, **options,
    ) as made:  # fmt: skip
        made.write(bands)
        for ns, items in (tags or {}).items():
            made.update_tags(ns=ns or None, **items)
    return path


def spots(content):
    """Yield (offset, form) of every number in the header, the directories and their values."""
    order = "<" if content[:2] == b"II" else ">"
    big = content[2:4] in (b"+\0", b"\0+")
    word, entry = (order + "Q", 20) if big else (order + "I", 12)
    yield 2, order + "H"
    at = 8 if big else 4
    while at + struct.calcsize(word) <= len(content):
        yield at, word
        (start,) = struct.unpack_from(word, content, at)
        if not 0 < start < len(content) - 8:
            return
        form = order + ("Q" if big else "H")
        yield start, form
        (n,) = struct.unpack_from(form, content, start)
        first = start + struct.calcsize(form)
        for here in range(first, first + n * entry, entry):
            yield here, order + "H"
            yield here + 2, order + "H"
            yield here + 4, word
            yield here + 4 + struct.calcsize(word), word
            yield from values(content, here, order, word)
        at = first + n * entry


def values(content, here, order, word):
    """Yield the numbers of an entry that stand elsewhere in the file."""
    kind, count = struct.unpack_from(order + "H" + word[1], content, here + 2)
    size = SIZES.get(kind, 1)
    if size * count > struct.calcsize(word):
        (start,) = struct.unpack_from(word, content, here + 4 + struct.calcsize(word))
        form = order + {1: "B", 2: "H", 4: "I", 8: "Q"}[size]
        yield from ((start + k * size, form) for k in range(min(count, 4)))


def mutants(contents, n, seed=0):
    """Yield n damaged files: an odd number somewhere in the structure, or cut, or with noise."""
    random = np.random.default_rng(seed)
    known = [(one, list(spots(one))) for one in contents]
    for at in range(n):
        content, places = known[at % len(known)]
        made = bytearray(content)
        if at % 10 == 9:
            yield bytes(made[: int(random.integers(4, len(made)))])
            continue
        for _ in range(int(random.integers(1, 4))):
            offset, form = places[int(random.integers(len(places)))]
            size = struct.calcsize(form)
            if offset + size <= len(made):
                value = int(ODD[int(random.integers(len(ODD)))]) % 256**size
                struct.pack_into(form, made, offset, value)
        yield bytes(made)
