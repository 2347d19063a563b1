import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { fire, layerDef, openPage, textOf } from "./page.js";

const words = {
  clear: "Clear", chart_hint: "Drag to choose", bar_hint: "Click a bar", ternary_hint: "Click a disc", chart_keys: "Arrow keys", of_feature: "feature",
  of_features: "features", of_them_shown: " ({n} shown)", mark_area: "Area of a disc", colon: ": ",
};
const axis = (values, more = {}) => ({ label: "Distance", unit: "km", decimals: null, values, marks: [], ...more });
const link = { layer: "firms", keys: [["k0"], ["k1", "k2"], []] };
const charts = [
  { kind: "bar", numeric: true, title: "By distance", note: "A note", x: axis([5, 15, 25], { ends: [[0, 10], [10, 20], [20, 30]] }), y: { label: "Firms", unit: "", decimals: 0 }, series: [{ label: "n", colour: "#0072b2", values: [3, 1, null] }], link },
  { kind: "bar", numeric: false, title: "By kind", note: null, x: axis(["Plant", "<b>Institute</b>"]), y: { label: "Firms", unit: "", decimals: 0 }, series: [{ label: "a", colour: "#111111", values: [4, 6] }, { label: "b", colour: "#222222", values: [1, 2] }], link: null },
  { kind: "line", numeric: true, title: "Over time", note: null, x: axis([2000, 2010, 2020, 2030]), y: { label: "D", unit: "%", decimals: 1 }, series: [{ label: "x", colour: "#333333", values: [1, null, 3, 4] }], link: null },
  { kind: "area", numeric: true, title: "Shares", note: null, x: axis([1, 2]), y: { label: "n", unit: "", decimals: null }, series: [{ label: "x", colour: "#444444", values: [1, 2] }, { label: "y", colour: "#555555", values: [3, 4] }], link: null },
];
const table = block([["c0", "json", ["k0", "k1", "k2"]]]);
const document = openPage({
  lang: "en", words, charts,
  layers: [layerDef({ id: "firms", n: 3, data: table, columns: [{ kind: "text" }], names: { any: 0 }, key_column: 0 })],
});
const { feature } = await import("../src/features.js");
await import("../src/charts/charts.js");
const { CHARTS, kindOfChart } = await import("../src/charts/state.js");
const { fitted } = await import("../src/charts/drawing.js");
const { rangeOf, rowsWords, rowWords } = await import("../src/charts/selection.js");
const { LAYERS } = await import("../src/data/layers.js");
const { emit } = await import("../src/page/events.js");
const { KEPT, STATE } = await import("../src/page/state.js");

const lead = document.getElementById("lead-chart"), rest = document.getElementById("charts");
feature("charts").make(lead, rest);
const [vertical, horizontal, curve, area] = CHARTS;
await LAYERS[0].table();
const all = (state, selector) => [...state.holder.querySelectorAll(selector)];
const settled = () => new Promise((done) => setTimeout(done, 5));
const pointer = (state, type, clientX, clientY = 50) => fire(state.holder.querySelector(".plot"), type, { clientX, clientY, pointerId: 1 });
const press = (state, key, more = {}) => fire(state.holder.querySelector(".plot"), "keydown", { key, ...more });

test("the first chart stands above the layers, the others below", () => {
  assert.equal(lead.children.length, 1);
  assert.equal(rest.children.length, 3);
});

test("bars over numbers stand, bars of kinds lie", () => {
  assert.deepEqual(CHARTS.map(({ def }) => kindOfChart(def)), ["bar", "lying", "line", "area"]);
});

test("a bar is as high as its value, and a missing one is none", () => {
  const heights = all(vertical, "rect.mark").map((one) => Number(one.getAttribute("height")));
  assert.equal(heights.length, 2);
  assert.ok(Math.abs(heights[0] / heights[1] - 3) < 1e-9);
});

test("bars stand on the line of zero", () => {
  const zero = Number(vertical.holder.querySelector("line.zero").getAttribute("y1"));
  for (const bar of all(vertical, "rect.mark")) assert.ok(Math.abs(Number(bar.getAttribute("y")) + Number(bar.getAttribute("height")) - zero) < 1e-9);
});

test("lying bars are piled in the order of their series, with the total beside", () => {
  const [first, second] = all(horizontal, "g.row").map((row) => [...row.querySelectorAll("rect.mark")].map((one) => [Number(one.getAttribute("x")), Number(one.getAttribute("width"))]));
  assert.ok(Math.abs(first[0][0] + first[0][1] - first[1][0]) < 1e-9, "the second begins where the first ends");
  assert.ok(Math.abs(second[0][1] / first[0][1] - 1.5) < 1e-9);
  assert.deepEqual(all(horizontal, "text.value").map(textOf), ["5", "8"]);
});

test("a kind's name is text, whatever it holds", () => {
  assert.ok(all(horizontal, "text.tick").map(textOf).includes("<b>Institute</b>"));
  assert.equal(horizontal.holder.querySelector("b"), null);
});

test("a curve breaks where a value is missing", () => {
  const d = curve.holder.querySelector("path.curve").getAttribute("d");
  assert.equal(d.match(/M/g).length, 2);
  assert.equal(d.match(/L/g).length, 1);
  assert.equal(all(curve, "circle.mark").length, 3);
});

test("stacked areas share their border", () => {
  const [low, high] = all(area, "polygon").map((one) => one.getAttribute("points").split(" "));
  assert.equal(low[0], high.at(-1));
  assert.equal(low[1], high.at(-2));
});

test("each chart has its numbers as a table for readers", () => {
  const rows = all(vertical, ".for-reader tbody tr").map(textOf);
  assert.deepEqual(rows, ["53", "151", "25—"]);
  assert.equal(vertical.holder.querySelector("caption").textContent, "By distance");
});

