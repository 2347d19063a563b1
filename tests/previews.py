"""Remake maps/previews: one picture a page, at the size of the gallery. Run by `make previews`."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from geo.atlas import PAGES
from geo.write import Outputs

ROOT = Path(__file__).parents[1]
PANEL = 384
SIZE = {"width": PANEL + 720, "height": 600}
CLIP = {"x": PANEL, "y": 0, "width": 720, "height": 576}
WHOLE = {"width": 1440, "height": 900}
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
            tab = browser.new_page(viewport=SIZE, device_scale_factor=1, bypass_csp=True)
            tab.goto(f"{(ROOT / 'maps' / page.page_id).as_uri()}.html#lang=en")
            tab.wait_for_timeout(2000)  # a page of text never says that its map is ready
            is_map = tab.locator("#map").count() > 0
            tab.add_style_tag(content="#tools { visibility: hidden }")
            picture = tab.screenshot(type="png", clip=CLIP | ({} if is_map else {"x": 0}))
            outputs.data(ROOT / "maps" / "previews" / f"{page.page_id}.png", picture)
            if page is PAGES[0]:
                tab.set_viewport_size(WHOLE)
                tab.reload()
                tab.wait_for_timeout(1000)
                outputs.data(ROOT / "maps" / "previews" / "readme.png", tab.screenshot(type="png"))
            tab.close()
        browser.close()
        sys.stdout.write("\n".join(str(path.relative_to(ROOT)) for path in outputs.targets) + "\n")


if __name__ == "__main__":
    main()
