// What part of the world is seen: the whole at first, and again when the frame changes.

import { MAP } from "./map.js";
import { isSeen } from "../page/elements.js";
import { PAGE } from "../page/page.js";
import { CALM, isPhone } from "../page/screen.js";

// Space that controls take from the map.
/** @returns {import("leaflet").FitBoundsOptions} */
export function margins() {
  const bottom = MAP.getContainer().getBoundingClientRect().bottom;
  const boxes = [...document.querySelectorAll("#time, #scale")].map((one) => one.getBoundingClientRect()).filter((box) => box.height);
  const below = Math.min(MAP.getSize().y / 3, 10 + Math.max(isPhone() ? 40 : 24, ...boxes.map((box) => bottom - box.top)));
  const inset = document.getElementById("overview"); // beside the map's right edge, under the tools
  const beside = inset && isSeen(inset) ? Math.min(MAP.getSize().x / 2, inset.offsetWidth + 24) : 64;
  return isPhone()
    ? { paddingTopLeft: [12, 12], paddingBottomRight: [12, below] }
    : { paddingTopLeft: [24, 24], paddingBottomRight: [beside, below] };
}

/** @type {any} */
let homeView = null; // the view that showBox gave

function isHome() {
  if (!homeView || MAP.getZoom() !== homeView.zoom) return false;
  return MAP.project(MAP.getCenter()).distanceTo(MAP.project(homeView.centre)) < 3; // pixels
}

export function showBox(animate = true) {
  const [west, south, east, north] = PAGE.box;
  const far = west === east && south === north;
  MAP.options.minZoom = 0; // what is wider than a continent is seen whole
  MAP.fitBounds([[south, west], [north, east]], { ...margins(), animate: animate && !CALM, maxZoom: far ? 10 : 14 });
  MAP.options.minZoom = Math.min(3, MAP.getBoundsZoom([[south, west], [north, east]]) - 0.5);
  if (!animate) homeView = { zoom: MAP.getZoom(), centre: MAP.getCenter() };
}

const frameSize = () => `${MAP.getContainer().clientWidth} × ${MAP.getContainer().clientHeight}`;
let lastFrame = ""; // size of the frame when the map was made or fitted last

export function rememberFrame() {
  lastFrame = frameSize();
}

// After the frame has another size: the whole again, if the reader has not gone elsewhere.
export function refit() {
  if (lastFrame === frameSize()) return; // an observer first reports what is there
  rememberFrame();
  const home = isHome();
  MAP.invalidateSize({ animate: false });
  if (home) showBox(false);
}
