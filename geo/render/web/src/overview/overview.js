// A small map of the region's own land in a corner, with the frame of the present view on it.
// It draws no neighbour and no tile: what it shows is what the page already holds.

import * as L from "#leaflet";
import { LAYERS } from "../data/layers.js";
import { worldX, worldY } from "../data/mercator.js";
import { register } from "../features.js";
import { INK } from "../layers/ink.js";
import { trace } from "../layers/outlines.js";
import { MAP } from "../map/map.js";
import { el, penOf } from "../page/elements.js";
import { W } from "../text/words.js";

/** @type {{node: any, land: Path2D[], frame: any, west: number, north: number, scale: number, wide: number, high: number}} */
const OVERVIEW = { node: null, land: [], frame: null, west: 0, north: 0, scale: 0, wide: 0, high: 0 };
/** Pixels that a key moves the map by. @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
const INSET = { wide: 120, high: 140, pad: 7, least: 6 }; // pixels; least is the smallest side of the frame

function makeOverview() {
  const lands = outermost(LAYERS.filter((layer) => layer.style?.fill === "land" && layer.boxes && layer.n && layer.bounds));
  if (!lands.length) return null;
  fitOverview(lands);
  const node = el("canvas", { id: "overview", role: "application", tabindex: "0", label: () => W("overview") });
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  node.width = Math.round(OVERVIEW.wide * ratio);
  node.height = Math.round(OVERVIEW.high * ratio);
  node.style.width = `${OVERVIEW.wide}px`;
  node.style.height = `${OVERVIEW.high}px`;
  penOf(node).scale(node.width / OVERVIEW.wide, node.height / OVERVIEW.high);
  OVERVIEW.node = node;
  watchOverview(node);
  paintOverview();
  return node;
}

// Land that lies within other land, such as counties in a province, would only crowd so small a map.
/** @param {Layer[]} lands */
export function outermost(lands) {
  /** @param {Layer} one @param {Layer} other */
  const within = (one, other) => other.bounds.every((edge, k) => (k < 2 ? edge <= one.bounds[k] : edge >= one.bounds[k]));
  return lands.filter((one, at) => !lands.some((other, k) => k !== at && within(one, other) && (k < at || !within(other, one))));
}

// The canvas takes the shape of the land, whose outlines are traced once.
/** @param {Layer[]} lands */
function fitOverview(lands) {
  /** @param {number} k */
  const edges = (k) => lands.map((one) => one.bounds[k]);
  const west = worldX(Math.min(...edges(0))), south = worldY(Math.min(...edges(1)));
  const east = worldX(Math.max(...edges(2))), north = worldY(Math.max(...edges(3)));
  const { pad } = INSET;
  const scale = Math.min((INSET.wide - 2 * pad) / (east - west), (INSET.high - 2 * pad) / (south - north));
  const view = { scale, left: west * scale - pad, top: north * scale - pad };
  const land = lands.flatMap((layer) => Array.from({ length: layer.n }, (_, i) => {
    const path = new Path2D();
    trace(path, layer, i, view, true);
    return path;
  }));
  const wide = Math.round((east - west) * scale) + 2 * pad, high = Math.round((south - north) * scale) + 2 * pad;
  Object.assign(OVERVIEW, { land, west: west - pad / scale, north: north - pad / scale, scale, wide, high });
}

// Where the view lies on the inset. What reaches beyond it ends at its edge.
function frameOfView() {
  const { min, max } = /** @type {{min: Point, max: Point}} */ (MAP.getPixelBounds());
  const world = 2 ** MAP.getZoom();
  const [x0, x1] = spanOnInset((min.x / world - OVERVIEW.west) * OVERVIEW.scale, (max.x / world - OVERVIEW.west) * OVERVIEW.scale, OVERVIEW.wide);
  const [y0, y1] = spanOnInset((min.y / world - OVERVIEW.north) * OVERVIEW.scale, (max.y / world - OVERVIEW.north) * OVERVIEW.scale, OVERVIEW.high);
  return [x0, y0, x1, y1];
}

/** @param {number} from @param {number} to @param {number} size */
export function spanOnInset(from, to, size) {
  const middle = (from + to) / 2, half = Math.max(to - from, INSET.least) / 2, edge = 1.5;
  /** @param {number} value */
  const inside = (value) => Math.max(edge, Math.min(size - edge, value));
  const start = Math.min(inside(middle - half), size - edge - INSET.least);
  return [start, Math.max(inside(middle + half), start + INSET.least)];
}

function paintOverview() {
  const { node, land, wide, high } = OVERVIEW;
  if (!node) return;
  const ctx = penOf(node);
  ctx.fillStyle = INK.paper;
  ctx.fillRect(0, 0, wide, high);
  ctx.lineJoin = "round";
  // stands out from the paper in both themes, which the tone of land does not
  ctx.fillStyle = INK.rule;
  for (const path of land) ctx.fill(path, "evenodd");
  ctx.strokeStyle = INK.muted;
  ctx.lineWidth = 0.6;
  for (const path of land) ctx.stroke(path);
  OVERVIEW.frame = frameOfView();
  const [x0, y0, x1, y1] = OVERVIEW.frame;
  ctx.lineJoin = "miter";
  for (const [colour, width] of /** @type {[string, number][]} */ ([[INK.halo, 3.5], [INK.accent, 1.75]])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
}

/** @param {HTMLCanvasElement} node */
function watchOverview(node) {
  MAP.on("move zoom resize", paintOverview);
  /** @param {PointerEvent} event */
  const go = (event) => {
    const box = node.getBoundingClientRect();
    const x = OVERVIEW.west + (event.clientX - box.left) / OVERVIEW.scale, y = OVERVIEW.north + (event.clientY - box.top) / OVERVIEW.scale;
    MAP.setView(L.CRS.EPSG3857.pointToLatLng(L.point(x, y), 0), MAP.getZoom(), { animate: false });
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    node.setPointerCapture(event.pointerId);
    go(event);
  });
  node.addEventListener("pointermove", (event) => node.hasPointerCapture(event.pointerId) && go(event));
  node.addEventListener("keydown", (event) => {
    const by = STEPS[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    MAP.panBy(by);
  });
}

register("overview", { make: makeOverview, paint: paintOverview, drawn: OVERVIEW });
