"""A private copy of the shipped layers, to be damaged."""

import shutil

import pytest

from geo.layers import catalogue
from geo.sources import facts


@pytest.fixture
def installation(tmp_path, monkeypatch):
    folder = tmp_path / "layers"
    shutil.copytree(facts.shipped_folder(), folder)
    monkeypatch.setattr(facts, "shipped_folder", lambda: folder)
    catalogue.cache_clear()
    yield folder
    catalogue.cache_clear()
