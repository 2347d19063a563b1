"""Columns come back as they went in, and JSON cannot end its element."""

import gzip
import json

import numpy as np
import pytest
from blocks import raw, unpack, unsigned
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.render.encode import SIGNS, block, deltas, json_text, text_part, texts, to_base85

INT31 = st.integers(-(2**29), 2**29)


@settings(max_examples=60)
@given(st.lists(INT31, max_size=50), st.lists(st.floats(allow_nan=False), max_size=20))
def test_a_block_decodes_to_its_columns(whole, floats):
    made = block(
        [
            ("a", "d32", np.array(whole, dtype=np.int64)),
            ("b", "f64", np.array(floats)),
            ("c", "u32", np.arange(7)),
            text_part("d", ["京", None, "a\u2028"]),
        ]
    )
    found = unpack(made)
    assert found["a"].tolist() == whole
    assert found["b"].tolist() == floats
    assert found["c"].tolist() == list(range(7))
    assert found["d"] == ["京", None, "a\u2028"]


WORDS = st.one_of(st.none(), st.text(max_size=12))


@settings(max_examples=80)
@given(st.lists(WORDS, max_size=40))
def test_words_come_back_as_they_were(cells):
    assert unpack(block(texts("w", cells)))["w"] == cells


def test_many_signs_and_control_signs_come_back_too():
    every = [chr(0x4E00 + at) * (1 + at % 3) for at in range(9_000)]
    rare = [chr(0x10000 + at) for at in range(300)]
    for cells in (every, rare, [], ["a\x1fb"], ["\0", None], ["", ""], ["\ufeffx"]):
        assert unpack(block(texts("w", cells)))["w"] == cells
    too_many = [chr(0x10000 + at) for at in range(17_000)]
    assert [kind for _, kind, _ in texts("w", too_many)] == ["json"]


@given(st.binary(max_size=40))
def test_bytes_come_back_from_85_signs(content):
    text = to_base85(content)
    assert unsigned(text) == content
    assert set(text) <= set(SIGNS)


def test_the_signs_mean_nothing_where_they_stand():
    assert len(SIGNS) == len(set(SIGNS)) == 85
    assert not set(SIGNS) & set("\"'\\<>&`${ \n")
    assert json_text(SIGNS) == f'"{SIGNS}"'


def test_deltas_fold_signs():
    assert deltas(np.array([0, -1, 0, 1])).tolist() == [0, 1, 2, 2]


def test_equal_input_equal_text():
    part = [("a", "d32", np.arange(1000) ** 2 % 777)]
    assert block(part) == block(part)


def test_long_parts_of_any_nature_come_back_and_none_is_larger_than_in_one_plain_gzip():
    random = np.random.default_rng(3)
    n = 30_000
    parts = [
        ("noise", "u32", random.integers(0, 900, n)),
        ("same", "u32", np.zeros(n, dtype=np.int64)),
        ("few", "u32", random.integers(0, 5, n)),
        ("steps", "d32", np.cumsum(random.integers(-40, 40, n))),
        *texts("words", [f"华北{at % 300}厂" for at in range(n)]),
        ("short", "u32", np.arange(9)),
    ]
    made = block(parts)
    found = unpack(made)
    for name in ("noise", "same", "few", "steps", "short"):
        content = next(one for part, _, one in parts if part == name)
        assert found[name].tolist() == content.tolist()
    assert found["words"][299] == "华北299厂"
    assert len(unsigned(made["z"])) < 0.98 * len(gzip.compress(raw(made), compresslevel=9))


@pytest.mark.parametrize("sign", ["<", ">", "&", "\u2028", "\u2029"])
def test_signs_that_could_leave_the_element_are_escaped(sign):
    text = json_text({f"key{sign}": [sign, f"</script>{sign}<!--"]})
    assert sign not in text
    assert json.loads(text) == {f"key{sign}": [sign, f"</script>{sign}<!--"]}


def test_what_json_cannot_hold_becomes_null():
    assert json_text([float("nan"), float("inf"), np.int64(3), None]) == "[null,null,3,null]"
