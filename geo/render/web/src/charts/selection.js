// Rows of a chart and features of the map: pointing at one and choosing some, both ways.

import { placeWords } from "./drawing.js";
import { CHARTS, kindOfChart } from "./state.js";
import { switchLayer } from "../map/sheets.js";
import { el } from "../page/elements.js";
import { emit, on } from "../page/events.js";
import { KEPT, STATE, languageOf } from "../page/state.js";
import { number, withUnit } from "../text/numbers.js";
import { filled, T, W } from "../text/words.js";

/** @param {ChartDef} def @param {number} i */
export function rowWords(def, i) {
  // of kinds that exclude each other only the one that is there is said
  const there = def.series.filter((one) => one.values[i] !== null);
  const values = (there.length ? there : def.series.slice(0, 1)).map((one) => {
    const value = there.length ? withUnit(number(one.values[i], def.y.decimals), def.y.unit) : "—";
    return def.series.length > 1 ? `${T(one.label)} ${value}` : value;
  });
  if (def.size && def.size.values[i] !== null) values.push(`${T(def.size.label)} ${withUnit(number(def.size.values[i], def.size.decimals), def.size.unit)}`);
  const place = def.x.ends ? rangeOfRows(def, i, i) : withUnit(placeWords(def, i), def.x.unit);
  return `${place}: ${values.join(" · ")}`;
}

const MOST_NAMED = 4;

// What is said of the chosen rows: the numbers of one, the names of a few, the ends of a range.
/** @param {ChartDef} def @param {number[]} rows */
export function rowsWords(def, rows) {
  if (rows.length === 1) return rowWords(def, rows[0]);
  if (def.numeric) return rangeOfRows(def, rows[0], rows[rows.length - 1]);
  const named = rows.slice(0, MOST_NAMED).map((i) => placeWords(def, i)).join(languageOf(STATE.lang)[3]);
  return rows.length > MOST_NAMED ? `${named}… (${number(rows.length)})` : named;
}

// From the first to the last place; of stretches, from where the first begins to where the last ends.
/** @param {ChartDef} def @param {number} first @param {number} last */
function rangeOfRows(def, first, last) {
  /** @param {number} value */
  const said = (value) => number(value, def.x.decimals), { ends, values } = def.x;
  const [from, to] = ends ? [ends[first][0], ends[last][1]] : [values[first], values[last]];
  return `${said(from)} – ${withUnit(said(to), def.x.unit)}`;
}

/** @param {number} a @param {number} b */
export const rangeOf = (a, b) => Array.from({ length: Math.abs(b - a) + 1 }, (_, k) => Math.min(a, b) + k);

/** @param {ChartState} state @param {number[] | null} rows */
export function standBack(state, rows) {
  const chosen = rows && new Set(rows);
  state.marks.forEach((marks, at) => marks.forEach((mark) => mark.classList.toggle("back", chosen !== null && !chosen.has(at))));
}

// Pointing shows a row's features, unless some are chosen, here or in another chart.
/** @param {ChartState} state @param {number | null} i */
export function pointRow(state, i) {
  if (state.rows) return;
  state.at = i;
  state.say.textContent = i === null ? sayNothing(state) : rowWords(state.def, i);
  standBack(state, i === null ? null : [i]);
  if (!CHARTS.some((one) => one.rows)) singleOut(state, i === null ? null : [i]);
}

// The map shows one choice: what was chosen in another chart is let go.
/** @param {ChartState} state @param {number[] | null} rows */
export function chooseRows(state, rows) {
  setRows(state, rows?.length ? rows : null);
  if (state.layer && state.rows) for (const other of CHARTS) if (other !== state && other.rows && other.layer) setRows(other, null);
  if (state.layer && state.rows && !state.layer.on) switchLayer(state.layer, true);
  singleOut(state, state.rows);
  emit("rows");
}

/** @param {ChartState} state @param {number[] | null} rows */
function setRows(state, rows) {
  state.rows = rows;
  state.zone?.(rows);
  standBack(state, rows);
  saySelection(state);
}

/** @type {Record<string, string>} */
const HINTS = { ternary: "ternary_hint", lying: "bar_hint" };
/** @param {ChartState} state */
const sayNothing = (state) => (state.layer ? W(HINTS[kindOfChart(state.def)] ?? "chart_hint") : "");

