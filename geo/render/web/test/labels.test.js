import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { layerDef, openPage, recordingPen } from "./page.js";

const names = ["Beijing", "Tianjin", "Langfang", "Beijing South"];
const label = layerDef({
  kind: "label", id: "names", n: 4, style: { size: 12, strong: true, from_zoom: 5 }, legend: { kind: "none" },
  columns: [{ kind: "text" }], names: { any: 0 }, data: block([["c0", "text", names]]),
});
openPage({ lang: "en", layers: [label, layerDef({ id: "dots", n: 0 })] });
const { LABELS, LAYERS } = await import("../src/data/layers.js");
const { register } = await import("../src/features.js");
const { labelFont, paintLabels } = await import("../src/layers/labels.js");
const map = await import("../src/map/map.js");

const node = document.createElement("div");
for (const [name, value] of [["clientWidth", 400], ["clientHeight", 300]]) Object.defineProperty(node, name, { value });
document.body.append(node);
map.makeMap(node);
const corner = map.MAP.getPixelOrigin();
const view = { zoom: 7, scale: 1, ratio: 1, left: corner.x, top: corner.y, width: 400, height: 300 };

const [layer] = LABELS;
await layer.table();

function paint(places, seen = view) {
  layer.n = places.length;
  layer.x = Float64Array.from(places, ([x]) => x + corner.x);
  layer.y = Float64Array.from(places, ([, y]) => y + corner.y);
  const pen = recordingPen();
  paintLabels(pen, seen, [layer], "#nothing");
  return pen.calls.filter(([name]) => name === "fillText").map(([, text, x, y]) => [text, x, y]);
}

test("names stand upon their places", () => assert.deepEqual(paint([[100, 100], [250, 200]]), [["Beijing", 100, 100], ["Tianjin", 250, 200]]));

test("a name gives way to the one before it by a line, or is left out", () => {
  const drawn = paint([[100, 100], [100, 104], [100, 96], [100, 100]]);
  assert.equal(drawn.length, 3);
  const boxes = drawn.map(([text, x, y]) => [x - (7 * text.length) / 2, y - 8.4, x + (7 * text.length) / 2, y + 8.4]);
  for (const [k, a] of boxes.entries()) {
    for (const b of boxes.slice(k + 1)) assert.ok(a[0] >= b[2] || a[2] <= b[0] || a[1] >= b[3] || a[3] <= b[1], "no name covers another");
  }
});

test("a name that the edge would cut waits", () => {
  assert.deepEqual(paint([[5, 100], [200, 298]]).map(([text]) => text), ["Tianjin"]);
});

test("names wait for their zoom", () => assert.deepEqual(paint([[100, 100]], { ...view, zoom: 4.5 }), []));

test("names that are switched off or not there yet are not drawn", () => {
  layer.on = false;
  assert.deepEqual(paint([[100, 100]]), []);
  layer.on = true;
  const { ready } = layer;
  layer.ready = null;
  assert.deepEqual(paint([[100, 100]]), []);
  layer.ready = ready;
});

test("names keep clear of callouts, where the page has some", () => {
  register("notes", { boxes: () => [[60, 80, 140, 95]] });
  assert.deepEqual(paint([[100, 100]]), [["Beijing", 100, 115.6]]);
  register("notes", undefined);
});

test("a name rather moves than covers the mark of a point", () => {
  const dots = LAYERS[1];
  Object.assign(dots, { n: 1, x: Float64Array.of(corner.x + 100), y: Float64Array.of(corner.y + 100), class: new Uint32Array(1), radius: null });
  assert.deepEqual(paint([[100, 100]]), [["Beijing", 100, 84.4]]);
  dots.n = 0;
});

test("strong names are bold", () => {
  assert.match(labelFont({ size: 12, strong: true }), /^600 12px/);
  assert.match(labelFont({ size: 10 }), /^400 10px/);
});
