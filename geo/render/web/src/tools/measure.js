// Distance along chosen points and the area between them, on the ellipsoid.

import { closeCard } from "../card/card.js";
import { worldX, worldY } from "../data/mercator.js";
import { INK } from "../layers/ink.js";
import { MAP } from "../map/map.js";
import { MARKS } from "../map/mark.js";
import { markSheet } from "../map/sheets.js";
import { byId, el } from "../page/elements.js";
import { on } from "../page/events.js";
import { number } from "../text/numbers.js";
import { W } from "../text/words.js";
import { TOOLS } from "./busy.js";

/** Points are null while nothing is measured. @type {{points: any, done: boolean}} */
export const MEASURE = { points: null, done: false };

// Lambert's formula: right within some metres over the lengths of a region.
/** @param {Place} a @param {Place} b */
export function ellipsoidal(a, b) {
  const flat = 1 / 298.257222101, radius = 6378137;
  const rad = Math.PI / 180;
  /** @param {number} lat */
  const reduced = (lat) => Math.atan((1 - flat) * Math.tan(lat * rad));
  const [p, q] = [reduced(a.lat), reduced(b.lat)];
  const half = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2;
  const angle = 2 * Math.asin(Math.sqrt(half));
  if (angle < 1e-12) return 0;
  const [mean, gap] = [(p + q) / 2, (q - p) / 2];
  const x = (angle - Math.sin(angle)) * (Math.sin(mean) * Math.cos(gap) / Math.cos(angle / 2)) ** 2;
  const y = (angle + Math.sin(angle)) * (Math.cos(mean) * Math.sin(gap) / Math.sin(angle / 2)) ** 2;
  return radius * (angle - (flat / 2) * (x + y));
}

/** @param {Place[]} points */
export const measured = (points) => points.slice(1).reduce((sum, one, at) => sum + ellipsoidal(points[at], one), 0);

/** @param {number} metres */
export function lengthWords(metres) {
  return metres >= 10_000 ? `${number(metres / 1000, 1)} km` : metres >= 1000 ? `${number(metres / 1000, 2)} km` : `${number(metres, 0)} m`;
}

// Points on the shortest way to another, that one left out.
/** @param {Place} a @param {Place} b @param {number} [pieces] */
export function wayTo(a, b, pieces = 16) {
  const rad = Math.PI / 180;
  const [p, q] = [a, b].map(({ lat, lng }) => [Math.cos(lat * rad) * Math.cos(lng * rad), Math.cos(lat * rad) * Math.sin(lng * rad), Math.sin(lat * rad)]);
  return Array.from({ length: pieces }, (_, k) => {
    const [x, y, z] = p.map((one, axis) => one + ((q[axis] - one) * k) / pieces);
    return { lat: Math.atan2(z, Math.hypot(x, y)) / rad, lng: Math.atan2(y, x) / rad };
  });
}

// In the equal-area cylinder of the ellipsoid, whose heights are half of q (Snyder 1987, 3-12).
/** @param {Place[]} points */
export function enclosed(points) {
  const flat = 1 / 298.257222101, radius = 6378137, e2 = flat * (2 - flat), e = Math.sqrt(e2);
  const ring = points.flatMap((one, k) => wayTo(one, points[(k + 1) % points.length]));
  const at = ring.map(({ lat, lng }) => {
    const sine = Math.sin((lat * Math.PI) / 180);
    const q = (1 - e2) * (sine / (1 - e2 * sine ** 2) - Math.log((1 - e * sine) / (1 + e * sine)) / (2 * e));
    return [(lng * Math.PI) / 180, q / 2];
  });
  const sum = at.reduce((all, [x, y], k) => {
    const [u, v] = at[(k + 1) % at.length];
    return all + x * v - u * y;
  }, 0);
  return (radius ** 2 * Math.abs(sum)) / 2;
}

/** @param {number} metres */
export const areaWords = (metres) => (metres >= 1e5 ? `${number(metres / 1e6, metres >= 1e8 ? 0 : 2)} km²` : `${number(metres, 0)} m²`);

export function measureWords() {
  const { points } = MEASURE;
  if (points.length < 2) return [W("measure_hint"), ...(matchMedia("(hover: hover)").matches ? [W("measure_keys")] : [])].join(" · ");
  const length = lengthWords(measured(points));
  return points.length < 3 ? length : `${length} · ${W("area")} ${areaWords(enclosed(points))}`;
}

function sayMeasured() {
  const box = document.getElementById("measured");
  if (box) box.textContent = measureWords();
  markSheet.redraw();
}

export function toggleMeasure() {
  const going = MEASURE.points === null;
  MEASURE.points = going ? [] : null;
  MEASURE.done = false;
  TOOLS.busy = going;
  byId("measure").setAttribute("aria-pressed", String(going));
  going ? MAP.doubleClickZoom.disable() : MAP.doubleClickZoom.enable();
  document.getElementById("measured")?.remove();
  if (going) {
    const box = el("output", { id: "measured", class: "toast stay" }, measureWords());
    byId("stage").append(box);
    closeCard();
  }
  markSheet.redraw();
}

/** @param {LatLng} latlng */
function addMeasured(latlng) {
  if (MEASURE.points.at(-1)?.equals(latlng)) return; // the second click of a double one
  MEASURE.points.push(latlng);
  sayMeasured();
}

// Without a pointer: Enter takes the centre, Backspace the last point back, Escape ends.
/** @param {string} key */
export function measureByKey(key) {
  if (key === "Escape") toggleMeasure();
  if (MEASURE.done) return;
  if (key === "Enter") addMeasured(MAP.getCenter());
  if (key === "Backspace" && MEASURE.points.pop()) sayMeasured();
}

export function watchMeasure() {
  MAP.on("click", (event) => MEASURE.points && !MEASURE.done && addMeasured(event.latlng));
  MAP.on("dblclick", () => {
    // the length stays to be read; the next press of the button clears it
    if (!MEASURE.points || MEASURE.points.length < 2) return;
    MEASURE.done = true;
    TOOLS.busy = false;
  });
  // with the focus on the map, or still on the tool, whose own Enter presses it again
  document.addEventListener("keydown", ({ key, target }) => {
    const { id } = /** @type {Element} */ (target);
    if (MEASURE.points && (id === "map" || (id === "measure" && key !== "Enter"))) measureByKey(key);
  });
  on("language", sayMeasured);
}

/** @param {Pen} ctx @param {View} view */
function paintMeasure(ctx, view) {
  if (!MEASURE.points?.length) return false;
  const close = MEASURE.points.length > 2;
  const places = MEASURE.points.map((/** @type {Place} */ one) => [worldX(one.lng) * view.scale - view.left, worldY(one.lat) * view.scale - view.top]);
  for (const [colour, width] of /** @type {[string, number][]} */ ([[INK.halo, 5], [INK.accent, 2]])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    places.forEach((/** @type {Pair} */ [x, y], /** @type {number} */ at) => (at ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.stroke();
  }
  if (close) {
    ctx.globalAlpha = 0.12;
    ctx.fillStyle = INK.accent;
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  ctx.fillStyle = INK.accent;
  for (const [x, y] of places) {
    ctx.beginPath();
    ctx.arc(x, y, 4, 0, 7);
    ctx.fill();
  }
  return true;
}

MARKS.push(paintMeasure);
