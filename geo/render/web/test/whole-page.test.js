// A page put together as the browser does it: panel, map, legends, tables, tools, picture.

import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { fire, layerDef, openPage, recordingPen, textOf } from "./page.js";

const evil = "<img src=x onerror=window.__pwn=1>";
const firms = layerDef({
  id: "firms", title: { zh: "企业", en: "Firms" }, group: { en: "Places" }, n: 3, sources: [0],
  shapes: block([["x", "d32", [11600000, 11700000, 11650000]], ["y", "d32", [3900000, 4000000, 3950000]], ["class", "u32", [0, 1, 1]], ["radius", "u32", [20, 40, 24]]]),
  data: block([["c0", "text", ["甲", evil, null]], ["c1", "text", ["Plant A", null, null]], ["c2", "d32", [100, 25, 7]]]),
  columns: [{ kind: "text" }, { kind: "text" }, { kind: "number" }], names: { zh: 0, en: 1 }, name_headers: { zh: "name_zh", en: "name_en" },
  fields: [{ column: 2, header: "staff", label: { en: "Staff" }, unit: { en: "people" }, decimals: null, words: {} }],
  colours: ["#0072b2", "#d55e00", "#d9d6d0"], sizes: { title: "Staff", unit: "people", items: [{ value: 10, radius: 5 }, { value: 100, radius: 10 }] },
  legend: { kind: "categories", title: "Kind", items: [{ label: "Plant", n: 1, colour: "#0072b2" }, { label: evil, n: 2, colour: "#d55e00" }], missing: 0 },
});
const land = layerDef({
  id: "land", kind: "area", title: "Land", group: { en: "Ground" }, n: 1, style: { fill: "land", line: "border", width: 1, opacity: 1, base: true },
  shapes: block([["x", "d32", [11500000, 11800000, 11800000, 11500000]], ["y", "d32", [3800000, 3800000, 4100000, 4100000]], ["len", "u32", [4]], ["own", "u32", [1]]]),
});
const broken = layerDef({ id: "broken", title: "Broken", n: 5, shapes: { z: "!!!!", parts: [["x", "d32", 5]] } });
const words = {
  colon: ": ", decode_error: "cannot be read", layers: "Layers", search: "Search", unnamed: "unnamed", made_with: "Made with", sources: "Sources", review: "Review number",
  review_none: "none", none: "none", nothing_here: "Nothing here", measure_hint: "Click", caveats: "Caveats", close: "Close", card_next: "Next", off_map: "off the map",
};
const document = openPage({
  lang: "en", title: { zh: "图", en: "A map" }, kicker: "Kicker", finding: { en: `Finding ${evil}` }, caveats: ["First caveat", "Second caveat"], leads: true, words,
  layers: [land, firms, broken], sources: [{ title: "Table", publisher: "Office" }], ground: [110, 30, 125, 45],
});
globalThis.ResizeObserver = class { observe() {} };
const clientSizes = { clientWidth: 800, clientHeight: 600 };
for (const [name, value] of Object.entries(clientSizes)) Object.defineProperty(HTMLElement.prototype, name, { value, configurable: true });
const errors = [];
console.error = (...given) => errors.push(given);

await import("../src/main.js");
for (let k = 0; k < 200 && document.documentElement.dataset.ready !== "true"; k++) await new Promise((done) => setTimeout(done, 10));
const { jjj } = globalThis;
await jjj.LAYERS[1].table();
const card = () => document.getElementById("card");
const settled = () => new Promise((done) => setTimeout(done, 30));
const pointOf = (layer, i) => jjj.map.latLngToContainerPoint(layer.anchor(i));

test("the page says that it is ready, with its title and its layers", () => {
  assert.equal(document.documentElement.dataset.ready, "true");
  assert.equal(document.title, "A map");
  assert.equal(textOf(document.querySelector("h1")), "A map");
  assert.deepEqual(jjj.LAYERS.map(({ id, n }) => [id, n]), [["land", 1], ["firms", 3], ["broken", 0]]);
});

