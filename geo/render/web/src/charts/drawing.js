// What all kinds of charts draw with.

import { penOf, svg } from "../page/elements.js";
import { shortened } from "../text/lines.js";
import { number } from "../text/numbers.js";
import { T, W } from "../text/words.js";

export const CHART = { width: 340, height: 190, left: 44, right: 16, top: 12, bottom: 34 };

/** @param {ChartDef} def @param {number} height */
export function plot(def, height) {
  return svg("svg", { viewBox: `0 0 ${CHART.width} ${height}`, role: "application", "aria-label": `${T(def.title)}. ${W("chart_keys")}`, class: "plot" });
}

/** @param {ChartDef} def @param {number} i */
export function placeWords(def, i) {
  const value = def.x.values[i];
  return typeof value === "number" ? number(value, def.x.decimals) : T(value);
}

/** @param {number} x @param {number} y @param {string} text @param {string} anchor @param {string} [kind] */
export function label(x, y, text, anchor, kind = "tick") {
  const node = svg("text", { x, y, "text-anchor": anchor, class: kind });
  node.textContent = text;
  return node;
}

// A text cut to a width in pixels, and how wide it then is.
/** @param {string} text @param {number} size @param {number} width */
export function fitted(text, size, width) {
  const pen = penOf(document.createElement("canvas"));
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  let most = 60, cut = shortened(text, most);
  while (most > 4 && pen.measureText(cut).width > width) cut = shortened(text, --most);
  return { text: cut, wide: pen.measureText(cut).width };
}

// Where a pointer is, in the units of the drawing.
/** @param {Element} drawing @param {MouseEvent} event */
export function inPlot(drawing, event) {
  const box = drawing.getBoundingClientRect();
  const scale = CHART.width / box.width;
  return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
}
