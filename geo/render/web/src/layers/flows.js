// Flows: curved lines as wide as what they carry, with a head that tells their direction.

import { bundlesOf, discRadius, groupsView, layFlows } from "./flow-groups.js";
import { flowWords } from "./flow-words.js";
import { INK } from "./ink.js";
import { KINDS } from "./kinds.js";
import { hitLines } from "./lines.js";
import { inView, trace } from "./outlines.js";
import { el } from "../page/elements.js";
import { emit, on } from "../page/events.js";
import { sizeLegend } from "../panel/legend.js";
import { number, withUnit } from "../text/numbers.js";
import { filled, W } from "../text/words.js";

const FLOW_WIDTHS = [0.6, 11]; // pixels, of nothing and of the largest sum

/** @param {FlowView} view @param {number} sum */
const flowWidth = (view, sum) => FLOW_WIDTHS[0] + (view.top ? sum / view.top : 0) * (FLOW_WIDTHS[1] * view.slim - FLOW_WIDTHS[0]);

/** @param {Pen} ctx @param {View} view @param {Layer} layer */
function paintFlows(ctx, view, layer) {
  const drawn = bundlesOf(layer, view.zoom);
  ctx.lineCap = "round";
  for (let b = 0; b < drawn.n; b++) {
    if (!inView(drawn, b, view, 12)) continue;
    const width = flowWidth(drawn, drawn.weight[b]);
    // the light ones stand back, so that the heavy ones are read first
    ctx.globalAlpha = drawn.faded(b) ? 0.08 : 0.3 + 0.55 * Math.sqrt(drawn.weight[b] / drawn.top);
    ctx.strokeStyle = ctx.fillStyle = drawn.colour(b);
    ctx.lineWidth = width;
    ctx.beginPath();
    trace(ctx, drawn, b, view, false);
    ctx.stroke();
    if (layer.style.directed) paintHead(ctx, view, drawn, b, width);
  }
  ctx.globalAlpha = 1;
  paintGroups(ctx, view, drawn);
}

// An arrow head two thirds along, where neighbouring ends do not cover it.
/** @param {Pen} ctx @param {View} view @param {Layer} layer @param {number} i @param {number} width */
function paintHead(ctx, view, layer, i, width) {
  const from = layer.runs[layer.first[i]], to = layer.runs[layer.first[i] + 1];
  const at = Math.round(from + (to - from - 1) * 0.66);
  /** @param {number} v */
  const px = (v) => [layer.x[v] * view.scale - view.left, layer.y[v] * view.scale - view.top];
  const [x, y] = px(at), [bx, by] = px(at - 1);
  const far = Math.hypot(x - bx, y - by);
  if (!far) return;
  const size = 2.8 + width * 1.25;
  const [ux, uy] = [((x - bx) / far) * size, ((y - by) / far) * size];
  ctx.beginPath();
  ctx.moveTo(x + ux, y + uy);
  ctx.lineTo(x - ux * 0.6 - uy * 0.75, y - uy * 0.6 + ux * 0.75);
  ctx.lineTo(x - ux * 0.6 + uy * 0.75, y - uy * 0.6 - ux * 0.75);
  ctx.fill();
}

// A dot a place, and a disc with their number where places are merged.
/** @param {Pen} ctx @param {View} view @param {FlowView} given */
function paintGroups(ctx, view, { places, groups }) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
  for (const p of [...places.ranked].reverse()) {
    const size = groups.size[p];
    if (!size) continue;
    const x = places.x[p] * view.scale - view.left, y = places.y[p] * view.scale - view.top;
    ctx.beginPath();
    ctx.arc(x, y, discRadius(size), 0, 2 * Math.PI);
    ctx.fillStyle = INK.ink;
    ctx.fill();
    if (size === 1) continue;
    ctx.strokeStyle = INK.halo;
    ctx.lineWidth = 1.5;
    ctx.stroke();
    ctx.fillStyle = INK.paper;
    ctx.fillText(String(size), x, y + 0.5);
  }
}

