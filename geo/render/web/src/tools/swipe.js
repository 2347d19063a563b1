// Two layers, or two times, side by side on one map: one is seen left of the handle, the other right.

import * as L from "#leaflet";
import { LAYERS } from "../data/layers.js";
import { feature, register } from "../features.js";
import { INK } from "../layers/ink.js";
import { KINDS } from "../layers/kinds.js";
import { MAP } from "../map/map.js";
import { Sheet } from "../map/sheet.js";
import { switchLayer } from "../map/sheets.js";
import { byId, el } from "../page/elements.js";
import { emit, on } from "../page/events.js";
import { STATE } from "../page/state.js";
import { shortened, writeLines } from "../text/lines.js";
import { T, W } from "../text/words.js";
import { atStep, SLIDER } from "../time/steps.js";
import { SWIPE } from "./swipe-state.js";

const comparable = () => LAYERS.filter((layer) => layer.kind !== "label" && !layer.style?.base);
const timedLayers = () => LAYERS.filter((layer) => layer.time && KINDS[layer.kind]);

// What a side shows is a text: "layer:" and its id, or "step:" and the time.
const sideOf = { layer: (/** @type {Layer} */ layer) => `layer:${layer.id}`, step: (/** @type {string} */ step) => `step:${step}` };
/** @param {string} side */
const isStep = (side) => side.startsWith("step:");
/** @param {string} side */
const layerOfSide = (side) => LAYERS.find((layer) => sideOf.layer(layer) === side);

function sidesToOffer() {
  const layers = comparable(), { steps } = SLIDER;
  return {
    layers: layers.length > 1 ? layers.map(sideOf.layer) : [],
    steps: steps.length > 1 ? steps.map(sideOf.step) : [],
  };
}

/** @param {string} side */
const sideWords = (side) => (isStep(side) ? feature("time")?.words(side.slice(5)) ?? "" : shortened(T(layerOfSide(side)?.title), 26));

// Two times when the slider is in use or there is but one layer, else the two uppermost layers.
function firstSides() {
  const { layers, steps } = sidesToOffer();
  if (!layers.length || (STATE.step !== null && steps.length)) {
    const now = steps[STATE.step ?? 0];
    return now === steps.at(-1) ? [steps[0], now] : [now, steps.at(-1)];
  }
  const shown = comparable().filter((layer) => layer.on).map(sideOf.layer);
  const upper = shown.at(-1) ?? layers.at(-1);
  return [upper, [...shown.reverse(), ...layers].find((one) => one !== upper)];
}

function toggleSwipe() {
  if (SWIPE.x === null) startSwipe(/** @type {string[]} */ (firstSides()), 0.5);
  else endSwipe();
}

/** @param {string[]} sides @param {number} share */
function startSwipe(sides, share) {
  SWIPE.share = share;
  SWIPE.x = Math.round(MAP.getSize().x * share);
  byId("swipe").setAttribute("aria-pressed", "true");
  const stage = byId("stage");
  const handle = el("button", { type: "button", id: "swipe-bar", role: "slider", "aria-valuemin": 0, "aria-valuemax": 100, label: () => W("swipe") }, "⇔");
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && moveSwipe(event.clientX - stage.getBoundingClientRect().left));
  handle.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: SWIPE.x - 20, ArrowRight: SWIPE.x + 20, Home: 0, End: Infinity }[event.key];
    if (to !== undefined) moveSwipe(to);
  });
  L.DomEvent.disableClickPropagation(handle);
  SWIPE.picks = [0, 1].map(sidePick);
  const choice = el("div", { id: "swipe-choice" }, ...SWIPE.picks);
  L.DomEvent.disableClickPropagation(choice);
  stage.append(handle, choice);
  setSides(sides);
}

function endSwipe() {
  byId("swipe").setAttribute("aria-pressed", "false");
  byId("swipe-bar").remove();
  byId("swipe-choice").remove();
  SWIPE.x = SWIPE.sides = null;
  for (const layer of LAYERS) layer.side = null;
  setTwins(null);
  clipSwipe();
  emit("swipe");
}

/** @param {number} at */
function sidePick(at) {
  /** @param {string} word @param {string[]} sides */
  const group = (word, sides) => {
    const node = el("optgroup", { "data-say": "" }, ...sides.map((side) => el("option", { value: side, say: () => sideWords(side) })));
    node._say = () => node.setAttribute("label", W(word));
    node._say();
    return node;
  };
  const { layers, steps } = sidesToOffer();
  const box = el("select", { label: () => (at ? W("swipe_right") : W("swipe_left")) },
    layers.length ? group("swipe_layers", layers) : null, steps.length ? group("time", steps) : null);
  box.addEventListener("change", () => setSides(paired(at, box.value)));
  return box;
}

// A layer is compared with a layer and a time with a time, never with itself.
/** @param {number} at @param {string} side */
function paired(at, side) {
  const before = SWIPE.sides[at], other = SWIPE.sides[1 - at];
  const { layers, steps } = sidesToOffer();
  const offered = isStep(side) ? steps : layers;
  let partner = other;
  if (other === side) partner = before;
  if (isStep(partner) !== isStep(side)) partner = (at ? offered : [...offered].reverse()).find((one) => one !== side);
  return at ? [partner, side] : [side, partner];
}

/** @param {string[]} sides */
function setSides(sides) {
  SWIPE.sides = sides;
  SWIPE.picks.forEach((pick, at) => { pick.value = sides[at]; });
  const times = isStep(sides[0]);
  const [left, right] = times ? [] : sides.map(layerOfSide);
  for (const layer of LAYERS) layer.side = !times && layer === left ? "left" : !times && layer === right ? "right" : null;
  for (const layer of [left, right]) if (layer && !layer.on) switchLayer(layer, true);
  setTwins(times ? sides.map((side) => SLIDER.steps.indexOf(side.slice(5))) : null);
  clipSwipe();
  emit("swipe");
}

