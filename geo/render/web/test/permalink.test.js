import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { layerDef, openPage } from "./page.js";

const table = block([["c0", "json", ["s~1", "s2"]]]);
const legend = { kind: "categories", items: [{ colour: "#111111", n: 1, label: "a" }, { colour: "#222222", n: 1, label: "b" }], missing: 1 };
const document = openPage({
  lang: "zh",
  layers: [
    layerDef({ id: "firms~cn", n: 2, data: table, columns: [{ kind: "text" }], key_column: 0, legend, shapes: block([["x", "d32", [11600000, 11700000]], ["y", "d32", [3900000, 4000000]]]) }),
    layerDef({ id: "flows", kind: "flow", weights: [1, 5, 9], n: 3 }),
  ],
});
const { LAYERS } = await import("../src/data/layers.js");
const { register } = await import("../src/features.js");
const map = await import("../src/map/map.js");
const { makeCard } = await import("../src/card/card.js");
const { makeTip } = await import("../src/card/tip.js");
const sheets = await import("../src/map/sheets.js");
const { KEPT, STATE } = await import("../src/page/state.js");
const { SLIDER } = await import("../src/time/steps.js");
const { SWIPE } = await import("../src/tools/swipe-state.js");
const { addressOfView, copyLink, readAddress, restore } = await import("../src/tools/permalink.js");
await import("../src/layers/points.js");

const [firms, flows] = LAYERS;
const node = document.createElement("div");
for (const [name, value] of [["clientWidth", 400], ["clientHeight", 300]]) Object.defineProperty(node, name, { value });
document.getElementById("stage").append(node);
map.makeMap(node);
makeTip(document.getElementById("stage"));
makeCard(document.getElementById("stage"));
await firms.load();
sheets.makeSheets();

function open(fragment) {
  location.hash = fragment;
  Object.assign(STATE, { lang: "zh", theme: "auto" });
  for (const layer of LAYERS) Object.assign(layer, { on: true, hidden: new Set(), least: null });
  return readAddress();
}

test("an address without anything leaves the page as it was made", () => {
  open("");
  assert.equal(STATE.lang, "zh");
  assert.equal(STATE.theme, "auto");
  assert.ok(LAYERS.every((layer) => layer.on));
});

test("language and theme are those that exist", () => {
  open("#lang=en&theme=dark");
  assert.deepEqual([STATE.lang, STATE.theme], ["en", "dark"]);
  open("#lang=fr&theme=pink");
  assert.deepEqual([STATE.lang, STATE.theme], ["zh", "auto"]);
  open("#lang=__proto__&theme=constructor");
  assert.deepEqual([STATE.lang, STATE.theme], ["zh", "auto"]);
});

test("layers are on as the address has them, none if it names none", () => {
  open("#on=flows");
  assert.deepEqual(LAYERS.map((layer) => layer.on), [false, true]);
  open("#on=");
  assert.deepEqual(LAYERS.map((layer) => layer.on), [false, false]);
});

test("hidden classes are those that the legend has, whatever tildes stand in an id", () => {
  open("#off=firms~cn~0.2");
  assert.deepEqual([...firms.hidden], [0, 2]);
  open("#off=firms~cn~7.x.1");
  assert.deepEqual([...firms.hidden], [1]);
  open("#off=nothing~1,~,firms~cn");
  assert.equal(firms.hidden.size, 0);
});

test("the least weight is a number of a layer of flows", () => {
  open("#least=flows~5");
  assert.equal(flows.least, 5);
  open("#least=flows~x,firms~cn~3");
  assert.deepEqual([flows.least, firms.least], [null, null]);
});

test("the place comes back, and none that is not on earth", async () => {
  await restore(open("#at=9/39.12345/116.54321"));
  assert.equal(map.MAP.getZoom(), 9);
  assert.ok(Math.abs(map.MAP.getCenter().lat - 39.12345) < 1e-3);
  const before = addressOfView();
  for (const at of ["9/99/116", "9/39", "x/y/z", "9/39/999", "9/NaN/116", "9/Infinity/0"]) await restore(open(`#at=${at}`));
  assert.equal(new URLSearchParams(addressOfView()).get("at"), new URLSearchParams(before).get("at"));
});