test("a layer that cannot be read is said, and the others are drawn", () => {
  assert.equal(errors.length, 1);
  assert.equal(errors[0][0], "broken");
  assert.equal(document.getElementById("live").textContent, "Broken: cannot be read");
});

test("no word of the data became an element", () => {
  assert.equal(document.querySelectorAll("img").length, 0);
  assert.equal(globalThis.__pwn, undefined);
  assert.ok(textOf(document.querySelector(".finding")).includes(evil));
});

test("the first caveat stands beside the finding, the others at the end", () => {
  assert.equal(textOf(document.querySelector(".caveat")), "First caveat");
  assert.equal(textOf(document.querySelector(".notes")), "CaveatsSecond caveat");
});

test("layers are listed as they lie, the ground folded away", () => {
  const groups = [...document.querySelectorAll("#panel .group")];
  assert.deepEqual(groups.map((one) => one.tagName.toLowerCase()), ["div", "div", "details"]);
  assert.ok(textOf(groups[1]).startsWith("PlacesFirms3Kind"));
});

test("the box of a layer switches it off and on", () => {
  const box = document.querySelector("[data-layer=firms] input");
  box.checked = false;
  fire(box, "change");
  assert.equal(jjj.LAYERS[1].on, false);
  assert.equal(document.querySelector("[data-layer=firms] .legend").hidden, true);
  jjj.switchLayer(jjj.LAYERS[1], true);
  assert.equal(box.checked, true);
});

test("what lies at a place is hit, the ground is not", () => {
  const layer = jjj.LAYERS[1];
  assert.deepEqual(jjj.hitsAt(pointOf(layer, 0)).map(({ layer: { id }, i }) => [id, i]), [["firms", 0]]);
  assert.deepEqual([...jjj.hitsAt({ x: 1, y: 1 })], []);
});

test("a click opens the table of what lies there, and one beside closes it", async () => {
  const layer = jjj.LAYERS[1];
  jjj.map.fire("click", { containerPoint: pointOf(layer, 0), latlng: layer.anchor(0) });
  await settled();
  assert.equal(card().hidden, false);
  assert.equal(textOf(card().querySelector("h2")), "Plant A");
  assert.equal(textOf(card().querySelector(".card-also")), "甲");
  assert.deepEqual([...card().querySelectorAll("tr")].map(textOf), ["Staff100 people"]);
  jjj.map.fire("click", { containerPoint: { x: 1, y: 1 }, latlng: jjj.map.getCenter() });
  assert.equal(card().hidden, true);
});

test("a hostile name is a text in the table, a missing one is said to be", async () => {
  const layer = jjj.LAYERS[1];
  jjj.map.fire("click", { containerPoint: pointOf(layer, 1), latlng: layer.anchor(1) });
  await settled();
  assert.equal(textOf(card().querySelector("h2")), evil);
  jjj.map.fire("click", { containerPoint: pointOf(layer, 2), latlng: layer.anchor(2) });
  await settled();
  assert.equal(textOf(card().querySelector("h2")), "unnamed");
  assert.equal(card().querySelectorAll("img").length, 0);
});

test("the table goes when its class is hidden, and with Escape", async () => {
  const layer = jjj.LAYERS[1];
  const button = document.querySelectorAll("[data-layer=firms] .legend button")[1];
  fire(button, "click");
  assert.equal(card().hidden, true);
  fire(button, "click");
  jjj.map.fire("click", { containerPoint: pointOf(layer, 0), latlng: layer.anchor(0) });
  await settled();
  fire(card(), "keydown", { key: "Escape" });
  assert.equal(card().hidden, true);
  assert.equal(jjj.STATE.card, null);
});

test("pointing shows a name and what its colour means", async () => {
  const layer = jjj.LAYERS[1];
  jjj.map.fire("mousemove", { containerPoint: pointOf(layer, 0) });
  await settled();
  const tip = document.getElementById("tip");
  assert.equal(tip.hidden, false);
  assert.equal(textOf(tip), "Plant APlant");
  jjj.map.fire("mouseout");
  assert.equal(tip.hidden, true);
});

