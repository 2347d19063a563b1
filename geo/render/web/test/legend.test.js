import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, layerDef, openPage, textOf } from "./page.js";

const words = {
  no_data: "no data", empty: "empty", thinned: "Thinned to", off_map: "off the map", no_flow: "without a flow", undated: "undated", all_on: "All",
  yes: "yes", no: "no", colon: ": ", sources: "Sources", review: "Review number", review_none: "none given", none: "none", licence: "Licence",
  state: "State of", source_missing: "Without a source", made_with: "Made with", review_source: "Review number of the source",
};
const item = (from, to, n, colour) => ({ from, to, n, colour });
const classes = { kind: "classes", title: "Density", unit: "per km²", decimals: 1, items: [item(0, 10, 3, "#eeeeee"), item(10, 10, 1, "#999999"), item(10, 99.95, 2, "#111111")], missing: 4 };
const kinds = { kind: "categories", title: "Kind", items: [{ label: { zh: "厂", en: "Plant" }, n: 2, colour: "#0072b2" }, { label: "<b>R&D</b>", n: 1, colour: "#d55e00" }] };
const document = openPage({
  lang: "en", words, version: "0.1.0", packages: ["Leaflet 1.9.4", "fflate 0.8.3"], review: "GS(2024)0650",
  sources: [
    { title: "Table", publisher: "Office", licence: "CC BY 4.0", vintage: "2024", review_number: "GS 1" },
    { title: { en: "Roads" }, attribution: "© OpenStreetMap contributors" }, { title: { en: "Rails" }, attribution: "© OpenStreetMap contributors" },
  ],
  layers: [
    layerDef({ id: "density", kind: "area", title: "Density", n: 10, style: { fill: "class", line: "paper", opacity: 0.9, width: 1 }, legend: classes, colours: ["#eeeeee", "#999999", "#111111", "#d9d6d0"], thinned_m: 300, dropped: 12_345, sources: [0] }),
    layerDef({ id: "kinds", title: "Firms", n: 3, legend: kinds, colours: ["#0072b2", "#d55e00", "#d9d6d0"], time: { steps: ["a"], missing: 2 } }),
    layerDef({ id: "none", title: "Empty", n: 0 }),
  ],
});
const { LAYERS } = await import("../src/data/layers.js");
const { cellWords } = await import("../src/card/cells.js");
const { register } = await import("../src/features.js");
const { emit } = await import("../src/page/events.js");
const { STATE } = await import("../src/page/state.js");
const { bareWords, classWords, itemWords, rangeWords, unitWords } = await import("../src/panel/class-words.js");
const { classesOf, hideClasses, isAlone } = await import("../src/panel/class-filter.js");
const { legendOf, sampleOf, sizeLegend, timedCounts } = await import("../src/panel/legend.js");
const { creditLine, creditWords, sources } = await import("../src/panel/sources.js");
const { swatch } = await import("../src/panel/swatch.js");

const [density, firms, empty] = LAYERS;
const said = (layer) => legendOf(layer).map(textOf);
const rows = (layer) => legendOf(layer).flatMap((part) => [...part.querySelectorAll("button")]);

test("a class is said by its ends with the decimals of the legend, and one value as that value", () => {
  assert.equal(rangeWords(classes, classes.items[0]), "0.0 – 10.0");
  assert.equal(rangeWords(classes, classes.items[1]), "10.0");
  assert.equal(bareWords(classes, classes.items[2]), "10.0 – 100.0");
});

test("a class has a unit where it stands alone, a kind has none", () => {
  assert.equal(itemWords(classes, classes.items[0]), "0.0 – 10.0 per km²");
  assert.equal(itemWords(kinds, kinds.items[0]), "Plant");
  assert.equal(bareWords(kinds, kinds.items[1]), "<b>R&D</b>");
});

test("the brackets of a unit are those of the language", () => {
  assert.equal(unitWords("km"), " (km)");
  assert.equal(unitWords(null), "");
  STATE.lang = "zh";
  assert.equal(unitWords("km"), "（km）");
  STATE.lang = "en";
});

test("what a colour means is said of a feature, of one without data too", () => {
  density.class = Uint32Array.of(0, 3);
  assert.equal(classWords(density, 0), "0.0 – 10.0 per km²");
  assert.equal(classWords(density, 1), "no data");
  assert.equal(classWords(empty, 0), "Empty");
});

test("a legend has its title, its classes with their numbers, and what is missing", () => {
  const [title, list, thinned, dropped] = said(density);
  assert.equal(title, "Density (per km²)");
  assert.deepEqual(rows(density).map(textOf), ["0.0 – 10.03", "10.01", "10.0 – 100.02", "no data4"]);
  assert.ok(list);
  assert.equal(thinned, "Thinned to 300 m");
  assert.equal(dropped, "12,345 off the map");
});

test("what has no time is counted, an empty layer says so", () => {
  assert.ok(said(firms).includes("2 undated"));
  assert.deepEqual(said(empty), ["empty"]);
});

test("a click hides a class and shows it again, with Shift it is alone", () => {
  const [first, , third] = rows(density);
  fire(first, "click");
  assert.deepEqual([...density.hidden], [0]);
  assert.equal(first.getAttribute("aria-pressed"), "false");
  fire(first, "click");
  assert.equal(density.hidden.size, 0);
  fire(third, "click", { shiftKey: true });
  assert.deepEqual([...density.hidden], [0, 1, 3]);
  assert.equal(isAlone(density, 2), true);
  fire(third, "click", { shiftKey: true });
  assert.equal(density.hidden.size, 0, "and all are back");
  fire(third, "dblclick");
  assert.deepEqual([...density.hidden], [0, 1, 3]);
  hideClasses(density, []);
});

