"""What a YAML document may not do, and that every defect is named with its line."""

import pytest

from geo.door.document import Document, read_document
from geo.errors import InputError, MissingFileError


class Spot(Document):
    name: str
    lon: float
    tags: tuple[str, ...] = ()


def _refusal(tmp_path, content):
    file = tmp_path / "spot.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_document(file, Spot)
    assert str(file) in str(caught.value)
    return str(caught.value)


def test_a_good_document_is_read(tmp_path):
    file = tmp_path / "spot.yaml"
    file.write_text("\ufeffname: 北京\nlon: 116.4\n", encoding="utf-8")
    assert read_document(file, Spot).name == "北京"


def test_all_defects_are_named_with_their_lines(tmp_path):
    message = _refusal(tmp_path, "name: 1\nlat: 39\ntags:\n  - a\n  - 2\n")
    assert "4 defects" in message
    for part in ("line 1: name", "line 1: lon: Field required", "line 2: lat", "line 5: tags.1"):
        assert part in message


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "empty"),
        ("- a\n- b\n", "not a mapping"),
        ("name: a\nname: b\nlon: 1\n", "line 2: name stands twice"),
        ("name: &x a\nlon: 1\ntags: [*x]\n", "line 3: aliases"),
        ("name: !!python/object/apply:os.system [echo]\nlon: 1\n", "constructor"),
        ("name: [\n", "line 2"),
        (b"name: \xff\xfe\nlon: 1\n", "not UTF-8"),
        ("[" * 5000, "not YAML that can be read"),
        ("name: 2026-13-45\nlon: 1\n", "not YAML that can be read"),
        ("name: a\nlon: .nan\n", "line 2: lon"),
        ("name: a\x07\nlon: 1\n", "not YAML that can be read"),
        ("name: a\nlon: " + "9" * 5000 + "\n", "read"),
        (b"#" * 2_000_001, "larger than"),
    ],
)
def test_hostile_documents_are_refused(tmp_path, content, part):
    assert part in _refusal(tmp_path, content)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(MissingFileError, match="no such file"):
        read_document(tmp_path / "none.yaml", Spot)
    with pytest.raises(MissingFileError):
        read_document(tmp_path, Spot)
