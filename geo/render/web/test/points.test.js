import assert from "node:assert/strict";
import { test } from "node:test";
import { layerDef, openPage, recordingPen } from "./page.js";

openPage();
const { DataLayer } = await import("../src/data/layer.js");
const { KINDS } = await import("../src/layers/kinds.js");
const { radiusOf } = await import("../src/layers/points.js");
const { register } = await import("../src/features.js");

function pointsAt(places, more = {}) {
  const layer = new DataLayer(layerDef({ n: places.length, ...more }), 0);
  layer.x = Float64Array.from(places, ([x]) => x);
  layer.y = Float64Array.from(places, ([, y]) => y);
  layer.class = new Uint32Array(places.length);
  return layer;
}

const view = { zoom: 0, scale: 1, ratio: 1, left: 0, top: 0, width: 100, height: 100, west: 0, north: 0, east: 100, south: 100 };

test("a disc grows with the zoom, between two bounds", () => {
  const layer = pointsAt([[0, 0]]);
  assert.equal(radiusOf(layer, 0, 0), 2.2);
  assert.ok(Math.abs(radiusOf(layer, 0, 10) - 4.5) < 1e-12);
  assert.equal(radiusOf(layer, 0, 18), 7);
});

test("a disc that stands for a number keeps its radius at every zoom", () => {
  const layer = pointsAt([[0, 0], [1, 1]]);
  layer.radius = Uint32Array.from([12, 40]);
  for (const zoom of [2, 9, 18]) assert.deepEqual([0, 1].map((i) => radiusOf(layer, i, zoom)), [3, 10]);
});

test("points within reach are hit, the nearest first", () => {
  const layer = pointsAt([[10, 10], [13, 10], [40, 40]]);
  assert.deepEqual(KINDS.point.hit(layer, 12, 10, 6, 0), [1, 0]);
  assert.deepEqual(KINDS.point.hit(layer, 70, 70, 6, 0), []);
});

test("a large disc is hit anywhere on it", () => {
  const layer = pointsAt([[50, 50]]);
  layer.radius = Uint32Array.from([80]); // 20 pixels
  assert.deepEqual(KINDS.point.hit(layer, 69, 50, 6, 0), [0]);
  assert.deepEqual(KINDS.point.hit(layer, 71, 50, 6, 0), []);
  assert.deepEqual(KINDS.point.hit(layer, 51, 50, 0.1, 3), [0], "at zoom 3 it is 2.5 world pixels wide");
});

test("at most fifty points are hit at once", () => {
  const layer = pointsAt(Array.from({ length: 80 }, () => [10, 10]));
  assert.equal(KINDS.point.hit(layer, 10, 10, 6, 0).length, 50);
});

test("a point whose class is hidden is not hit", () => {
  const layer = pointsAt([[10, 10]]);
  layer.hidden = new Set([0]);
  assert.deepEqual(KINDS.point.hit(layer, 10, 10, 6, 0), []);
});

test("few points are discs, drawn where they are and only in view", () => {
  const pen = recordingPen();
  KINDS.point.paint(pen, view, pointsAt([[10, 20], [500, 500], [90, 80]]));
  assert.deepEqual(pen.calls.filter(([name]) => name === "arc").map(([, x, y]) => [x, y]), [[10, 20], [90, 80]]);
  assert.equal(pen.globalAlpha, 1);
});

test("large discs are drawn first, so that small ones are not covered", () => {
  const layer = pointsAt([[10, 10], [20, 20], [30, 30]]);
  layer.radius = Uint32Array.from([8, 40, 16]);
  const pen = recordingPen();
  KINDS.point.paint(pen, view, layer);
  assert.deepEqual(pen.calls.filter(([name]) => name === "arc").map(([, , , r]) => r), [10, 4, 2]);
});

test("many points are stamped as pixels, in the colour of their class", () => {
  const pen = recordingPen(), sheets = [];
  pen.drawImage = (sheet) => sheets.push(sheet);
  KINDS.point.paint(pen, view, pointsAt(Array.from({ length: 4001 }, (_, k) => [10 + (k % 50), 10 + Math.floor(k / 90)]), { colours: ["#0072b2", "#ffffff"] }));
  assert.equal(sheets.length, 1);
  const [[, image]] = sheets[0].getContext("2d").calls;
  const at = (x, y) => [...image.data.subarray((y * 100 + x) * 4, (y * 100 + x) * 4 + 4)];
  assert.deepEqual(at(10, 10), [0, 0x72, 0xb2, 255]);
  assert.deepEqual(at(99, 99), [0, 0, 0, 0]);
});

test("a stamp at the edge stays on the canvas", () => {
  const pen = recordingPen();
  pen.drawImage = () => {};
  KINDS.point.paint(pen, view, pointsAt(Array.from({ length: 4001 }, (_, k) => (k % 2 ? [0, 0] : [99.9, 99.9]))));
});

test("beyond forty thousand the page counts, if it holds what counts", () => {
  const places = Array.from({ length: 40_001 }, (_, k) => [k % 100, 50]);
  const asked = [];
  register("density", { paint: (...given) => { asked.push(given.at(-1)); return true; } });
  const pen = recordingPen();
  KINDS.point.paint(pen, view, pointsAt(places));
  assert.deepEqual(asked, [40_001]);
  assert.deepEqual(pen.calls, []);
  KINDS.point.paint(recordingPen(), view, pointsAt(places.slice(0, 3)));
  assert.equal(asked.length, 1, "few points never ask");
});
