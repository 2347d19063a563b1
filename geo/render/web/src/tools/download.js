// The data of a layer as CSV or GeoJSON, made in the page. Cells that a spreadsheet would run as a
// formula get an apostrophe in CSV, by the rule of geo.formats.defuse.

import { LAYERS } from "../data/layers.js";
import { latOf, lonOf } from "../data/mercator.js";
import { openDialog } from "../page/dialog.js";
import { el } from "../page/elements.js";
import { PAGE } from "../page/page.js";
import { sources } from "../panel/sources.js";
import { number } from "../text/numbers.js";
import { filled, T, W } from "../text/words.js";

const FORMULA = /^(?:[\t\r\n]|[\p{Z}\p{C}]*[=+\-@＝＋－＠﹦﹢﹣﹫])/u;
const SIGNED = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** @param {unknown} value */
export const defused = (value) => (typeof value === "string" && FORMULA.test(value) && !SIGNED.test(value) ? `'${value}` : value);

/** @param {unknown} value */
export function csvCell(value) {
  if (value === null || value === undefined) return "";
  const text = String(defused(value)).replaceAll("\0", "\ufffd");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// Header and position of each column to hand out.
/** @param {Layer} layer */
function columnsOf(layer) {
  const names = Object.entries(layer.names).map(([code, at]) => [layer.name_headers[code], at]);
  const key = layer.key_column === null ? [] : [["id", layer.key_column]];
  return [...key, ...names, ...layer.fields.map((field) => [field.header, field.column])];
}

// With all: what is hidden by a class, the time or a threshold too.
/** @param {Layer} layer @param {boolean} [all] */
function exported(layer, all) {
  /** @param {number} at @param {number} i */
  const value = (at, i) => {
    const cell = layer.cell(at, i);
    return layer.columns[at].kind === "flag" && cell !== null ? cell === "true" : cell;
  };
  const rows = [];
  for (let i = 0; i < layer.n; i++) if (all || layer.seen(i)) rows.push(i);
  return { rows, value };
}

/** @param {Layer} layer @param {boolean} [all] */
export async function toCsv(layer, all = false) {
  await layer.table();
  const { rows, value } = exported(layer, all);
  const columns = columnsOf(layer);
  const isPoint = !layer.runs;
  const head = [...columns.map(([name]) => name), ...(isPoint ? ["lon", "lat"] : [])];
  const lines = [head.map(csvCell).join(",")];
  for (const i of rows) {
    const cells = columns.map(([, at]) => value(at, i));
    if (isPoint) cells.push(lonOf(layer.x[i]), latOf(layer.y[i]));
    lines.push(cells.map(csvCell).join(","));
  }
  return `\ufeff${lines.join("\r\n")}\r\n`; // the mark lets Excel read it as UTF-8
}

/** @param {Layer} layer @param {number} i */
export function geometryOf(layer, i) {
  /** @param {number} v */
  const at = (v) => [lonOf(layer.x[v]), latOf(layer.y[v])];
  if (!layer.runs) return { type: "Point", coordinates: at(i) };
  const runs = [];
  for (let r = layer.first[i]; r < layer.first[i + 1]; r++) {
    const run = [];
    for (let v = layer.runs[r]; v < layer.runs[r + 1]; v++) run.push(at(v));
    runs.push(run);
  }
  if (layer.kind !== "area") return runs.length === 1 ? { type: "LineString", coordinates: runs[0] } : { type: "MultiLineString", coordinates: runs };
  return { type: "MultiPolygon", coordinates: nested(runs) };
}

/** @param {number[][]} ring */
export const signedArea = (ring) => ring.reduce((sum, [x, y], k) => {
  const [u, v] = ring[(k + 1) % ring.length];
  return sum + x * v - u * y;
}, 0);

// Runs come as they were kept: an outer ring, then its holes, which turn the other way.
/** @param {number[][][]} runs */
export function nested(runs) {
  const polygons = [];
  let outer = 0;
  for (const ring of runs) {
    const turn = Math.sign(signedArea(ring));
    const closed = [...ring, ring[0]];
    if (!polygons.length || turn === outer) {
      outer ||= turn;
      polygons.push([turn < 0 ? closed.reverse() : closed]);
    } else polygons[polygons.length - 1].push(turn > 0 ? closed.reverse() : closed);
  }
  return polygons;
}

// Provenance is data: as the registry has it, whatever the language of the page.
/** @param {Record<string, any>} source */
const inEnglish = (source) => Object.fromEntries(Object.entries(source).map(([key, text]) => [key, text?.en ?? text]));

/** @param {Layer} layer @param {boolean} [all] */
export async function toGeojson(layer, all = false) {
  await layer.table();
  const { rows, value } = exported(layer, all);
  const columns = columnsOf(layer);
  const features = rows.map((i) => ({
    type: "Feature",
    properties: Object.fromEntries(columns.map(([name, at]) => [name, value(at, i)])),
    geometry: geometryOf(layer, i),
  }));
  const provenance = { title: layer.title, sources: layer.sources.map((at) => inEnglish(PAGE.sources[at])), package: `jingjinji ${PAGE.version}` };
  return JSON.stringify({ type: "FeatureCollection", provenance, features });
}

/** @param {string} name @param {string | Blob} text @param {string} type */
export function handOut(name, text, type) {
  const address = URL.createObjectURL(text instanceof Blob ? text : new Blob([text], { type }));
  const link = el("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {string} text */
export const fileName = (text) => text.replace(/\p{Cf}/gu, "").replace(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, 80) || "map";

export function openDownloads() {
  const all = el("input", { type: "checkbox", id: "all-rows" });
  /** @param {[Layer, number]} given */
  const entry = ([layer, rows]) => {
    const part = () => filled(W("rows_shown"), { shown: number(rows), n: number(layer.n) });
    return el("li", {},
      el("span", { dir: "auto" }, () => T(layer.title), rows < layer.n ? el("small", { class: "hint", say: part }) : null),
      el("button", { type: "button", on: { click: async () => handOut(`${fileName(layer.id)}.csv`, await toCsv(layer, all.checked), "text/csv") } }, "CSV"),
      el("button", { type: "button", on: { click: async () => handOut(`${fileName(layer.id)}.geojson`, await toGeojson(layer, all.checked), "application/geo+json") } }, "GeoJSON"));
  };
  const kept = LAYERS.filter((layer) => layer.kind !== "label" && layer.kind !== "image" && layer.n);
  /** @type {[Layer, number][]} */
  const offered = kept.map((layer) => [layer, exported(layer).rows.length]);
  const choice = offered.some(([layer, rows]) => rows < layer.n) ? el("label", { class: "all-rows" }, all, el("span", { say: () => W("rows_all") })) : null;
  openDialog("download_data", ...(choice ? [choice] : []), el("ul", { class: "downloads" }, ...offered.map(entry)), sources());
}
