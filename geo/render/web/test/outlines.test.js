import assert from "node:assert/strict";
import { test } from "node:test";
import { layerDef, openPage, recordingPen } from "./page.js";

openPage();
const { DataLayer } = await import("../src/data/layer.js");
const { inView, trace } = await import("../src/layers/outlines.js");
const { hitAreas, insideArea } = await import("../src/layers/areas.js");
const { distanceToRuns, hitLines } = await import("../src/layers/lines.js");
const { KINDS } = await import("../src/layers/kinds.js");
const { INK } = await import("../src/layers/ink.js");

// Features as lists of runs, in world pixels.
function layerOf(kind, features, more = {}) {
  const layer = new DataLayer(layerDef({ kind, n: features.length, ...more }), 0);
  const runs = features.flat(), vertices = runs.flat();
  layer.x = Float64Array.from(vertices, ([x]) => x);
  layer.y = Float64Array.from(vertices, ([, y]) => y);
  layer.class = new Uint32Array(features.length);
  layer.index({ len: runs.map((one) => one.length), own: features.map((one) => one.length) });
  return layer;
}

const square = (x, y, d) => [[x, y], [x + d, y], [x + d, y + d], [x, y + d]];
const view = (zoom, left, top, size = 256) => {
  const scale = 2 ** zoom;
  return { zoom, scale, ratio: 1, left, top, width: size, height: size, west: left / scale, north: top / scale, east: (left + size) / scale, south: (top + size) / scale };
};

test("a place inside an area hits it, one outside does not", () => {
  const layer = layerOf("area", [[square(0, 0, 10)], [square(20, 0, 10)]]);
  assert.deepEqual(hitAreas(layer, 5, 5), [0]);
  assert.deepEqual(hitAreas(layer, 25, 5), [1]);
  assert.deepEqual(hitAreas(layer, 15, 5), []);
});

test("a hole is not inside, and an island in the hole is", () => {
  const layer = layerOf("area", [[square(0, 0, 30), square(10, 10, 10), square(13, 13, 4)]]);
  assert.equal(insideArea(layer, 0, 5, 5), true);
  assert.equal(insideArea(layer, 0, 12, 12), false);
  assert.equal(insideArea(layer, 0, 15, 15), true);
});

test("areas upon each other are hit from the uppermost", () => {
  assert.deepEqual(hitAreas(layerOf("area", [[square(0, 0, 10)], [square(5, 5, 10)]]), 7, 7), [1, 0]);
});

test("an area whose class is hidden is not hit", () => {
  const layer = layerOf("area", [[square(0, 0, 10)]]);
  layer.hidden = new Set([0]);
  assert.deepEqual(hitAreas(layer, 5, 5), []);
});

test("inside agrees with a count of crossings for a star", () => {
  const star = Array.from({ length: 10 }, (_, k) => {
    const r = k % 2 ? 4 : 10, a = (k * Math.PI) / 5;
    return [20 + r * Math.sin(a), 20 - r * Math.cos(a)];
  });
  const layer = layerOf("area", [[star]]);
  assert.equal(insideArea(layer, 0, 20, 20), true);
  assert.equal(insideArea(layer, 0, 20, 11), true, "in the upper arm");
  assert.equal(insideArea(layer, 0, 24.5, 13), false, "between two arms");
});

test("the distance to a line is that to its nearest stretch, not to its vertices", () => {
  const layer = layerOf("line", [[[[0, 0], [10, 0], [10, 10]]]]);
  assert.equal(distanceToRuns(layer, 0, 5, 3), 3);
  assert.equal(distanceToRuns(layer, 0, 13, 14), 5, "beyond the end: 3, 4, 5");
  assert.equal(distanceToRuns(layer, 0, -3, -4), 5);
  assert.equal(distanceToRuns(layer, 0, 12, 5), 2);
});