// What lies under the pointer: a group, else the rows of a line, or the sum of several.
/** @param {Layer} layer @param {number} wx @param {number} wy @param {number} reach @param {number} zoom */
function hitFlows(layer, wx, wy, reach, zoom) {
  const drawn = bundlesOf(layer, zoom);
  const { places, groups } = drawn;
  for (const p of places.ranked) {
    const far = Math.hypot(places.x[p] - wx, places.y[p] - wy);
    if (groups.size[p] > 1 && far <= discRadius(groups.size[p]) / 2 ** zoom) return [{ layer: groupsView(drawn), i: p }];
  }
  return hitLines(drawn, wx, wy, reach).map((b) =>
    drawn.rows[b].length === 1 ? { layer, i: drawn.rows[b][0] } : { layer: drawn, i: b });
}

// The least weight to be seen: a slider over the ranks, since weights are far from even.
/** @param {Layer} layer */
function thresholdOf(layer) {
  const ranked = [...layer.weights].sort((a, b) => a - b);
  const last = Math.max(0, ranked.length - 1);
  const asked = layer.least === null ? 0 : ranked.findIndex((one) => one >= Number(layer.least)); // by the address
  const range = el("input", { type: "range", min: 0, max: last, value: asked < 0 ? last : asked, label: () => W("threshold") });
  const shown = el("output", {});
  const say = () => { shown.textContent = withUnit(number(ranked[Number(range.value)] ?? 0), layer.sizes?.unit); };
  const keep = () => { layer.least = Number(range.value) ? ranked[Number(range.value)] : null; };
  keep();
  range.addEventListener("input", () => {
    keep();
    say();
    layer.sheet?.redraw();
    emit("filter");
  });
  on("language", say);
  say();
  return el("div", { class: "threshold" }, el("span", { say: () => W("threshold") }), range, shown);
}

// Widths as they are drawn at the present zoom, and what was merged.
/** @param {Layer} layer */
function flowLegend(layer) {
  const box = el("div", { class: "flow-legend" });
  on("flows", (one) => one === layer && box.replaceChildren(...flowLegendParts(layer)));
  return box;
}

/** @param {Layer} layer */
function flowLegendParts(layer) {
  const { top, groups, inside } = layer.bundled;
  const values = [...new Set([0.1, 0.4, 1].map((share) => oneDigit(top * share)))].filter(Boolean);
  layer.sizes.items = values.map((value) => ({ value, radius: flowWidth(layer.bundled, value) }));
  const sizes = groups.size.filter((/** @type {number} */ one) => one > 1);
  const rows = [...inside.values()].flatMap((one) => one.rows).length;
  const sum = [...inside.values()].reduce((total, one) => total + one.sum, 0);
  /** @param {string} word @param {() => Record<string, unknown>} words */
  const hint = (word, words) => el("p", { class: "hint", say: () => filled(W(word), words()) });
  return /** @type {Node[]} */ ([
    ...sizeLegend(layer),
    sizes.length ? hint("places_merged", () => ({ n: number(sizes.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b)), groups: number(sizes.length) })) : null,
    rows ? hint("flows_inside", () => ({ n: number(rows), sum: withUnit(number(sum), layer.sizes.unit) })) : null,
  ].filter(Boolean));
}

// Rounded down to one significant digit.
/** @param {number} value */
export function oneDigit(value) {
  if (!(value > 0)) return 0;
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return Math.floor(value / magnitude + 1e-9) * magnitude;
}

KINDS.flow = {
  lay: layFlows, paint: paintFlows, hit: hitFlows, says: flowWords, bundles: bundlesOf,
  /** @param {Layer} layer */
  legend: (layer) => [flowLegend(layer), layer.n > 1 ? thresholdOf(layer) : ""],
};