test("what is written is what is read", async () => {
  firms.hidden = new Set([1]);
  Object.assign(STATE, { lang: "ja", theme: "light" });
  flows.least = 5;
  flows.on = false;
  const written = addressOfView();
  const found = open(`#${written}`);
  assert.deepEqual([STATE.lang, STATE.theme, [...firms.hidden], flows.least, flows.on], ["ja", "light", [1], 5, false]);
  await restore(found);
  assert.equal(addressOfView(), written);
});

test("a theme that the reader did not choose is not written", () => {
  open("");
  const parts = new URLSearchParams(addressOfView());
  assert.equal(parts.has("theme"), false);
  assert.equal(parts.has("off"), false);
  assert.equal(parts.get("on"), "firms~cn,flows");
});

test("a layer that an online basemap took away is written as on", () => {
  open("");
  Object.assign(flows, { on: false, away: true });
  assert.equal(new URLSearchParams(addressOfView()).get("on"), "firms~cn,flows");
  delete flows.away;
});

test("the step of time is written by its name, and all where the page opens with one", async () => {
  const gone = [];
  Object.assign(SLIDER, { steps: ["2000", "2010"], go: (step) => gone.push(step) });
  await restore(open("#time=2010"));
  await restore(open("#time=all"));
  await restore(open("#time=1999"));
  assert.deepEqual(gone, [1, 2]);
  STATE.step = 1;
  assert.equal(new URLSearchParams(addressOfView()).get("time"), "2010");
  STATE.step = null;
  SLIDER.first = 1;
  assert.equal(new URLSearchParams(addressOfView()).get("time"), "all");
  Object.assign(SLIDER, { steps: [], go: null, first: null });
});

test("a swipe is written by its sides and its share, and given to the feature to read", async () => {
  Object.assign(SWIPE, { x: 100, sides: ["step:2000", "step:2010"] });
  assert.equal(new URLSearchParams(addressOfView()).get("swipe"), "step:2000~step:2010~25");
  Object.assign(SWIPE, { x: null, sides: null });
  const given = [];
  register("swipe", { restore: (text) => given.push(text) });
  await restore(open("#swipe=a~b~30"));
  await restore(open(""));
  assert.deepEqual(given, ["a~b~30", null]);
});

test("what others keep in the address is written and read by them", async () => {
  const given = [];
  KEPT.rows = { write: () => "0~1.2", read: (text) => given.push(text) };
  assert.equal(new URLSearchParams(addressOfView()).get("rows"), "0~1.2");
  await restore(open("#rows=3~4"));
  assert.deepEqual(given, ["3~4"]);
  KEPT.rows.write = () => "";
  assert.equal(new URLSearchParams(addressOfView()).has("rows"), false);
});

test("the open table comes back by the key of its feature", async () => {
  await restore(open("#open=firms~cn~s~1"));
  assert.deepEqual([STATE.card.hits[0].layer, STATE.card.hits[0].i], [firms, 0]);
  assert.equal(new URLSearchParams(addressOfView()).get("open"), "firms~cn~s~1");
  STATE.card = null;
  await restore(open("#open=firms~cn~gone"));
  await restore(open("#open=nothing~s2"));
  assert.equal(STATE.card, null);
});

test("hostile addresses are read as words and change nothing else", async () => {
  for (const bad of ["#at=<script>", "#on=%00", "#off=~~~", "#least=~", "#open=~", "#time=__proto__", "#%", "#lang=zh&lang=en", `#${"a".repeat(10_000)}`]) await restore(open(bad));
  assert.equal({}.polluted, undefined);
});

test("a link is copied whole, and said to be", async () => {
  const copied = [];
  navigator.clipboard.writeText = async (text) => { copied.push(text); };
  open("");
  await copyLink();
  assert.equal(copied[0], `file:///map.html#${addressOfView()}`);
  navigator.clipboard.writeText = async () => { throw new Error("not allowed"); };
  await copyLink();
});
