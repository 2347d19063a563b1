"""Our address parser beside packages for all of China, on made addresses with a known county.

    python -m benchmarks.address_parsers

Packages that are not installed are left out; none of them is a dependency.
"""

import sys
import time
from importlib import import_module
from pathlib import Path

from geo.tables.addresses import find_county, parse_address


def _ours(texts):
    return [parse_address(text).adcode for text in texts]


def _frame_codes(module):
    def parse(texts):
        frame = import_module(module).transform(list(texts))
        return [
            str(code) if code and not str(code).endswith("00") else None for code in frame["adcode"]
        ]

    return parse


def _addressparser(texts):
    frame = import_module("addressparser").transform(list(texts))
    return [
        find_county(*row).adcode for row in zip(frame["区"], frame["市"], frame["省"], strict=True)
    ]


PARSERS = {
    "ours": _ours,
    "cpca": _frame_codes("cpca"),
    "cpca_new": _frame_codes("cpca_new"),
    "addressparser": _addressparser,
}


def main():
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    pairs = import_module("tables.address_patterns").made()
    texts, truth = zip(*pairs, strict=True)
    print(f"{len(pairs)} addresses, {sum(code is None for code in truth)} of them to be refused")
    for name, parse in PARSERS.items():
        start = time.perf_counter()
        try:
            found = parse(texts)
        except ImportError:
            print(f"{name:14} not installed")
            continue
        took = time.perf_counter() - start
        right = sum(a == b for a, b in zip(found, truth, strict=True))
        wrong = sum(a not in (b, None) for a, b in zip(found, truth, strict=True))
        shares = f"right {right / len(pairs):.3f}  wrong {wrong / len(pairs):.3f}"
        print(f"{name:14} {shares}  {took:.2f} s")


if __name__ == "__main__":
    main()
