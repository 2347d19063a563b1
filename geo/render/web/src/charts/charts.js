// Charts drawn as SVG beside the map: the first above the layers, the others below them.

import { placeWords } from "./drawing.js";
import { lyingBars } from "./horizontal-bars.js";
import { linkFeatures, listenKeys, saySelection, standBack } from "./selection.js";
import { CHARTS, kindOfChart } from "./state.js";
import { ternaryChart } from "./ternary.js";
import { uprightChart } from "./vertical-bars.js";
import { LAYERS } from "../data/layers.js";
import { register } from "../features.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { PAGE } from "../page/page.js";
import { number } from "../text/numbers.js";
import { labelled, T } from "../text/words.js";

// The first chart carries the finding and stands above the layers, the others below them.
/** @param {HTMLElement} lead @param {HTMLElement} rest */
function makeCharts(lead, rest) {
  PAGE.charts.forEach((def, at) => (at ? rest : lead).append(makeChart(def)));
}

/** @param {ChartDef} def */
function makeChart(def) {
  const holder = el("figure", { class: "chart" });
  const layer = LAYERS.find((one) => one.id === def.link?.layer) ?? null;
  // rows: those chosen, or null; at: the one pointed at; marks: the shapes of each row
  const state = { def, holder, layer, rows: null, at: null, anchor: null, marks: [] };
  CHARTS.push(state);
  const draw = () => drawChart(state);
  on("language", draw);
  on("shades", draw);
  for (const event of ["time", "filter", "layers"]) on(event, () => state.rows && saySelection(state));
  linkFeatures(state);
  draw();
  return holder;
}

/** @type {Record<string, (state: ChartState) => SVGElement>} */
const KINDS_OF_CHARTS = { lying: lyingBars, ternary: ternaryChart };

/** @param {ChartState} state */
function drawChart(state) {
  const { def, holder } = state;
  state.zone = null;
  state.marks = def.x.values.map(() => []);
  const kind = kindOfChart(def);
  const drawing = (KINDS_OF_CHARTS[kind] ?? uprightChart)(state);
  listenKeys(drawing, state);
  const unit = T(def.y.unit) ? ` (${T(def.y.unit)})` : "";
  holder.replaceChildren(
    el("figcaption", { dir: "auto" }, el("h3", { "aria-level": 2 }, T(def.title)), el("p", { class: "axis-name" }, T(def.y.label) + unit)),
    ...(def.series.length > 1 && kind !== "ternary" ? [seriesKey(def)] : []),
    drawing,
    el("p", { class: "chart-say", "aria-live": "polite" }),
    ...(def.size ? [el("p", { class: "hint", dir: "auto" }, labelled("mark_area", T(def.size.label)))] : []),
    ...(def.note ? [el("p", { class: "hint", dir: "auto" }, T(def.note))] : []),
    dataTable(def));
  state.say = holder.querySelector(".chart-say");
  saySelection(state);
  if (state.rows) standBack(state, state.rows);
}

/** @param {ChartDef} def */
function seriesKey(def) {
  /** @param {Series} one */
  const entry = (one) => {
    const dot = el("i", { class: "dot" });
    dot.style.background = one.colour;
    return el("li", { dir: "auto" }, dot, T(one.label));
  };
  return el("ul", { class: "series" }, ...def.series.map(entry));
}

// The same numbers for screen readers and for those who do not trust pictures.
/** @param {ChartDef} def */
function dataTable(def) {
  const head = el("tr", {}, el("th", { scope: "col" }, T(def.x.label)), ...def.series.map((one) => el("th", { scope: "col" }, T(one.label))));
  const rows = def.x.values.slice(0, 200).map((value, i) =>
    el("tr", {}, el("th", { scope: "row" }, placeWords(def, i)),
      ...def.series.map((one) => el("td", {}, one.values[i] === null ? "—" : number(one.values[i], def.y.decimals)))));
  // Firefox shows the caption of a hidden table: the box around it hides both
  return el("div", { class: "for-reader" }, el("table", {}, el("caption", {}, T(def.title)), el("thead", {}, head), el("tbody", {}, ...rows)));
}

register("charts", { make: makeCharts });