test("a note is said, and what to do with a linked chart", () => {
  assert.ok(textOf(vertical.holder).includes("A note"));
  assert.equal(textOf(vertical.say), "Drag to choose");
  assert.equal(textOf(curve.say), "");
});

test("a row is said by its stretch and its value, one that is missing too", () => {
  assert.equal(rowWords(vertical.def, 0), "0 – 10 km: 3");
  assert.equal(rowWords(vertical.def, 2), "20 – 30 km: —");
  assert.equal(rowWords(horizontal.def, 0), "Plant km: a 4 · b 1");
  assert.equal(rowWords(curve.def, 2), "2020 km: 3.0 %");
});

test("several rows are said by their ends or their names", () => {
  assert.equal(rowsWords(vertical.def, [0, 1]), "0 – 20 km");
  assert.equal(rowsWords(horizontal.def, [0, 1]), "Plant, <b>Institute</b>");
  const many = { ...horizontal.def, x: axis(["a", "b", "c", "d", "e", "f"]) };
  assert.equal(rowsWords(many, [0, 1, 2, 3, 4, 5]), "a, b, c, d… (6)");
});

test("a range runs both ways", () => {
  assert.deepEqual(rangeOf(2, 4), [2, 3, 4]);
  assert.deepEqual(rangeOf(4, 2), [2, 3, 4]);
  assert.deepEqual(rangeOf(3, 3), [3]);
});

test("pointing says a row and lets the others stand back", async () => {
  pointer(vertical, "pointermove", 60);
  assert.equal(textOf(vertical.say), "0 – 10 km: 3");
  assert.deepEqual(vertical.marks.map((marks) => marks.some((one) => one.classList.contains("back"))), [false, true, false]);
  await settled();
  assert.deepEqual([...STATE.marked.set], [0]);
  pointer(vertical, "pointerleave", 60);
  await settled();
  assert.equal(STATE.marked, null);
  assert.equal(textOf(vertical.say), "Drag to choose");
});

test("dragging chooses a range and singles its features out on the map", async () => {
  pointer(vertical, "pointerdown", 60);
  pointer(vertical, "pointermove", 180);
  pointer(vertical, "pointerup", 180);
  assert.deepEqual(vertical.rows, [0, 1]);
  await settled();
  assert.deepEqual([...STATE.marked.set], [0, 1, 2]);
  assert.ok(textOf(vertical.say).startsWith("0 – 20 km · 3 features"));
});

test("what a class hides of a choice is said", () => {
  const [layer] = LAYERS;
  layer.class = Uint32Array.of(0, 0, 1);
  layer.hidden = new Set([1]);
  emit("filter");
  assert.ok(textOf(vertical.say).includes("(2 shown)"), textOf(vertical.say));
  layer.hidden = new Set();
  emit("filter");
});

test("a choice is kept in the address and comes back from it", async () => {
  assert.equal(KEPT.rows.write(), "0~0.1");
  fire(vertical.holder.querySelector(".clear"), "click");
  assert.equal(vertical.rows, null);
  assert.equal(KEPT.rows.write(), "");
  KEPT.rows.read("0~1.1.99");
  assert.deepEqual(vertical.rows, [1]);
  await settled();
});

test("an address that names no chart or no row changes nothing", () => {
  const before = vertical.rows;
  for (const text of ["", "7~0", "0~", "0~9.x", "__proto__~0", "0"]) KEPT.rows.read(text);
  assert.equal(vertical.rows, before);
});

test("a finger that scrolls chooses nothing", () => {
  const before = vertical.rows;
  pointer(vertical, "pointerdown", 60);
  pointer(vertical, "pointermove", 300);
  pointer(vertical, "pointercancel", 300);
  assert.deepEqual(vertical.rows, before);
});

test("a click on the only chosen row lets it go", () => {
  pointer(vertical, "pointerdown", 180);
  pointer(vertical, "pointerup", 180);
  assert.equal(vertical.rows, null);
});

test("arrows go from row to row and round, with Shift they choose, Escape lets go", () => {
  vertical.at = null;
  press(vertical, "ArrowRight");
  assert.equal(vertical.at, 0);
  press(vertical, "ArrowLeft");
  assert.equal(vertical.at, 2);
  press(vertical, "ArrowRight");
  press(vertical, "ArrowRight", { shiftKey: true });
  assert.deepEqual(vertical.rows, [0, 1]);
  press(vertical, "ArrowRight", { shiftKey: true });
  assert.deepEqual(vertical.rows, [0, 1, 2]);
  press(vertical, "Escape");
  assert.equal(vertical.rows, null);
  press(vertical, "Enter");
  assert.deepEqual(vertical.rows, [2]);
  press(vertical, "Enter");
  assert.equal(vertical.rows, null);
});

test("a click on a lying bar chooses it", () => {
  const [, row] = all(horizontal, "g.row");
  fire(row, "click");
  assert.deepEqual(horizontal.rows, [1]);
  fire(row, "click");
  assert.equal(horizontal.rows, null);
});

test("after a change of language a chart is drawn again with its choice", () => {
  horizontal.rows = [0];
  emit("language");
  assert.deepEqual(horizontal.marks.map((marks) => marks.every((one) => one.classList.contains("back"))), [false, true]);
  horizontal.rows = null;
});

test("names are cut to the width there is", () => {
  assert.deepEqual(fitted("short", 11, 200), { text: "short", wide: 35 });
  const { text, wide } = fitted("a name that is far too long for its place", 11, 70);
  assert.ok(text.endsWith("…") && wide <= 70);
});