test("a layer has a class more where data are missing", () => {
  assert.deepEqual(classesOf(density), [0, 1, 2, 3]);
  assert.deepEqual(classesOf(firms), [0, 1]);
});

test("numbers of classes are those of the step that is shown", () => {
  assert.equal(timedCounts(firms), null);
  Object.assign(firms, { class: Uint32Array.of(0, 0, 1), stepOf: Uint32Array.of(1, 2, 1) });
  register("time", { place: () => new Set([STATE.step + 1]) });
  const [plants] = rows(firms);
  STATE.step = 0;
  emit("time");
  assert.deepEqual(timedCounts(firms).slice(0, 2), [1, 1]);
  assert.equal(textOf(plants), "Plant1");
  STATE.step = null;
  emit("time");
  assert.equal(textOf(plants), "Plant2");
});

test("signs are as the kind of layer: discs, lines, fields, hatching", () => {
  const sign = (more) => swatch({ ...layerDef(), ...more }, "#123456");
  assert.ok(sign({ kind: "point" }).querySelector("circle"));
  assert.ok(sign({ kind: "line", style: { width: 9, dash: [6, 5] } }).querySelector("path").getAttribute("stroke-dasharray"));
  assert.equal(sign({ kind: "line", style: { width: 9 } }).querySelector("path").getAttribute("stroke-width"), "4");
  assert.ok(sign({ kind: "area", style: { fill: "class", line: "class" } }).querySelector("rect"));
  assert.equal(sign({ kind: "area", style: { fill: "hatch", line: "class" } }).querySelectorAll("path").length, 1);
});

test("a plain layer has one sign beside its name, a classed one has none", () => {
  assert.ok(sampleOf(empty));
  assert.equal(sampleOf(density), null);
});

test("sizes are drawn as large as on the map", () => {
  const legend = sizeLegend({ kind: "point", sizes: { title: "Staff", unit: "people", items: [{ value: 10, radius: 3 }, { value: 12_000, radius: 9 }] } });
  assert.equal(textOf(legend[0]), "Staff (people)");
  assert.deepEqual([...legend[1].querySelectorAll("circle")].map((one) => one.getAttribute("r")), ["3", "9"]);
  assert.equal(textOf(legend[1]), "1012,000");
  assert.deepEqual(sizeLegend({ kind: "point", sizes: { title: "", unit: "", items: [] } }), []);
});

test("sources are named with what is known of them, and layers without one too", () => {
  const text = textOf(sources());
  assert.ok(text.includes("Office Table · State of 2024 · Licence: CC BY 4.0 · Review number of the source: GS 1"), text);
  assert.ok(text.includes("Without a source: Firms · Empty"), text);
  assert.ok(text.includes("Review number GS(2024)0650"), text);
  assert.ok(text.includes("Made with: jingjinji 0.1.0, Leaflet 1.9.4, fflate 0.8.3"), text);
});

test("credits name each publisher once, and the review number is never left out", () => {
  assert.equal(creditWords(), "Office · © OpenStreetMap contributors · Review number: GS(2024)0650");
  assert.equal(textOf(creditLine()), "Office · © OpenStreetMap contributors · Review number: GS(2024)0650");
});

test("a basemap that is shown is credited on the map, not on a picture without it", () => {
  register("basemaps", { shown: () => ({ attribution: "© tiles" }) });
  assert.ok(creditWords().includes("© tiles"));
  assert.ok(!creditWords(false).includes("© tiles"));
  register("basemaps", undefined);
});

const field = (more = {}) => ({ column: 0, label: "x", unit: "km", decimals: null, words: {}, ...more });

test("a cell is said with its unit, a missing one as a dash", () => {
  assert.equal(cellWords(field(), 12_345.6, false), "12,345.6 km");
  assert.equal(cellWords(field({ decimals: 2 }), 1, false), "1.00 km");
  for (const none of [null, undefined, ""]) assert.equal(cellWords(field(), none, false), "—");
  assert.equal(cellWords(field(), 0, false), "0 km");
});

test("a year has no group and no unit, a flag is yes or no, a code is its word", () => {
  assert.equal(cellWords(field({ grouped: false }), 12024, false), "12024");
  assert.equal(cellWords(field(), "true", true), "yes");
  assert.equal(cellWords(field(), "false", true), "no");
  assert.equal(cellWords(field({ words: { p: { en: "Plant" } } }), "p", false), "Plant");
  assert.equal(cellWords(field({ words: {} }), "constructor", false), "constructor");
});

test("a moment has no fraction of a second and no midnight", () => {
  for (const [text, shown] of [
    ["2024-05-06T00:00:00", "2024-05-06"], ["2024-05-06 07:08:00", "2024-05-06 07:08"], ["2024-05-06T07:08:09.123Z", "2024-05-06 07:08:09Z"],
    ["2024-05-06T07:08:09+08:00", "2024-05-06 07:08:09+08:00"], ["2024-05-06", "2024-05-06"], ["not a date 00:00:00", "not a date 00:00:00"],
  ]) assert.equal(cellWords(field(), text, false), shown);
});

test("words of a cell cannot turn their neighbours", () => {
  assert.equal(cellWords(field(), "a\u202eb", false), "a\ufffdb");
  assert.ok(document);
});
