import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { layerDef, openPage } from "./page.js";

openPage({ lang: "en" });
const { DataLayer } = await import("../src/data/layer.js");
const { worldX, worldY } = await import("../src/data/mercator.js");
const { register } = await import("../src/features.js");
const { PAGE } = await import("../src/page/page.js");
const { STATE } = await import("../src/page/state.js");

const near = (a, b, by = 1e-9) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

async function points(more = {}, columns = []) {
  const shapes = block([["x", "d32", [11600000, 11700000, -7000000]], ["y", "d32", [3900000, 4000000, -3300000]], ["class", "u32", [0, 1, 1]], ...columns]);
  const layer = new DataLayer(layerDef({ n: 3, shapes, ...more }), 2);
  await layer.load();
  return layer;
}

// Two squares of one degree beside each other, the second with a hole.
async function squares() {
  const square = (x, y, d) => [[x, y], [x + d, y], [x + d, y + d], [x, y + d]];
  const rings = [square(115, 39, 1), square(116, 39, 1), square(116.4, 39.4, 0.2)];
  const shapes = block([
    ["x", "d32", rings.flat().map(([x]) => Math.round(x * 1e5))], ["y", "d32", rings.flat().map(([, y]) => Math.round(y * 1e5))],
    ["len", "u32", [4, 4, 4]], ["own", "u32", [1, 2]], ["class", "u32", [0, 0]],
  ]);
  const layer = new DataLayer(layerDef({ kind: "area", n: 2, shapes }), 0);
  await layer.load();
  return layer;
}

test("a layer has what the page holds of it, and begins as it is shown", () => {
  const layer = new DataLayer(layerDef({ id: "firms", shown: false }), 4);
  assert.equal(layer.id, "firms");
  assert.equal(layer.at, 4);
  assert.equal(layer.on, false);
  assert.equal(layer.hidden.size, 0);
});

test("points stand in pixels of the world, and the text they came from is let go", async () => {
  const layer = await points();
  near(layer.x[0], worldX(116));
  near(layer.y[1], worldY(40));
  near(layer.x[2], worldX(-70));
  assert.equal(layer.shapes, null);
  assert.equal(layer.boxes, undefined);
});

test("a page across 180° draws what lies west of 0° once more in the east", async () => {
  PAGE.turned = true;
  try {
    const layer = await points();
    near(layer.x[0], worldX(116));
    near(layer.x[2], worldX(-70) + 256);
  } finally {
    PAGE.turned = false;
  }
});

test("a coarser grid has its own step", async () => {
  const layer = new DataLayer(layerDef({ n: 1, grid: 1e3, shapes: block([["x", "d32", [116000]], ["y", "d32", [39000]]]) }), 0);
  await layer.load();
  near(layer.x[0], worldX(116));
});

test("runs begin where the one before ends, and boxes hold all of a feature", async () => {
  const layer = await squares();
  assert.deepEqual([...layer.runs], [0, 4, 8, 12]);
  assert.deepEqual([...layer.first], [0, 1, 3]);
  const [west, north, east, south] = layer.boxes.subarray(4, 8);
  near(west, worldX(116));
  near(east, worldX(117));
  near(north, worldY(40));
  near(south, worldY(39));
  assert.ok(north < south, "north is up");
});

test("an area is anchored at the middle of its box, and its extent is its box", async () => {
  const layer = await squares();
  near(layer.anchor(0).lng, 115.5, 1e-6);
  const extent = layer.extent(0);
  near(extent.getWest(), 115, 1e-6);
  near(extent.getNorth(), 40, 1e-6);
  assert.ok(extent.contains(layer.anchor(0)));
});

test("a point is its own anchor and extent", async () => {
  const layer = await points();
  near(layer.anchor(0).lat, 39, 1e-6);
  assert.ok(layer.extent(0).getCenter().equals(layer.anchor(0), 1e-6));
});

test("a line is anchored at its middle vertex", async () => {
  const shapes = block([["x", "d32", [0, 100000, 200000]], ["y", "d32", [0, 0, 0]], ["len", "u32", [3]], ["own", "u32", [1]]]);
  const layer = new DataLayer(layerDef({ kind: "line", n: 1, shapes }), 0);
  await layer.load();
  near(layer.anchor(0).lng, 1, 1e-6);
});

test("a class that is switched off is not seen", async () => {
  const layer = await points();
  layer.hidden = new Set([1]);
  assert.deepEqual([0, 1, 2].map((i) => layer.seen(i)), [true, false, false]);
});

test("what weighs less than the threshold is not seen, but is chosen", async () => {
  const layer = await points({}, [["weight", "f64", [1, 5, 10]]]);
  layer.least = 5;
  assert.deepEqual([0, 1, 2].map((i) => layer.seen(i)), [false, true, true]);
  assert.equal(layer.chosen(0), true);
});

