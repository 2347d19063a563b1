// One slider for all layers that have a time; "all" is its last place.

import * as L from "#leaflet";
import { LAYERS } from "../data/layers.js";
import { register } from "../features.js";
import { redrawAll } from "../map/sheets.js";
import { el } from "../page/elements.js";
import { emit, on } from "../page/events.js";
import { STATE } from "../page/state.js";
import { W } from "../text/words.js";
import { SLIDER } from "./steps.js";

// Position of the slider's step among a layer's own: how many of its steps are not later.
/** @param {Layer} layer */
function placeOfStep(layer) {
  const now = SLIDER.steps[Number(STATE.step)];
  const steps = layer.time.steps;
  if (!layer.time.until) return ownSteps(layer, now);
  let low = 0, high = steps.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    steps[mid] <= now || steps[mid].startsWith(now) ? (low = mid + 1) : (high = mid);
  }
  return low;
}

// A year holds its months and days, and they lie in it: layers may tell time each in its own way.
/** @param {Layer} layer @param {string} now */
function ownSteps(layer, now) {
  if (layer.stepNow?.now !== now) {
    const own = new Set();
    layer.time.steps.forEach((/** @type {string} */ one, /** @type {number} */ at) => { if (one.startsWith(now) || now.startsWith(one)) own.add(at + 1); });
    layer.stepNow = { now, own };
  }
  return layer.stepNow.own;
}

// A step as a reader sees it: "until" it where features stay once they are there.
/** @param {string} step */
function stepWords(step) {
  if (!LAYERS.some((layer) => layer.time?.until)) return step;
  return STATE.lang === "ja" ? `${step} ${W("until")}` : `${W("until")} ${step}`;
}

function makeSlider() {
  const timed = LAYERS.filter((layer) => layer.time);
  SLIDER.steps = [...new Set(timed.flatMap((layer) => layer.time.steps))].sort();
  if (SLIDER.steps.length < 2) return null;
  const last = SLIDER.steps.length;
  // where areas lie upon those of other times the page opens with the latest alone
  if (timed.some((layer) => layer.time.alone)) STATE.step = last - 1;
  const words = () => (STATE.step === null ? W("all_time") : stepWords(SLIDER.steps[STATE.step]));
  const range = el("input", { type: "range", min: 0, max: last, step: 1, value: STATE.step ?? last, label: () => W("time") });
  const shown = el("output", {});
  /** @type {any} */
  let timer = null;
  const play = el("button", { type: "button", "aria-pressed": "false", label: () => (timer ? W("pause") : W("play")) }, "▶");
  const say = () => {
    shown.textContent = words();
    range.setAttribute("aria-valuetext", words());
  };
  /** @param {number} place */
  const go = (place) => {
    STATE.step = place >= last ? null : place;
    range.value = String(place);
    say();
    redrawAll();
    emit("time");
  };
  const stop = () => {
    if (!timer) return;
    clearInterval(timer);
    timer = null;
    play.textContent = "▶";
    play.setAttribute("aria-pressed", "false");
    play._sayLabel();
  };
  range.addEventListener("input", () => go(Number(range.value)));
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (STATE.step === null) go(0);
    timer = setInterval(() => (Number(range.value) >= last ? stop() : go(Number(range.value) + 1)), 700);
    play.textContent = "❚❚";
    play.setAttribute("aria-pressed", "true");
    play._sayLabel();
  });
  on("language", say);
  Object.assign(SLIDER, { go, stop, first: STATE.step });
  say();
  const bar = el("div", { id: "time", role: "group", label: () => W("time") }, play, range, shown);
  L.DomEvent.disableClickPropagation(bar);
  return bar;
}

register("time", { make: makeSlider, place: placeOfStep, words: stepWords });
