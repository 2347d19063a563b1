"""Remake maps/previews: a picture a page and language, at the size of the gallery.

Run by `make previews`; with ids of pages after it, for these pages alone.
"""

import base64
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from geo.atlas.gallery import LANGUAGES
from geo.atlas.jjj import PAGES
from geo.write import Outputs

ROOT = Path(__file__).parents[1]
PANEL = 300  # of a frame so low
SIZE = {"width": PANEL + 600, "height": 504}  # small, so that names can be read in the gallery
CLIP = {"y": 0, "width": 600, "height": 480}
SCALE = 1.2
WHOLE = {"width": 1440, "height": 900}
QUALITY = 0.82
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--font-render-hinting=none",
]
STILL = "#tools, #scale, #credits { visibility: hidden } #panel { box-shadow: none !important }"
# WebP is a third of PNG: three languages then weigh no more than one did
TO_WEBP = """async ([png, quality]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


def picture(tab):
    """Return what the gallery shows of an open page, as WebP."""
    is_map = tab.locator("#map").count() > 0
    if not is_map:  # a page of text is set anew, not cut
        tab.set_viewport_size({"width": CLIP["width"], "height": SIZE["height"]})
    tab.add_style_tag(content=STILL)
    frame = tab.locator("#stage").bounding_box() if is_map else {"x": 0, "width": CLIP["width"]}
    if frame["width"] != CLIP["width"]:
        msg = f"the map is {frame['width']} pixels wide and not {CLIP['width']}: see PANEL"
        raise RuntimeError(msg)
    png = tab.screenshot(type="png", clip=CLIP | {"x": frame["x"]})
    text = tab.evaluate(TO_WEBP, [base64.b64encode(png).decode("ascii"), QUALITY])
    return base64.b64decode(text)


def main(only):
    """Open each map as a reader would and keep its pictures."""
    known = [page.page_id for page in PAGES]
    if strange := set(only) - set(known):
        sys.exit(f"unknown page {', '.join(sorted(strange))}; known: {', '.join(known)}")
    with sync_playwright() as tool, Outputs(overwrite=True, make_folders=True) as outputs:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for page_id in only or known:
            for language in LANGUAGES:
                tab = browser.new_page(viewport=SIZE, device_scale_factor=SCALE, bypass_csp=True)
                tab.goto(f"{(ROOT / 'maps' / page_id).as_uri()}.html#lang={language}")
                tab.wait_for_timeout(2000)  # a page of text never says that its map is ready
                name = f"{page_id}-{language}.webp"
                outputs.data(ROOT / "maps" / "previews" / name, picture(tab))
                tab.close()
        if not only:
            tab = browser.new_page(viewport=WHOLE, bypass_csp=True)
            tab.goto(f"{(ROOT / 'maps' / known[0]).as_uri()}.html#lang=en")
            tab.wait_for_timeout(2000)
            outputs.data(ROOT / "maps" / "previews" / "readme.png", tab.screenshot(type="png"))
        browser.close()
        sys.stdout.write("\n".join(str(path.relative_to(ROOT)) for path in outputs.targets) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
