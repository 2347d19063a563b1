import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { fire, layerDef, openPage } from "./page.js";

const square = (x, y, d) => block([
  ["x", "d32", [x, x + d, x + d, x].map((one) => Math.round(one * 1e5))], ["y", "d32", [y, y, y + d, y + d].map((one) => Math.round(one * 1e5))],
  ["len", "u32", [4]], ["own", "u32", [1]],
]);
const land = (id, x, y, d) => layerDef({ id, kind: "area", n: 1, shapes: square(x, y, d), bounds: [x, y, x + d, y + d], style: { fill: "land", base: true } });
const document = openPage({ overview: true, box: [115, 38, 118, 41], layers: [land("province", 115, 38, 3), land("county", 116, 39, 1), layerDef({ id: "firms" })] });
const { LAYERS } = await import("../src/data/layers.js");
const { feature } = await import("../src/features.js");
const { outermost, spanOnInset } = await import("../src/overview/overview.js");
const map = await import("../src/map/map.js");

const node = document.createElement("div");
for (const [name, value] of [["clientWidth", 400], ["clientHeight", 300]]) Object.defineProperty(node, name, { value });
document.getElementById("stage").append(node);
map.makeMap(node);
await Promise.all(LAYERS.map((layer) => layer.load()));
const canvas = feature("overview").make(), { drawn } = feature("overview");

test("land within other land is not drawn again", () => {
  assert.deepEqual(outermost(LAYERS.slice(0, 2)).map(({ id }) => id), ["province"]);
  assert.deepEqual(outermost([...LAYERS.slice(0, 2)].reverse()).map(({ id }) => id), ["province"]);
});

test("of two lands of the same box one is drawn, and neighbours both", () => {
  const box = (id, bounds) => ({ id, bounds });
  assert.deepEqual(outermost([box("a", [0, 0, 1, 1]), box("b", [0, 0, 1, 1])]).map(({ id }) => id), ["a"]);
  assert.equal(outermost([box("a", [0, 0, 1, 1]), box("b", [1, 0, 2, 1])]).length, 2);
});

test("the frame lies where the view is, and never leaves the inset", () => {
  assert.deepEqual(spanOnInset(20, 60, 120), [20, 60]);
  assert.deepEqual(spanOnInset(-50, 60, 120), [1.5, 60]);
  assert.deepEqual(spanOnInset(20, 500, 120), [20, 118.5]);
  assert.deepEqual(spanOnInset(-500, 500, 120), [1.5, 118.5]);
});

test("a view too small to be seen, or beyond the land, keeps the least size", () => {
  const [from, to] = spanOnInset(50, 50.1, 120);
  assert.ok(to - from >= 6 - 1e-9);
  for (const [a, b] of [[500, 510], [-510, -500], [119, 130]]) {
    const [start, end] = spanOnInset(a, b, 120);
    assert.ok(start >= 1.5 && end <= 118.5 + 1e-9 && end - start >= 6 - 1e-9, `${a}: ${start} ${end}`);
  }
});

test("the inset takes the shape of the land", () => {
  assert.ok(drawn.wide <= 120 && drawn.high <= 140);
  assert.ok(drawn.high > drawn.wide, "Mercator stretches northward");
  assert.equal(drawn.land.length, 1);
  assert.deepEqual([canvas.style.width, canvas.style.height], [`${drawn.wide}px`, `${drawn.high}px`]);
});

test("pointing brings the map there", () => {
  canvas.getBoundingClientRect = () => ({ left: 0, top: 0 });
  fire(canvas, "pointerdown", { button: 0, pointerId: 1, clientX: drawn.wide / 2, clientY: drawn.high / 2 });
  const { lat, lng } = map.MAP.getCenter();
  assert.ok(Math.abs(lng - 116.5) < 0.2 && Math.abs(lat - 39.5) < 0.2, `${lat} ${lng}`);
  const before = map.MAP.getCenter();
  fire(canvas, "pointerdown", { button: 2, pointerId: 1, clientX: 0, clientY: 0 });
  assert.ok(map.MAP.getCenter().equals(before), "another button does nothing");
});

test("arrows move the map, other keys and those of the browser do not", () => {
  const moved = [];
  map.MAP.panBy = (by) => moved.push(by);
  for (const [key, more] of [["ArrowLeft", {}], ["ArrowDown", {}], ["Tab", {}], ["ArrowUp", { ctrlKey: true }]]) fire(canvas, "keydown", { key, ...more });
  assert.deepEqual(moved, [[-80, 0], [0, 80]]);
});
