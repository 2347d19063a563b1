// Too many points to tell apart: how many stand in each small square, dark where many.

import { LAYERS } from "../data/layers.js";
import { register } from "../features.js";
import { DENSITY_FROM } from "./points.js";
import { byId, el, penOf } from "../page/elements.js";
import { on } from "../page/events.js";
import { number } from "../text/numbers.js";
import { T, W } from "../text/words.js";

const CELL = 6; // pixels

/** @param {number} share */
export const densityColour = (share) => {
  // from pale ochre to deep purple: light to dark, safe for colour-blind eyes
  const stops = [[251, 212, 138], [221, 99, 64], [171, 47, 69], [80, 16, 58]];
  const place = share * (stops.length - 1), at = Math.min(stops.length - 2, Math.floor(place)), t = place - at;
  return stops[at].map((one, k) => Math.round(one + (stops[at + 1][k] - one) * t));
};

// Paint the squares and their legend if there are that many points, and tell so.
/** @param {Pen} ctx @param {View} view @param {Layer} layer @param {Uint32Array} shown @param {number} count */
function paintDensity(ctx, view, layer, shown, count) {
  const dense = count > DENSITY_FROM;
  sayDensity(layer, dense, dense ? paintSquares(ctx, view, layer, shown, count) : 0);
  return dense;
}

/** @param {Pen} ctx @param {View} view @param {Layer} layer @param {Uint32Array} shown @param {number} count */
function paintSquares(ctx, view, layer, shown, count) {
  const columns = Math.ceil(view.width / CELL), rows = Math.ceil(view.height / CELL);
  const counts = new Uint32Array(columns * rows);
  let most = 0;
  for (let s = 0; s < count; s++) {
    const i = shown[s];
    const cx = Math.floor((layer.x[i] * view.scale - view.left) / CELL), cy = Math.floor((layer.y[i] * view.scale - view.top) / CELL);
    if (cx < 0 || cy < 0 || cx >= columns || cy >= rows) continue;
    most = Math.max(most, ++counts[cy * columns + cx]);
  }
  const image = new ImageData(columns, rows);
  counts.forEach((n, at) => {
    if (!n) return;
    const [r, g, b] = densityColour(Math.log1p(n) / Math.log1p(most));
    image.data.set([r, g, b, 215], at * 4);
  });
  const sheet = document.createElement("canvas");
  sheet.width = columns;
  sheet.height = rows;
  penOf(sheet).putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(sheet, 0, 0, columns * CELL, rows * CELL);
  ctx.imageSmoothingEnabled = true;
  return most;
}

// The legend of the squares, on the map as long as they are there.
/** @param {Layer} layer @param {boolean} dense @param {number} most */
function sayDensity(layer, dense, most) {
  let note = document.getElementById(`density-${layer.at}`);
  if (!dense) { note?.remove(); return; }
  if (!note) {
    const bar = el("i", { class: "density-bar" });
    const stops = [0, 0.33, 0.66, 1].map((one) => `rgb(${densityColour(one).join(" ")})`);
    bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
    note = el("div", { id: `density-${layer.at}`, class: "density" },
      el("b", { dir: "auto", say: () => T(layer.title) }), el("span", { say: () => W("density") }),
      el("div", {}, el("span", {}, "1"), bar, el("span", { class: "most" })),
      el("small", { say: () => W("zoom_for_points") }));
    byId("stage").append(note);
  }
  /** @type {Element} */ (note.querySelector(".most")).textContent = number(most);
}

// A layer that is switched off takes its legend along.
on("layers", () => {
  for (const layer of LAYERS) if (!layer.on) sayDensity(layer, false, 0);
});

register("density", { paint: paintDensity });