test("another language is spoken everywhere at once", () => {
  jjj.setLanguage("zh");
  assert.equal(textOf(document.querySelector("h1")), "图");
  assert.equal(textOf(document.querySelector("[data-layer=firms] label")), "企业");
  assert.equal(document.querySelector("[data-language=zh]").getAttribute("aria-pressed"), "true");
  jjj.setLanguage("en");
});

test("names are searched over all layers", async () => {
  const found = await jjj.search([jjj.LAYERS[1]], "plant");
  assert.deepEqual(found.map(({ layer: { id }, i }) => [id, i]), [["firms", 0]]);
});

test("data are handed out with all their names", async () => {
  const csv = await jjj.toCsv(jjj.LAYERS[1]);
  assert.ok(csv.startsWith("\ufeffname_zh,name_en,staff,lon,lat\r\n甲,Plant A,100,116,39\r\n"));
  assert.ok(csv.includes(`${evil},,25,117,40`));
  assert.equal(JSON.parse(await jjj.toGeojson(jjj.LAYERS[1])).features.length, 3);
});

test("the view is written into the address", () => {
  const parts = new URLSearchParams(jjj.addressOfView());
  assert.equal(parts.get("on"), "land,firms,broken");
  assert.equal(parts.get("lang"), "en");
});

test("a picture has headline, finding, map, legend and credits", async () => {
  const { makeKey, paintKey } = await import("../src/tools/picture-key.js");
  const pen = recordingPen();
  const key = makeKey(pen, 800, "sans");
  paintKey(pen, key, 0, 0);
  const said = pen.calls.filter(([name]) => name === "fillText").map(([, text]) => text);
  assert.ok(said.includes("Firms") && said.includes("Plant"), said.join("|"));
  assert.ok(said.join("").includes("onerror"), "a hostile label is written as it is");
  assert.ok(said.includes("100"), "sizes");
  assert.ok(!said.includes("Land"), "the ground needs no key");
  assert.ok(key.high > 60);
});

test("the scale is a round length, true at the middle of the map", async () => {
  const { scaleOf } = await import("../src/map/scale.js");
  const { wide, words: length } = scaleOf();
  assert.match(length, /^[125]0* k?m$/);
  const metres = Number.parseInt(length, 10) * (length.endsWith("km") ? 1000 : 1);
  const { map } = jjj, middle = map.getSize().y / 2;
  const real = map.distance(map.containerPointToLatLng([0, middle]), map.containerPointToLatLng([wide, middle]));
  assert.ok(Math.abs(real / metres - 1) < 0.01, `${real} is not ${metres}`);
});

test("the sheet of a phone goes by keys from peek to full and back", async () => {
  const { setSheet } = await import("../src/panel/bottom-sheet.js");
  const grip = document.getElementById("grip"), app = document.getElementById("app");
  setSheet("peek");
  fire(grip, "keydown", { key: "ArrowUp" });
  assert.equal(app.dataset.sheet, "half");
  fire(grip, "keydown", { key: "ArrowUp" });
  fire(grip, "keydown", { key: "ArrowUp" });
  assert.equal(app.dataset.sheet, "full");
  assert.equal(grip.getAttribute("aria-expanded"), "true");
  fire(grip, "click", { detail: 0 });
  assert.equal(app.dataset.sheet, "peek", "a click without a pointer goes round");
});

test("tools are one stop of the tab key, walked by arrows", () => {
  const buttons = [...document.querySelectorAll("#tools button")];
  assert.equal(buttons.filter((one) => one.tabIndex === 0 || one.getAttribute("tabindex") === "0").length <= 1, true);
  assert.ok(document.getElementById("measure"));
  assert.equal(document.getElementById("swipe"), null, "a page without the feature has no button for it");
});