/** @param {ChartState} state */
export function saySelection(state) {
  const { def, rows, say, layer } = state;
  if (!rows) {
    say.textContent = sayNothing(state);
    return;
  }
  const letGo = () => {
    chooseRows(state, null);
    /** @type {HTMLElement} */ (state.holder.querySelector(".plot")).focus({ preventScroll: true }); // the button is gone
  };
  const clear = el("button", { type: "button", class: "clear", on: { click: letGo } }, W("clear"));
  const count = layer ? ` · ${countWords(keysOf(def, rows).size)}${hiddenWords(state)} ` : " ";
  say.replaceChildren(rowsWords(def, rows) + count, clear);
}

// How many of the chosen features the map shows, where a class, the time or a threshold hides some.
/** @param {ChartState} given */
function hiddenWords({ layer }) {
  if (STATE.marked?.layer !== layer) return "";
  const chosen = [...STATE.marked.set], shown = layer.on ? chosen.filter((i) => layer.seen(i)).length : 0;
  return shown === chosen.length ? "" : filled(W("of_them_shown"), { n: number(shown) });
}

/** @param {number} n */
const countWords = (n) => `${number(n)} ${W(n === 1 ? "of_feature" : "of_features")}`;

/** @param {ChartDef} def @param {number[]} rows */
function keysOf(def, rows) {
  return new Set(rows.flatMap((row) => def.link?.keys[row]));
}

// The chosen rows in the address: place of the chart, a tilde, places of its rows.
KEPT.rows = {
  write() {
    const at = CHARTS.findIndex((one) => one.rows && one.layer);
    return at < 0 ? "" : `${at}~${(CHARTS[at].rows ?? []).join(".")}`;
  },
  /** @param {string} text */
  read(text) {
    const [at, rows] = text.split("~"), state = CHARTS[Number.parseInt(at, 10)];
    const there = (rows ?? "").split(".").filter(Boolean).map(Number).filter((row) => row in (state?.def.x.values ?? []));
    if (there.length) chooseRows(state, [...new Set(there)]);
  },
};

let turnOfMarks = 0; // features are looked up in time: what was asked for last is what is shown

/** @param {ChartState} state @param {number[] | null} rows */
async function singleOut(state, rows) {
  const { layer, def } = state;
  if (!layer) return;
  const mine = ++turnOfMarks, before = STATE.marked?.layer;
  const places = rows && (await Promise.all([...keysOf(def, rows)].map((key) => layer.placeOf(key))));
  if (mine !== turnOfMarks) return;
  STATE.marked = places && { layer, set: new Set(places) };
  if (before !== layer) before?.redraw();
  layer.redraw();
  if (state.rows) saySelection(state);
}

// A feature under the pointer makes its row stand out.
/** @param {ChartState} state */
export function linkFeatures(state) {
  if (!state.layer) return;
  on("hover", async (hit) => {
    if (state.rows) return;
    const rows = hit && hit.layer === state.layer ? await rowsOf(state, hit.i) : null;
    standBack(state, rows);
  });
}

/** @param {ChartState} state @param {number} i */
async function rowsOf(state, i) {
  await state.layer?.table();
  const key = state.layer?.key(i);
  /** @type {number[]} */
  const rows = [];
  state.def.link?.keys.forEach((keys, at) => { if (keys.includes(key)) rows.push(at); });
  return rows;
}

// One stop of the tab key: arrows go from row to row, with Shift they choose, Escape lets go.
/** @param {SVGElement} drawing @param {ChartState} state */
export function listenKeys(drawing, state) {
  const n = state.def.x.values.length;
  drawing.setAttribute("tabindex", "0");
  drawing.addEventListener("blur", () => pointRow(state, null));
  drawing.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key] ?? 0;
    const at = state.at ?? (by < 0 ? n : -1);
    if (by && event.shiftKey) {
      const start = state.anchor ?? Math.max(0, Math.min(n - 1, at));
      state.anchor = start;
      state.at = Math.max(0, Math.min(n - 1, at + by));
      chooseRows(state, rangeOf(start, state.at));
    } else if (by) {
      if (state.rows) chooseRows(state, null);
      state.anchor = null;
      pointRow(state, (at + by + n) % n);
    } else if ((event.key === "Enter" || event.key === " ") && state.at !== null) chooseRows(state, state.rows ? null : [state.at]);
    else if (event.key === "Escape") chooseRows(state, null);
    else return;
    event.preventDefault();
  });
}
