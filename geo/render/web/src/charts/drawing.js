// What all kinds of charts draw with.

import { svg } from "../page/elements.js";
import { shortened } from "../text/lines.js";
import { number } from "../text/numbers.js";
import { T, W } from "../text/words.js";

export const CHART = { width: 340, height: 190, left: 44, right: 16, top: 12, bottom: 34 };

export function plot(def, height) {
  return svg("svg", { viewBox: `0 0 ${CHART.width} ${height}`, role: "application", "aria-label": `${T(def.title)}. ${W("chart_keys")}`, class: "plot" });
}

export function placeWords(def, i) {
  const value = def.x.values[i];
  return typeof value === "number" ? number(value, def.x.decimals) : T(value);
}

export function label(x, y, text, anchor, kind = "tick") {
  const node = svg("text", { x, y, "text-anchor": anchor, class: kind });
  node.textContent = text;
  return node;
}

// A text cut to a width in pixels, and how wide it then is.
export function fitted(text, size, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  let most = 60, cut = shortened(text, most);
  while (most > 4 && pen.measureText(cut).width > width) cut = shortened(text, --most);
  return { text: cut, wide: pen.measureText(cut).width };
}

// Where a pointer is, in the units of the drawing.
export function inPlot(drawing, event) {
  const box = drawing.getBoundingClientRect();
  const scale = CHART.width / box.width;
  return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
}
