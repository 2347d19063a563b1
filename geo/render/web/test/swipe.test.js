import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, layerDef, openPage, recordingPen } from "./page.js";

const legend = { kind: "plain", items: [{ colour: "#0072b2", n: 1 }] };
const document = openPage({
  lang: "en", words: { swipe_left: "Left", swipe_right: "Right", swipe_layers: "Layers", time: "Time" },
  layers: [
    layerDef({ id: "low", title: "Low", legend }), layerDef({ id: "high", title: "High", legend, time: { steps: ["2000", "2010", "2020"], until: false } }),
    layerDef({ id: "ground", style: { base: true } }), layerDef({ id: "off", title: "Off", shown: false }),
  ],
});
const { LAYERS } = await import("../src/data/layers.js");
const { feature } = await import("../src/features.js");
await import("../src/tools/swipe.js");
await import("../src/time/slider.js");
await import("../src/layers/points.js");
const { hitsAt } = await import("../src/map/hits.js");
const map = await import("../src/map/map.js");
const sheets = await import("../src/map/sheets.js");
const { STATE } = await import("../src/page/state.js");
const { SLIDER } = await import("../src/time/steps.js");
const { SWIPE } = await import("../src/tools/swipe-state.js");

const [low, high, , off] = LAYERS;
const stage = document.getElementById("stage"), node = document.createElement("div"), tool = document.createElement("button");
for (const [name, value] of [["clientWidth", 400], ["clientHeight", 300]]) Object.defineProperty(node, name, { value });
tool.id = "swipe";
stage.append(node, tool);
map.makeMap(node);
sheets.makeSheets();
stage.append(feature("time").make());
feature("swipe").watch();
const swipe = feature("swipe"), bar = () => document.getElementById("swipe-bar");
const chosen = () => [...document.querySelectorAll("#swipe-choice select")].map((one) => one.value);
const choose = (at, value) => {
  const box = document.querySelectorAll("#swipe-choice select")[at];
  box.value = value;
  fire(box, "change");
};

test("a swipe begins in the middle with the two uppermost layers that are on", () => {
  swipe.toggle();
  assert.equal(SWIPE.x, 200);
  assert.deepEqual(SWIPE.sides, ["layer:high", "layer:low"]);
  assert.deepEqual([high.side, low.side], ["left", "right"]);
  assert.equal(tool.getAttribute("aria-pressed"), "true");
  assert.equal(bar().getAttribute("aria-valuenow"), "50");
});

test("the panes are cut at the handle", () => {
  assert.match(map.MAP.getPane("layer-1").style.clipPath, /^polygon\(/);
  assert.equal(map.MAP.getPane("layer-2").style.clipPath, "");
});

test("keys move the handle, never off the map", () => {
  fire(bar(), "keydown", { key: "ArrowRight" });
  assert.equal(SWIPE.x, 220);
  fire(bar(), "keydown", { key: "End" });
  assert.equal(SWIPE.x, 400);
  fire(bar(), "keydown", { key: "ArrowRight" });
  assert.equal(SWIPE.x, 400);
  fire(bar(), "keydown", { key: "Home" });
  assert.equal(SWIPE.x, 0);
  fire(bar(), "keydown", { key: "a" });
  assert.equal(SWIPE.x, 0);
});

test("dragging moves the handle to the pointer", () => {
  fire(bar(), "pointermove", { clientX: 120, pointerId: 1 });
  assert.equal(SWIPE.x, 120);
  assert.equal(bar().style.left, "120px");
});

test("what lies on the other side is not hit", () => {
  for (const layer of [low, high]) {
    const world = map.MAP.getPixelOrigin().add(map.MAP.containerPointToLayerPoint([50, 50])).divideBy(2 ** map.MAP.getZoom());
    Object.assign(layer, { n: 1, x: Float64Array.of(world.x), y: Float64Array.of(world.y), class: new Uint32Array(1) });
  }
  assert.deepEqual(hitsAt({ x: 50, y: 50 }).map(({ layer }) => layer.id), ["high"], "left of 120");
  SWIPE.x = 10;
  assert.deepEqual(hitsAt({ x: 50, y: 50 }).map(({ layer }) => layer.id), ["low"]);
  SWIPE.x = 120;
});

test("a layer that is off is switched on when it is chosen, and is never compared with itself", () => {
  choose(1, "layer:off");
  assert.equal(off.on, true);
  assert.deepEqual(SWIPE.sides, ["layer:high", "layer:off"]);
  choose(0, "layer:off");
  assert.deepEqual(SWIPE.sides, ["layer:off", "layer:high"], "they change sides");
});

test("a time is compared with a time", () => {
  choose(0, "step:2010");
  assert.equal(SWIPE.sides[0], "step:2010");
  assert.match(SWIPE.sides[1], /^step:/);
  assert.notEqual(SWIPE.sides[0], SWIPE.sides[1]);
  assert.deepEqual(SWIPE.steps, SWIPE.sides.map((side) => SLIDER.steps.indexOf(side.slice(5))));
  assert.ok(high.twin, "the layer is drawn twice");
  assert.equal(high.side, null);
  assert.equal(document.getElementById("time").hidden, true);
});

test("on a picture each side is drawn at its time, cut at the handle", () => {
  const steps = [], pen = recordingPen();
  pen.rect = (...box) => steps.push([STATE.step, box[0], box[2]]);
  swipe.paint(pen, { zoom: 0, scale: 1, ratio: 1, left: 0, top: 0, width: 400, height: 300, west: 0, north: 0, east: 400, south: 300 }, high);
  assert.deepEqual(steps.map(([, x, wide]) => [x, wide]), [[0, 120], [120, 280]]);
  const words = recordingPen();
  swipe.paintBar(words, { x: 400, y: 300 }, "sans");
  assert.deepEqual(words.calls.filter(([name]) => name === "fillText").map(([, text]) => text), SWIPE.sides.map((side) => side.slice(5)));
});

test("the end leaves no trace", () => {
  swipe.toggle();
  assert.equal(SWIPE.x, null);
  assert.deepEqual([bar(), document.getElementById("swipe-choice")], [null, null]);
  assert.deepEqual(LAYERS.map((layer) => layer.side), [null, null, null, null]);
  assert.equal(high.twin, null);
  assert.equal(map.MAP.getPane("layer-1").style.clipPath, "");
  assert.equal(document.getElementById("time").hidden, false);
  swipe.paintBar(recordingPen(), { x: 400, y: 300 }, "sans");
});

test("an address brings a swipe back, and one that names nothing known does not", () => {
  for (const text of [null, "", "layer:low~layer:low~50", "layer:low~step:2000~50", "layer:x~layer:y", "step:1999~step:2000~5"]) swipe.restore(text);
  assert.equal(SWIPE.x, null);
  swipe.restore("layer:low~layer:high~25");
  assert.deepEqual([SWIPE.x, low.side, high.side], [100, "left", "right"]);
  assert.deepEqual(chosen(), ["layer:low", "layer:high"]);
  swipe.toggle();
  swipe.restore("step:2000~step:2020~900");
  assert.equal(SWIPE.x, 400, "a share beyond the map is its edge");
  swipe.toggle();
});

test("with the slider in use the present time is compared with the last", () => {
  STATE.step = 0;
  swipe.toggle();
  assert.deepEqual(SWIPE.sides, ["step:2000", "step:2020"]);
  swipe.toggle();
  STATE.step = 2;
  swipe.toggle();
  assert.deepEqual(SWIPE.sides, ["step:2000", "step:2020"], "the last is compared with the first");
  swipe.toggle();
  STATE.step = null;
});
