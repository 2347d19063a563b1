"""Targets files and tables of values: read whole, refused whole."""

import pytest

from geo.errors import InputError, MissingFileError
from geo.sources.facts import shipped_folder
from geo.tables.targets import decimal_year, read_targets, read_values

GOOD = """
format: 1
title: {zh: 甲, en: A, ja: あ}
thresholds: {on_pace: 0.9, behind: 0.5}
sources:
  s: {title: somewhere}
targets:
  - id: a
    name: {zh: 甲, en: A, ja: あ}
    unit: {zh: 个, en: pieces, ja: 個}
    sense: up
    base: {value: 100, date: 2020}
    target: {value: 200, date: 2030}
    standing: stated
    source: s
"""


def _file(tmp_path, text, name="t.yaml", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def test_a_good_file_becomes_a_frame(tmp_path):
    frame = read_targets(_file(tmp_path, GOOD)).frame()
    assert frame.loc["a", ["base_time", "target_time"]].tolist() == [2021, 2031]
    assert frame.loc["a", "name_ja"] == "あ"


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("date: 2030", "date: 2020", "line 13: targets.a.target: its date is not after the base's"),
        ("behind: 0.5", "behind: 0.95", "line 4: thresholds: behind has to be lower"),
        ("source: s\n", "source: t\n", "line 15: targets.a.source: t is not among"),
        ("sense: up", "sense: sideways", "'up' or 'down'"),
        ("value: 200", "value: much", "valid number"),
        ("value: 200", "value: .inf", "finite"),
        ("thresholds: {on_pace: 0.9, behind: 0.5}\n", "", "line 2: thresholds: Field required"),
    ],
)
def test_defects_are_named(tmp_path, old, new, part):
    assert old in GOOD
    with pytest.raises(InputError, match=r"t\.yaml") as caught:
        read_targets(_file(tmp_path, GOOD.replace(old, new)))
    assert part in str(caught.value)


def test_a_target_that_stands_twice(tmp_path):
    item = GOOD[GOOD.index("  - id: a") :]
    with pytest.raises(InputError, match="a stands twice"):
        read_targets(_file(tmp_path, GOOD + item.lstrip("\n")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_values_are_read_in_the_encodings_of_the_office(tmp_path, encoding):
    text = "target,date,value,source\na,2024,150,统计公报\nb,,,\na,2025-06-30, 160 ,x\n"
    values = read_values(_file(tmp_path, text, "v.csv", encoding))
    assert values.value.tolist() == [150, 160]
    assert values.source.tolist() == ["统计公报", "x"]
    assert values.time.tolist() == pytest.approx([2025, 2025 + 181 / 365])


def test_all_defects_of_values_come_at_once(tmp_path):
    text = "target,date,value\na,2024,ten\na,soon,1\nb,2024,1\nb,2024,2\nc,2024,inf\n"
    with pytest.raises(InputError) as caught:
        read_values(_file(tmp_path, text, "v.csv"))
    for part in ("line 2: 'ten'", "line 3: 'soon'", "line 5: b has two values", "line 6: 'inf'"):
        assert part in str(caught.value)


def test_missing_things_are_named(tmp_path):
    with pytest.raises(MissingFileError, match="none"):
        read_values(tmp_path / "none.csv")
    with pytest.raises(InputError, match="column value is missing"):
        read_values(_file(tmp_path, "target,date\na,2024\n", "v.csv"))
    with pytest.raises(InputError, match="holds no rows"):
        read_values(_file(tmp_path, "target,date,value\n", "v.csv"))
    with pytest.raises(InputError, match=r"b\.csv: .*zero bytes"):
        (tmp_path / "b.csv").write_bytes(b"target,date,value\na\x00,2024,1\n")
        read_values(tmp_path / "b.csv")


def test_a_year_is_its_end():
    assert decimal_year(2020) == decimal_year("2020-12-31") == 2021
    assert decimal_year("2024-06-30") == pytest.approx(2024 + 182 / 366)


def test_the_shipped_targets_are_sourced_and_invent_no_value():
    folder = shipped_folder() / "jjj" / "targets"
    found = read_targets(folder / "jjj-2021-2035.yaml")
    assert all(found.sources[one.source].address for one in found.targets)
    frame = found.frame()
    assert frame.target_value[["farmland", "basic-farmland", "red-line"]].tolist() == [
        9433.99, 8224.44, 4.23,
    ]  # fmt: skip
    assert read_values(folder / "jjj-2021-2035.values.csv").empty


def test_values_of_no_target_are_named_with_their_lines(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text("target,date,value\na,2024,1\nz,2024,1\n,2025,2\n", encoding="utf-8")
    assert read_values(path).target.tolist() == ["a", "z", ""]
    with pytest.raises(InputError, match=r"v\.csv: 2 defects: line 3: no target is 'z'; line 4"):
        read_values(path, ["a"])
