"""The compiler is optional, and its cache too."""

import numba
import pytest

from geo.join import compiler


def double(x: float) -> float:
    return 2 * x


@pytest.fixture(autouse=True)
def _fresh():
    compiler.compiled.cache_clear()
    yield
    compiler.compiled.cache_clear()


def test_compiles_once():
    loop = compiler.compiled(double)
    assert loop(2.0) == 4.0
    assert compiler.compiled(double) is loop


def test_none_without_numba(monkeypatch):
    monkeypatch.setattr(compiler, "find_spec", lambda name: None)
    assert compiler.compiled(double) is None


def test_works_where_nothing_can_be_cached(monkeypatch):
    real = numba.njit

    def refusing(*args, cache=False, **options):
        if cache:
            msg = "cannot cache function: no locator available"
            raise RuntimeError(msg)
        return real(*args, **options)

    monkeypatch.setattr(numba, "njit", refusing)
    assert compiler.compiled(double)(3.0) == 6.0
