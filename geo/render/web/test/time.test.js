import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, layerDef, openPage } from "./page.js";

const timed = (id, steps, more = {}) => layerDef({ id, time: { steps, until: false, missing: 0, ...more } });
const document = openPage({
  lang: "en", words: { until: { zh: "截至", en: "until", ja: "まで" }, all_time: "All years", play: "Play", pause: "Pause", time: "Time" },
  layers: [timed("years", ["2005", "2010", "2024"]), timed("months", ["2010-03", "2010-11", "2024-01"], { until: true }), layerDef({ id: "plain" })],
});
const { LAYERS } = await import("../src/data/layers.js");
const { feature } = await import("../src/features.js");
await import("../src/time/slider.js");
const { on } = await import("../src/page/events.js");
const { STATE } = await import("../src/page/state.js");
const { atStep, SLIDER } = await import("../src/time/steps.js");

const [years, months] = LAYERS;
const bar = feature("time").make();
const range = bar.querySelector("input"), play = bar.querySelector("button"), shown = bar.querySelector("output");
const told = [];
on("time", () => told.push(STATE.step));

test("the slider has the steps of all layers, in order, and then all of them", () => {
  assert.deepEqual(SLIDER.steps, ["2005", "2010", "2010-03", "2010-11", "2024", "2024-01"]);
  assert.equal(range.getAttribute("max"), "6");
  assert.equal(STATE.step, null);
  assert.equal(shown.textContent, "All years");
});

test("going to a step says it and tells the page", () => {
  SLIDER.go(1);
  assert.equal(STATE.step, 1);
  assert.equal(shown.textContent, "until 2010");
  assert.equal(range.getAttribute("aria-valuetext"), "until 2010");
  assert.deepEqual(told.splice(0), [1]);
});

test("the last place is all times", () => {
  SLIDER.go(6);
  assert.equal(STATE.step, null);
  SLIDER.go(99);
  assert.equal(STATE.step, null);
  told.length = 0;
});

test("what has come stays: a layer shows all steps that are not later", () => {
  const upTo = (step) => { STATE.step = SLIDER.steps.indexOf(step); return feature("time").place(months); };
  assert.equal(upTo("2005"), 0);
  assert.equal(upTo("2010-03"), 1);
  assert.equal(upTo("2010"), 2, "a year holds its months");
  assert.equal(upTo("2024-01"), 3);
  STATE.step = null;
});

test("else a step shows its own, and years and months find each other", () => {
  const own = (step) => { STATE.step = SLIDER.steps.indexOf(step); return [...feature("time").place(years)]; };
  assert.deepEqual(own("2005"), [1]);
  assert.deepEqual(own("2010-11"), [2], "a month lies in its year");
  assert.deepEqual(own("2024"), [3]);
  STATE.step = null;
});

test("a step is said in the order of the language", () => {
  assert.equal(feature("time").words("2010"), "until 2010");
  STATE.lang = "ja";
  assert.equal(feature("time").words("2010"), "2010 まで");
  STATE.lang = "zh";
  assert.equal(feature("time").words("2010"), "截至 2010");
  STATE.lang = "en";
  months.time.until = false;
  assert.equal(feature("time").words("2010"), "2010");
  months.time.until = true;
});

test("moving the slider goes there", () => {
  range.value = "0";
  fire(range, "input");
  assert.equal(STATE.step, 0);
});

test("play begins, says that it can pause, and stops when told", () => {
  fire(play, "click");
  assert.equal(play.getAttribute("aria-pressed"), "true");
  assert.equal(play.getAttribute("aria-label"), "Pause");
  SLIDER.stop();
  assert.equal(play.getAttribute("aria-pressed"), "false");
  assert.equal(play.getAttribute("aria-label"), "Play");
  SLIDER.stop();
});

test("play from all times begins with the first", () => {
  SLIDER.go(6);
  fire(play, "click");
  assert.equal(STATE.step, 0);
  fire(play, "click");
  assert.equal(play.getAttribute("aria-pressed"), "false");
});

test("something may be done as if it were another step, also when it fails", () => {
  STATE.step = 2;
  assert.equal(atStep(0, () => STATE.step), 0);
  assert.throws(() => atStep(1, () => { throw new Error("broken"); }));
  assert.equal(STATE.step, 2);
  STATE.step = null;
});

test("layers that lie upon each other open with the latest alone", () => {
  years.time.alone = true;
  feature("time").make();
  assert.equal(STATE.step, 5);
  assert.equal(SLIDER.first, 5);
  delete years.time.alone;
  STATE.step = null;
});

test("one step is no slider", () => {
  const own = [years.time, months.time];
  years.time = { steps: ["2005"] };
  months.time = undefined;
  assert.equal(feature("time").make(), null);
  [years.time, months.time] = own;
  assert.ok(document);
});
