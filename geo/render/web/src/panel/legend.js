// Legends: bound to their layers; an entry of kinds or classes hides and shows its features.

import { KINDS } from "../layers/kinds.js";
import { el, svg } from "../page/elements.js";
import { on } from "../page/events.js";
import { STATE } from "../page/state.js";
import { classesOf, hideClasses, isAlone } from "./class-filter.js";
import { bareWords, unitWords } from "./class-words.js";
import { swatch } from "./swatch.js";
import { number } from "../text/numbers.js";
import { T, W } from "../text/words.js";

/** @param {Layer} layer */
export function sampleOf(layer) {
  const { legend, kind } = layer;
  if (legend.kind !== "plain" || kind === "label") return null;
  let sample = swatch(layer, legend.items[0].colour);
  on("shades", () => {
    const next = swatch(layer, legend.items[0].colour);
    sample.replaceWith(next);
    sample = next;
  });
  return sample;
}

/** @param {Layer} layer */
export function legendOf(layer) {
  const { legend } = layer;
  const parts = [];
  if (!layer.n) parts.push(el("p", { class: "hint", say: () => W("empty") }));
  if (legend.kind === "classes" || legend.kind === "categories") {
    parts.push(el("p", { class: "legend-title", dir: "auto", say: () => T(legend.title) + unitWords(legend.unit) }));
    const rows = legend.items.map((item, at) => legendRow(layer, at, () => bareWords(legend, item), item.n));
    if (legend.missing) rows.push(legendRow(layer, legend.items.length, () => T(legend.missing_label) || W("no_data"), legend.missing));
    parts.push(el("ul", { label: () => W("all_on") }, ...rows));
  }
  const own = KINDS[layer.kind]?.legend;
  if (own) parts.push(...own(layer));
  else if (layer.sizes) parts.push(...sizeLegend(layer));
  if (layer.thinned_m) parts.push(el("p", { class: "hint", say: () => `${W("thinned")} ${number(layer.thinned_m)} m` }));
  if (layer.dropped) parts.push(el("p", { class: "hint", say: () => `${number(layer.dropped)} ${W(layer.kind === "flow" ? "no_flow" : "off_map")}` }));
  if (layer.time?.missing) parts.push(el("p", { class: "hint", say: () => `${number(layer.time.missing)} ${W("undated")}` }));
  return parts;
}

// A click hides or shows a class; a double one, or one with Shift, shows it alone, and then all again.
/** @param {Layer} layer @param {number} code @param {() => string} words @param {number} n */
function legendRow(layer, code, words, n) {
  const button = el("button", { type: "button" },
    swatch(layer, layer.colours[code]), el("span", { dir: "auto", say: words }), countOf(layer, () => timedCounts(layer)?.[code] ?? n));
  const update = () => button.setAttribute("aria-pressed", String(!layer.hidden.has(code)));
  const alone = () => hideClasses(layer, isAlone(layer, code) ? [] : classesOf(layer).filter((one) => one !== code));
  const toggle = () => hideClasses(layer, classesOf(layer).filter((one) => layer.hidden.has(one) !== (one === code)));
  on("shades", () => button.firstChild?.replaceWith(swatch(layer, layer.colours[code])));
  on("filter", update);
  button.addEventListener("click", (event) => (event.shiftKey ? alone() : toggle()));
  button.addEventListener("dblclick", alone);
  update();
  return el("li", {}, button);
}

// Number of features, in a class or in all, at the time that the slider shows.
/** @param {Layer} layer @param {() => number} n */
export function countOf(layer, n) {
  const node = el("small", { class: "count", say: () => number(n()) });
  if (layer.time) on("time", () => node._say());
  return node;
}

// Features of each class now; null while all times are shown.
/** @param {Layer} layer */
export function timedCounts(layer) {
  if (STATE.step === null || !layer.stepOf) return null;
  if (layer.counted?.step !== STATE.step) {
    const by = new Array(layer.colours.length + 1).fill(0);
    for (let i = 0; i < layer.n; i++) if (layer.inTime(i)) by[layer.class[i]]++;
    layer.counted = { step: STATE.step, by };
  }
  return layer.counted.by;
}

/** @param {Layer} layer */
export function sizeLegend(layer) {
  const { title, unit, items } = layer.sizes;
  if (!items.length) return [];
  const isLine = layer.kind !== "point";
  const tall = isLine ? 14 : 2 * items[items.length - 1].radius + 4;
  const row = el("div", { class: "sizes" }, ...items.map((item) => {
    const wide = isLine ? 30 : 2 * item.radius + 4;
    const drawing = svg("svg", { width: wide, height: tall, "aria-hidden": "true" });
    drawing.append(isLine
      ? svg("path", { d: `M0 ${tall / 2}H30`, "stroke-width": item.radius, class: "size-line" })
      : svg("circle", { cx: wide / 2, cy: tall - item.radius - 1.5, r: item.radius, class: "size-disc" }));
    return el("span", {}, drawing, el("small", { say: () => number(item.value) }));
  }));
  return [el("p", { class: "legend-title", dir: "auto", say: () => T(title) + unitWords(unit) }), row];
}
