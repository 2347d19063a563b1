"""Modules by their former names: understood for one version, with a warning, and no more."""

import importlib
import sys
from pathlib import Path

import pytest

from geo.moved import MOVED

RECORD = Path(__file__).parents[1] / "docs" / "adr" / "0103-rooms.md"


@pytest.mark.parametrize("former", sorted(MOVED))
def test_a_former_name_leads_to_todays_module_and_says_so(former):
    new = importlib.import_module(f"geo.{MOVED[former]}")
    package = Path(importlib.import_module("geo").__file__).parent / former.replace(".", "/")
    if package.is_dir():  # a package today: its functions are found, the package is itself
        name = next(one for one in new.__all__ if not (package / f"{one}.py").exists())
        with pytest.warns(DeprecationWarning, match=f"geo.{MOVED[former]}.{name} now"):
            assert getattr(importlib.import_module(f"geo.{former}"), name) is getattr(new, name)
        return
    sys.modules.pop(f"geo.{former}", None)
    with pytest.warns(DeprecationWarning, match=f"geo.{former} is geo.{MOVED[former]} now"):
        found = importlib.import_module(f"geo.{former}")
    assert found is new
    assert new.__spec__.name == new.__name__
    sys.modules.pop(f"geo.{former}")


def test_names_that_never_were_are_refused_as_always():
    import geo.analysis.corridors

    with pytest.raises(ModuleNotFoundError, match=r"geo\.analysis\.no_such"):
        importlib.import_module("geo.analysis.no_such")
    with pytest.raises(AttributeError, match="no_such"):
        geo.analysis.corridors.no_such  # noqa: B018
    with pytest.raises(AttributeError, match="no_such"):
        geo.analysis.no_such  # noqa: B018


def test_the_record_of_the_rooms_lists_every_former_name():
    rows = [
        line.split("|")[1:3] for line in RECORD.read_text("utf-8").splitlines() if "` |" in line
    ]
    listed = {old.strip().strip("`"): new.strip().strip("`") for old, new in rows}
    assert listed == {f"geo.{old}": f"geo.{new}" for old, new in MOVED.items()}


def test_what_the_package_lists_is_there():
    import geo

    for name in geo.__all__:
        assert getattr(geo, name).__name__ == f"geo.{name}"
    vars(geo).pop("cog", None)  # an import of geo.cog leaves it there
    with pytest.warns(DeprecationWarning, match="geo.cog is geo.formats.cog now"):
        assert geo.cog.__name__ == "geo.formats.cog"
