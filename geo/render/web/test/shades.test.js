import assert from "node:assert/strict";
import { test } from "node:test";
import { layerDef, openPage } from "./page.js";

const classes = { kind: "classes", ordered: true, items: [{ colour: "#deebf7", n: 1 }, { colour: "#9ecae1", n: 1 }, { colour: "#08306b", n: 1 }] };
openPage({
  layers: [layerDef({ colours: ["#deebf7", "#9ecae1", "#08306b", "#d9d6d0"], legend: classes })],
  charts: [{ kind: "bar", title: "", x: { values: [] }, y: {}, series: [{ label: "", colour: "#000000", values: [] }], tones: ["#08306b"], link: null }],
}, { dark: true });
const { LAYERS } = await import("../src/data/layers.js");
const { fromHsl, hexOf, lifted, luminance, rgbShares, shadeLayers, shadesOf, standsBack, toHsl } = await import("../src/map/shades.js");
const { PAGE } = await import("../src/page/page.js");
const { STATE } = await import("../src/page/state.js");

const near = (a, b, by = 1e-9) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

test("luminance is that of WCAG", () => {
  near(luminance([0, 0, 0]), 0);
  near(luminance([1, 1, 1]), 1);
  near(luminance([1, 0, 0]), 0.2126);
  near(luminance(rgbShares("#777777")), 0.18447, 1e-4); // contrast 4.48 to white
});

test("hue, fullness and light come back as the same colour", () => {
  for (const hex of ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#a83a24", "#0072b2", "#808080", "#fbd48a"]) {
    assert.equal(hexOf(fromHsl(toHsl(rgbShares(hex)))), hex);
  }
});

test("known colours have their known hues", () => {
  assert.deepEqual(toHsl([1, 0, 0]), [0, 1, 0.5]);
  assert.deepEqual(toHsl([0, 1, 0]), [120, 1, 0.5]);
  assert.deepEqual(toHsl([0, 0, 1]), [240, 1, 0.5]);
  assert.deepEqual(toHsl([1, 0, 1]), [300, 1, 0.5]);
});

test("what is bright enough stays, what is too dark is lifted in its own hue", () => {
  assert.equal(lifted("#f08a6c"), "#f08a6c");
  const before = toHsl(rgbShares("#08306b")), after = toHsl(rgbShares(lifted("#08306b")));
  assert.ok(luminance(rgbShares(lifted("#08306b"))) >= 0.17);
  assert.ok(Math.abs(before[0] - after[0]) < 2);
});

test("what is black on paper is near white in the dark", () => {
  assert.equal(lifted("#000000"), "#e3e7ea");
  assert.equal(lifted("#222222"), "#e3e7ea");
});

test("a colour with transparency stays, and a class without a fill keeps its place", () => {
  assert.equal(lifted("#00000000"), "#00000000");
  const shades = shadesOf(["#00000000", "#deebf7", "#08306b", "#d9d6d0"], { ordered: true, kind: "classes", items: [1, 2, 3] });
  assert.deepEqual(shades, ["#00000000", "#08306b", "#deebf7", "#4b545b"]);
});

test("a pale grey stands back on paper, a deep one in the dark", () => {
  const [, , light] = toHsl(rgbShares(standsBack("#d9d6d0")));
  assert.ok(light < 0.4);
  assert.equal(standsBack("#0072b2"), lifted("#0072b2"));
});

test("more is lighter in the dark, as it is darker on paper, and back again", () => {
  const [layer] = LAYERS;
  shadeLayers();
  assert.deepEqual(layer.colours, ["#08306b", "#9ecae1", "#deebf7", "#4b545b"]);
  assert.equal(layer.legend.items[0].colour, "#08306b");
  assert.equal(PAGE.charts[0].series[0].colour, "#e3e7ea");
  assert.notEqual(PAGE.charts[0].tones[0], "#08306b");
  STATE.theme = "light";
  shadeLayers();
  assert.deepEqual(layer.colours, ["#deebf7", "#9ecae1", "#08306b", "#d9d6d0"]);
  assert.equal(PAGE.charts[0].series[0].colour, "#000000");
  assert.equal(PAGE.charts[0].tones[0], "#08306b");
  STATE.theme = "auto";
});
