import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage, textOf } from "./page.js";

const corner = (label, colour, values) => ({ label, colour, values });
const def = {
  kind: "ternary", numeric: false, title: "Research, making, services", note: null, total: 100,
  x: { label: "City", unit: "", decimals: null, values: ["Beijing", "Tianjin", "Langfang", "Nowhere"] },
  y: { label: "Share", unit: "%", decimals: 0 },
  series: [corner("Research", "#111111", [60, 20, 100, null]), corner("Making", "#222222", [20, 60, 0, 1]), corner("Services", "#333333", [20, 20, 0, 1])],
  tones: ["#aa0000", "#00aa00", "#0000aa", "#000000"], link: null,
  size: { label: "Firms", unit: "", decimals: 0, values: [400, 100, null, 1], most: 400 },
  reference: { label: "Region", values: [1, 1, 1] },
};
const document = openPage({ lang: "en", charts: [def], words: { mark_area: "Area", colon: ": ", clear: "Clear" } });
const { feature } = await import("../src/features.js");
await import("../src/charts/charts.js");
const { CHARTS } = await import("../src/charts/state.js");
const { ternaryPlace } = await import("../src/charts/ternary.js");

feature("charts").make(document.getElementById("lead-chart"), document.getElementById("charts"));
const [state] = CHARTS;
const discs = () => [...state.holder.querySelectorAll("circle.disc")];
const near = (a, b, by = 1e-9) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);
const pointer = (type, clientX, clientY) => fire(state.holder.querySelector(".plot"), type, { clientX, clientY, pointerId: 1 });

const TOP = ternaryPlace([1, 0, 0]), LEFT = ternaryPlace([0, 1, 0]), RIGHT = ternaryPlace([0, 0, 1]);

test("the corners are those of a triangle with equal sides", () => {
  const side = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  near(side(TOP, LEFT), 244);
  near(side(LEFT, RIGHT), 244);
  near(side(RIGHT, TOP), 244);
  assert.ok(TOP[1] < LEFT[1] && LEFT[0] < RIGHT[0]);
  near(TOP[0], 170);
});

test("equal shares lie in the middle", () => {
  const [x, y] = ternaryPlace([1, 1, 1]);
  near(x, (TOP[0] + LEFT[0] + RIGHT[0]) / 3);
  near(y, (TOP[1] + LEFT[1] + RIGHT[1]) / 3);
});

test("shares count as parts of their sum, whatever it is", () => {
  assert.deepEqual(ternaryPlace([60, 20, 20]).map((one) => one.toFixed(9)), ternaryPlace([0.6, 0.2, 0.2]).map((one) => one.toFixed(9)));
});

test("the nearer a corner, the larger its share", () => {
  const far = (share) => { const [x, y] = ternaryPlace([share, (1 - share) / 2, (1 - share) / 2]); return Math.hypot(x - TOP[0], y - TOP[1]); };
  for (let k = 0; k < 10; k++) assert.ok(far((k + 1) / 10) < far(k / 10));
});

test("the height in the triangle is the first share", () => {
  const height = LEFT[1] - TOP[1];
  for (const share of [0, 0.25, 0.5, 1]) near((LEFT[1] - ternaryPlace([share, 1 - share, 0])[1]) / height, share);
});

test("a row without all shares is no disc, the others stand where they belong", () => {
  assert.equal(discs().length, 3);
  const [x, y] = ternaryPlace([60, 20, 20]);
  const beijing = discs().find((one) => one.style.fill === "#aa0000");
  near(Number(beijing.getAttribute("cx")), x);
  near(Number(beijing.getAttribute("cy")), y);
});

test("areas of discs are as their sizes, and large ones come first", () => {
  const radii = discs().map((one) => Number(one.getAttribute("r")));
  assert.deepEqual(radii, [11, 5.5, 3]);
});

test("the reference has a cross and a name", () => {
  assert.ok(state.holder.querySelector("path.reference"));
  assert.equal(textOf(state.holder.querySelector(".reference-name")), "Region");
});

test("numbers of the grid are parts of the total", () => {
  const ticks = [...state.holder.querySelectorAll("text.tick")].map((one) => one.firstChild.textContent);
  assert.deepEqual([...new Set(ticks.filter((one) => /^\d+$/.test(one)))].sort(), ["20", "40", "60", "80"]);
});

test("pointing near a disc says its shares and its size", () => {
  const [x, y] = ternaryPlace([20, 60, 20]);
  pointer("pointermove", x + 5, y + 5);
  assert.equal(textOf(state.say), "Tianjin: Research 20 % · Making 60 % · Services 20 % · Firms 100");
  pointer("pointermove", 5, 5);
  assert.equal(textOf(state.say), "");
});

test("a click chooses a disc, another lets it go", () => {
  const [x, y] = ternaryPlace([20, 60, 20]);
  pointer("pointerdown", x, y);
  pointer("pointerup", x, y);
  assert.deepEqual(state.rows, [1]);
  pointer("pointerdown", x, y);
  pointer("pointerup", x, y);
  assert.equal(state.rows, null);
});

test("dragging chooses all discs in the box", () => {
  pointer("pointerdown", 0, 0);
  pointer("pointermove", 340, LEFT[1]);
  assert.deepEqual(state.rows, [0, 1, 2]);
  pointer("pointerup", 340, LEFT[1]);
  assert.equal(state.holder.querySelector("rect.brush").getAttribute("width"), "0");
});
