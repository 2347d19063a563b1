import pytest

from geo.tables.codes import wide_code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("130100", "130100"), (130100, "130100"), (130100.0, "130100"), ("130100.0", "130100"),
        ("13", "130000"), ("1301", "130100"), ("130100000000", "130100"), ("156130100", "130100"),
        (" １３０１００ ", "130100"), ("110100", "110000"), ("120100", "120000"),
        ("110101", None), ("", None), ("-", None), ("合计", None), (None, None), ("13010", None),
    ],
)  # fmt: skip
def test_each_form_of_a_code(cell, code):
    assert wide_code(cell) == code