test("a stretch without length is a point", () => assert.equal(distanceToRuns(layerOf("line", [[[[1, 1], [1, 1]]]]), 0, 4, 5), 5));

test("lines within reach are hit, the nearest first", () => {
  const layer = layerOf("line", [[[[0, 0], [100, 0]]], [[[0, 4], [100, 4]]], [[[0, 50], [100, 50]]]]);
  assert.deepEqual(hitLines(layer, 50, 3, 5), [1, 0]);
  assert.deepEqual(hitLines(layer, 50, 3, 2), [1]);
  assert.deepEqual(hitLines(layer, 50, 25, 5), []);
});

test("a line of several runs does not reach across the gap between them", () => {
  const layer = layerOf("line", [[[[0, 0], [10, 0]], [[20, 0], [30, 0]]]]);
  assert.deepEqual(hitLines(layer, 15, 0, 3), []);
  assert.deepEqual(hitLines(layer, 22, 1, 3), [0]);
});

test("what lies beside the view is left out, with some slack for wide lines", () => {
  const layer = layerOf("line", [[[[0, 0], [10, 10]]], [[[300, 0], [310, 10]]]]);
  const seen = view(0, 0, 0);
  assert.equal(inView(layer, 0, seen), true);
  assert.equal(inView(layer, 1, seen), false);
  assert.equal(inView(layer, 1, seen, 50), true);
});

test("outlines are drawn in pixels of the canvas, areas closed and lines open", () => {
  const layer = layerOf("area", [[square(10, 10, 10)]]);
  const pen = recordingPen();
  trace(pen, layer, 0, view(1, 20, 20), true);
  assert.deepEqual(pen.calls, [["moveTo", 0, 0], ["lineTo", 20, 0], ["lineTo", 20, 20], ["lineTo", 0, 20], ["closePath"]]);
  const open = recordingPen();
  trace(open, layer, 0, view(1, 20, 20), false);
  assert.equal(open.calls.at(-1)[0], "lineTo");
});

test("steps too short to be seen are left out, but never the last vertex", () => {
  const layer = layerOf("line", [[Array.from({ length: 101 }, (_, k) => [k / 100, 0])]]);
  const pen = recordingPen();
  trace(pen, layer, 0, view(0, 0, 0), false);
  assert.ok(pen.calls.length <= 4, `${pen.calls.length} calls for a line of one pixel`);
  assert.deepEqual(pen.calls.at(-1), ["lineTo", 1, 0]);
});

test("an area is filled by the rule that leaves holes, and lined in the ink of its token", () => {
  INK.border = "#123456";
  const layer = layerOf("area", [[square(0, 0, 10)], [square(500, 0, 10)]], { style: { fill: "class", line: "border", width: 2, opacity: 0.5, dash: null } });
  const pen = recordingPen();
  KINDS.area.paint(pen, view(0, 0, 0), layer);
  assert.deepEqual(pen.calls.filter(([name]) => name === "fill"), [["fill", "evenodd"]], "only what is in view");
  assert.equal(pen.fillStyle, "#0072b2");
  assert.equal(pen.strokeStyle, "#123456");
  assert.equal(pen.lineWidth, 2);
  assert.equal(pen.globalAlpha, 1, "left as it was found");
});

test("a line is as wide as its radius says, and features that stand back are pale", async () => {
  const { STATE } = await import("../src/page/state.js");
  const layer = layerOf("line", [[[[0, 0], [10, 0]]], [[[0, 5], [10, 5]]]], { style: { line: "class", width: 2, dash: [6, 5] } });
  layer.radius = Uint32Array.from([12, 8]);
  STATE.marked = { layer, set: new Set([1]) };
  const alphas = [], pen = recordingPen();
  pen.stroke = () => alphas.push([pen.globalAlpha, pen.lineWidth]);
  KINDS.line.paint(pen, view(0, 0, 0), layer);
  assert.deepEqual(alphas, [[0.15, 3], [1, 2]]);
  STATE.marked = null;
});
