import assert from "node:assert/strict";
import { test } from "node:test";
import { layerDef, openPage, recordingPen, textOf } from "./page.js";

const document = openPage({ lang: "en", words: { density: "Points per square", zoom_for_points: "Zoom in" }, layers: [layerDef({ title: "Firms", n: 50_000 })] });
const { LAYERS } = await import("../src/data/layers.js");
const { feature } = await import("../src/features.js");
const { densityColour } = await import("../src/layers/density.js");
const { emit } = await import("../src/page/events.js");

const [layer] = LAYERS;
const view = { zoom: 0, scale: 1, ratio: 1, left: 0, top: 0, width: 60, height: 60, west: 0, north: 0, east: 60, south: 60 };
const { paint } = await import("../src/layers/density.js").then(() => feature("density"));

function lay(places) {
  layer.n = places.length;
  layer.x = Float64Array.from(places, ([x]) => x);
  layer.y = Float64Array.from(places, ([, y]) => y);
  return Uint32Array.from(places.keys());
}

test("colours run from pale ochre to deep purple and only get darker", () => {
  assert.deepEqual(densityColour(0), [251, 212, 138]);
  assert.deepEqual(densityColour(1), [80, 16, 58]);
  const light = Array.from({ length: 21 }, (_, k) => densityColour(k / 20)).map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b);
  light.slice(1).forEach((one, k) => assert.ok(one < light[k], `step ${k}`));
});

test("forty thousand points are not many yet", () => {
  const shown = lay(Array.from({ length: 40_000 }, () => [3, 3]));
  assert.equal(paint(recordingPen(), view, layer, shown, 40_000), false);
  assert.equal(document.getElementById("density-0"), null);
});

test("one more, and squares of six pixels say how many stand in each", () => {
  const shown = lay(Array.from({ length: 40_001 }, (_, k) => (k === 0 ? [33, 9] : [3, 3])));
  const pen = recordingPen(), sheets = [];
  pen.drawImage = (sheet, ...at) => sheets.push([sheet, at]);
  assert.equal(paint(pen, view, layer, shown, 40_001), true);
  const [[sheet, at]] = sheets;
  assert.deepEqual(at, [0, 0, 60, 60]);
  const [[, image]] = sheet.getContext("2d").calls;
  assert.equal(image.width, 10);
  const square = (column, row) => [...image.data.subarray((row * 10 + column) * 4, (row * 10 + column) * 4 + 4)];
  assert.deepEqual(square(0, 0), [80, 16, 58, 215], "the most");
  assert.equal(square(5, 1)[3], 215);
  assert.equal(square(9, 9)[3], 0, "none is no square");
});

test("the legend says the most that a square holds, and goes with its layer", () => {
  const note = document.getElementById("density-0");
  assert.ok(textOf(note).startsWith("FirmsPoints per square"), textOf(note));
  assert.equal(note.querySelector(".most").textContent, "40,000");
  layer.on = false;
  emit("layers");
  assert.equal(document.getElementById("density-0"), null);
  layer.on = true;
});

test("points beside the view are not counted", () => {
  const shown = lay(Array.from({ length: 40_001 }, (_, k) => (k < 40_000 ? [-9, -9] : [3, 3])));
  paint(recordingPen(), view, layer, shown, 40_001);
  assert.equal(document.getElementById("density-0").querySelector(".most").textContent, "1");
});