test("the slider shows what has come by then, or what belongs to its step alone", async () => {
  const layer = await points({ time: { steps: ["2000", "2010"], until: true } }, [["time", "u32", [1, 2, 0]]]);
  register("time", { place: (one) => (one.time.until ? STATE.step + 1 : new Set([STATE.step + 1])) });
  assert.deepEqual([0, 1, 2].map((i) => layer.seen(i)), [true, true, true]);
  STATE.step = 0;
  assert.deepEqual([0, 1, 2].map((i) => layer.seen(i)), [true, false, false], "without a time a feature is in none");
  STATE.step = 1;
  assert.deepEqual([0, 1].map((i) => layer.seen(i)), [true, true]);
  layer.time.until = false;
  assert.deepEqual([0, 1].map((i) => layer.seen(i)), [false, true]);
  STATE.step = null;
});

test("features stand back while others of the layer are singled out", async () => {
  const layer = await points(), other = await points();
  STATE.marked = { layer, set: new Set([1]) };
  assert.deepEqual([0, 1].map((i) => layer.faded(i)), [true, false]);
  assert.equal(other.faded(0), false);
  STATE.marked = null;
});

test("a feature has the colour of its class", async () => {
  const layer = await points();
  assert.deepEqual([0, 1, 2].map((i) => layer.colour(i)), ["#0072b2", "#d9d6d0", "#d9d6d0"]);
});

// Cells of every kind.
async function table() {
  const data = block([
    ["c0", "text", ["甲", null, ""]], ["c1", "json", ["Plant A", null, "Park"]],
    ["c2", "d32", [1005, -250, 0]], ["c2-", "u32", [2]],
    ["c3", "u32", [0, 5, 9]], ["c4", "f64", [0.5, NaN, -1]],
    ["c5", "json", ["plant", "institute"]], ["c5#", "u32", [1, 0, 2]],
    ["c6", "json", ["true", "false"]], ["c6#", "u32", [1, 2, 0]],
    ["c7", "json", ["s1", "s2", "s3"]], ["c8", "json", ["by class A", "by class B"]],
  ]);
  const columns = [
    { kind: "text" }, { kind: "text" }, { kind: "number", scale: 2, missing: true }, { kind: "number", base: 2015 }, { kind: "number" },
    { kind: "text", coded: true }, { kind: "flag", coded: true }, { kind: "text" }, { kind: "text", coded: true, by_class: [1, 2] },
  ];
  const layer = await points({ data, columns, names: { zh: 0, en: 1 }, key_column: 7 });
  await layer.table();
  return layer;
}

const cells = (layer, column) => [0, 1, 2].map((i) => layer.cell(column, i));

test("words, and words that are missing", async () => assert.deepEqual(cells(await table(), 0), ["甲", null, ""]));

test("numbers by hundredths, a missing one is null and not 0", async () => assert.deepEqual(cells(await table(), 2), [10.05, -2.5, null]));

test("numbers above the least of their column", async () => assert.deepEqual(cells(await table(), 3), [2015, 2020, 2024]));

test("a number that is none is null", async () => assert.deepEqual(cells(await table(), 4), [0.5, null, -1]));

test("kinds by their place in a list, 0 for none", async () => {
  const layer = await table();
  assert.deepEqual(cells(layer, 5), ["plant", null, "institute"]);
  assert.deepEqual(cells(layer, 6), ["true", "false", null]);
});

test("kinds that are the class of a feature are not written twice", async () => {
  assert.deepEqual(cells(await table(), 8), ["by class A", "by class B", "by class B"]);
});

test("a name is in the present language, else in another", async () => {
  const layer = await table();
  assert.equal(layer.name(0), "Plant A");
  STATE.lang = "zh";
  assert.equal(layer.name(0), "甲");
  assert.equal(layer.name(2), "Park", "an empty name is none");
  STATE.lang = "ja";
  assert.equal(layer.name(0), "甲");
  assert.equal(layer.name(1), "");
  STATE.lang = "en";
});

test("a feature is found by its key, or by its place where there is none", async () => {
  const layer = await table();
  assert.equal(await layer.placeOf("s2"), 1);
  assert.equal(await layer.placeOf("s9"), -1);
  assert.equal(await layer.placeOf("__proto__"), -1);
  const plain = await points({ data: block([["c0", "json", []]]) });
  assert.equal(plain.key(2), "2");
  assert.equal(await plain.placeOf("2"), 2);
});

test("the table is decoded once, however many ask", async () => {
  const layer = await table();
  assert.equal(await layer.table(), await layer.table());
});

test("both canvases of a layer are drawn again", async () => {
  const layer = await points(), drawn = [];
  layer.sheet = { redraw: () => drawn.push("left") };
  layer.redraw();
  layer.twin = { redraw: () => drawn.push("right") };
  layer.redraw();
  assert.deepEqual(drawn, ["left", "left", "right"]);
});
