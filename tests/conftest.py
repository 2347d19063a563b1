"""What several tests share."""

from pathlib import Path

import pytest

from geo.errors import MissingExtraError
from geo.sources.packages import source_path
from geo.sources.registry import SOURCES


@pytest.fixture(scope="session")
def data_packages():
    """Skip, and say so, where the packages of the [sources] extra are not installed."""
    missing = []
    for origin in SOURCES.values():
        if origin.extra == "sources" and origin.package:
            try:
                source_path(origin)
            except MissingExtraError:
                missing.append(origin.package)
    if missing:
        pytest.skip(f"pip install '.[sources]' to run this: {', '.join(sorted(set(missing)))}")


@pytest.fixture(scope="session")
def golden():
    """Return the folder of the expected values; each file names its source."""
    return Path(__file__).parent / "golden"
