import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, layerDef, openPage, textOf } from "./page.js";

const document = openPage({
  lang: "en", words: { basemap_none: "None", basemap_say: "Asks another host", basemaps: "Online basemaps", basemap_key: "Key" },
  basemaps: [
    { title: "Streets", urls: ["https://tiles.example/{z}/{x}/{y}.png"], servers: "", attribution: "© streets", datum: "wgs84", max_zoom: 18, needs_key: false },
    { title: "Keyed", urls: ["https://keyed.example/{z}/{x}/{y}?tk={key}"], servers: "01", attribution: "© keyed", datum: "gcj02", max_zoom: 18, needs_key: true },
  ],
  layers: [layerDef({ id: "land", kind: "area", style: { base: true, fill: "land" } }), layerDef({ id: "firms" })],
});
const { LAYERS } = await import("../src/data/layers.js");
const { feature } = await import("../src/features.js");
const { gcj02 } = await import("../src/basemaps/gcj02.js");
await import("../src/basemaps/basemaps.js");
const map = await import("../src/map/map.js");
const sheets = await import("../src/map/sheets.js");

const node = document.createElement("div");
for (const [name, value] of [["clientWidth", 400], ["clientHeight", 300]]) Object.defineProperty(node, name, { value });
document.getElementById("stage").append(node);
map.makeMap(node);
sheets.makeSheets();
const box = feature("basemaps").make();
const pick = box.querySelector("select"), key = box.querySelector("input"), keyBox = box.querySelector(".key-box"), say = box.querySelector(".hint");
const choose = (value) => { pick.value = value; fire(pick, "change"); };
const metres = ([a, b], [c, d]) => Math.hypot((c - a) * 111_000, (d - b) * 111_000 * Math.cos((a * Math.PI) / 180));

test("the public formula shifts Beijing by some 560 m", () => {
  // the square before the Tian'anmen: 39.90734, 116.39109 in WGS 84; 39.90874, 116.39733 in GCJ-02
  const shifted = gcj02(39.90734, 116.39109);
  assert.ok(metres(shifted, [39.90874, 116.39733]) < 15, `${shifted}`);
});

test("the shift is some hundred metres all over the region and changes little over a screen", () => {
  for (let lat = 36; lat <= 43; lat++) for (let lng = 113; lng <= 120; lng++) {
    const far = metres(gcj02(lat, lng), [lat, lng]);
    assert.ok(far > 200 && far < 900, `${lat} ${lng}: ${far}`);
  }
  const [a, b] = [gcj02(39.9, 116.4), gcj02(39.95, 116.45)];
  assert.ok(metres([a[0] - 39.9, a[1] - 116.4], [b[0] - 39.95, b[1] - 116.45]) < 60);
});

test("nothing is asked for before the reader chooses", () => {
  assert.equal(feature("basemaps").shown(), null);
  assert.equal(textOf(say), "Asks another host");
  assert.deepEqual([...pick.querySelectorAll("option")].map(textOf), ["None", "Streets", "Keyed"]);
  assert.equal(keyBox.hidden, true);
});

test("a basemap that is chosen is shown, credited, and takes the page's own ground away", () => {
  choose("0");
  assert.equal(feature("basemaps").shown().attribution, "© streets");
  assert.equal(textOf(say), "© streets");
  assert.deepEqual(LAYERS.map((layer) => layer.on), [false, true]);
  assert.equal(LAYERS[0].away, true);
  assert.equal(map.MAP.getPane("ground").hidden, true);
});

test("one that needs a key waits for it", () => {
  choose("1");
  assert.equal(keyBox.hidden, false);
  assert.equal(feature("basemaps").shown(), null);
  assert.deepEqual(LAYERS.map((layer) => layer.on), [true, true], "the ground is back meanwhile");
  key.value = " my key ";
  fire(key, "change");
  assert.equal(feature("basemaps").shown().attribution, "© keyed");
});

test("none again, and all is as before", () => {
  choose("");
  assert.equal(feature("basemaps").shown(), null);
  assert.deepEqual(LAYERS.map((layer) => [layer.on, Boolean(layer.away)]), [[true, false], [true, false]]);
  assert.equal(map.MAP.getPane("ground").hidden, false);
  assert.equal(keyBox.hidden, true);
});
