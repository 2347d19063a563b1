"""Remake maps/previews: one picture a page, at the size of the gallery. Run by `make previews`."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from geo.atlas import PAGES
from geo.write import Outputs

ROOT = Path(__file__).parents[1]
SIZE = {"width": 1200, "height": 750}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--font-render-hinting=none",
]


def main():
    """Open each map as a reader would and keep its picture."""
    with sync_playwright() as tool, Outputs(overwrite=True, make_folders=True) as outputs:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for page in PAGES:
            tab = browser.new_page(viewport=SIZE, device_scale_factor=1)
            tab.goto(f"{(ROOT / 'maps' / page.page_id).as_uri()}.html#lang=en")
            tab.wait_for_timeout(1500)
            picture = tab.screenshot(type="png")
            outputs.data(ROOT / "maps" / "previews" / f"{page.page_id}.png", picture)
            tab.close()
        browser.close()
        sys.stdout.write("\n".join(str(path.relative_to(ROOT)) for path in outputs.targets) + "\n")


if __name__ == "__main__":
    main()