// For two times each layer is drawn on two canvases, the second in a pane of its own.
/** @param {number[] | null} steps */
function setTwins(steps) {
  const slider = document.getElementById("time");
  if (slider) slider.hidden = steps !== null;
  if (steps) SLIDER.stop?.(); // nobody could stop what plays behind
  SWIPE.steps = steps;
  for (const layer of timedLayers()) {
    if (layer.twin) MAP.removeLayer(layer.twin);
    layer.twin = null;
    layer.sheet.step = steps?.[0];
    if (steps && layer.on) {
      const name = `layer-${layer.at}-right`;
      const pane = MAP.getPane(name) ?? MAP.createPane(name);
      Object.assign(pane.style, { zIndex: MAP.getPane(`layer-${layer.at}`)?.style.zIndex, pointerEvents: "none" });
      layer.twin = new Sheet(layer, KINDS[layer.kind].paint, name);
      layer.twin.step = steps[1];
      MAP.addLayer(layer.twin);
    }
    layer.sheet.redraw();
  }
}

function watchSwipe() {
  MAP.on("resize", () => SWIPE.x !== null && (SWIPE.x = Math.round(SWIPE.share * MAP.getSize().x)));
  MAP.on("move zoom resize", () => SWIPE.x !== null && clipSwipe());
  on("layers", () => {
    if (SWIPE.sides && LAYERS.some((layer) => layer.side && !layer.on)) endSwipe();
    if (!SWIPE.steps || timedLayers().every((layer) => layer.on === Boolean(layer.twin))) return;
    setTwins(SWIPE.steps);
    clipSwipe();
  });
}

/** @param {number} x */
function moveSwipe(x) {
  SWIPE.x = Math.max(0, Math.min(MAP.getSize().x, x));
  SWIPE.share = SWIPE.x / MAP.getSize().x;
  clipSwipe();
  emit("swipe");
}

// Panes move with the map, so the cut is given in their own coordinates.
function clipSwipe() {
  const size = MAP.getSize();
  const a = MAP.containerPointToLayerPoint([0, 0]);
  const cut = a.x + (SWIPE.x ?? 0);
  /** @param {string} name @param {string | null} side */
  const clip = (name, side) => {
    const [from, to] = side === "left" ? [a.x, cut] : [cut, a.x + size.x];
    const [up, down] = [a.y - 50, a.y + size.y + 50];
    /** @type {HTMLElement} */ (MAP.getPane(name)).style.clipPath = SWIPE.x === null || !side ? "" : `polygon(${from}px ${up}px, ${to}px ${up}px, ${to}px ${down}px, ${from}px ${down}px)`;
  };
  for (const layer of LAYERS) {
    clip(`layer-${layer.at}`, layer.twin ? "left" : layer.side);
    if (layer.twin) clip(`layer-${layer.at}-right`, "right");
  }
  const handle = document.getElementById("swipe-bar");
  if (handle) {
    handle.style.left = `${SWIPE.x}px`;
    handle.setAttribute("aria-valuenow", String(Math.round((100 * SWIPE.x) / size.x)));
  }
}

// The same on the canvas of a picture: a layer on its side, or at both times.
/** @param {Pen} ctx @param {View} view @param {Layer} layer */
function paintSided(ctx, view, layer) {
  /** @param {string | null} side @param {number | null} step */
  const paint = (side, step) => {
    ctx.save();
    ctx.beginPath();
    ctx.rect(side === "right" ? SWIPE.x : 0, 0, side ? (side === "right" ? view.width - SWIPE.x : SWIPE.x) : view.width, view.height);
    ctx.clip();
    atStep(step, () => KINDS[layer.kind].paint(ctx, view, layer));
    ctx.restore();
  };
  if (layer.twin) ["left", "right"].forEach((side, at) => paint(side, SWIPE.steps[at]));
  else paint(SWIPE.x === null ? null : layer.side, STATE.step);
}

/** @param {Pen} ctx @param {XY} size @param {string} font */
function paintSwipe(ctx, size, font) {
  if (SWIPE.x === null) return;
  ctx.fillStyle = INK.ink;
  ctx.fillRect(SWIPE.x - 1, 0, 2, size.y);
  SWIPE.sides.forEach((/** @type {string} */ side, /** @type {number} */ at) => {
    ctx.font = `600 13px ${font}`;
    const text = sideWords(side), wide = ctx.measureText(text).width + 16;
    const x = at ? Math.min(SWIPE.x + 10, size.x - wide) : Math.max(0, SWIPE.x - 10 - wide);
    ctx.fillStyle = INK.paper;
    ctx.fillRect(x, 12, wide, 24);
    ctx.fillStyle = INK.ink;
    writeLines(ctx, [text], x + 8, 29, 0, `600 13px ${font}`);
  });
}

/** @param {string | null} text */
function restoreSwipe(text) {
  const [left, right, share] = (text ?? "").split("~");
  const { layers, steps } = sidesToOffer();
  const offered = [layers, steps].find((one) => one.includes(left) && one.includes(right));
  if (offered && left !== right) startSwipe([left, right], Math.max(0, Math.min(100, Number(share) || 50)) / 100);
}

register("swipe", { toggle: toggleSwipe, watch: watchSwipe, restore: restoreSwipe, paint: paintSided, paintBar: paintSwipe });
