// What lies under a place of the map, also while two layers or times are compared.

import { LAYERS } from "../data/layers.js";
import { KINDS } from "../layers/kinds.js";
import { MAP } from "./map.js";
import { STATE } from "../page/state.js";
import { atStep } from "../time/steps.js";
import { SWIPE } from "../tools/swipe-state.js";

// Everything under a place on the map, the uppermost first.
/** @param {Point} point */
export function hitsAt(point) {
  return atStep(stepAt(point), () => hitsNow(point));
}

/** @param {Point} point */
function hitsNow(point) {
  const reachPixels = matchMedia("(pointer: coarse)").matches ? 14 : 6;
  const scale = 2 ** MAP.getZoom();
  const world = MAP.getPixelOrigin().add(MAP.containerPointToLayerPoint(point)).divideBy(scale);
  /** @type {Hits} */
  const found = [];
  for (const layer of [...LAYERS].reverse()) {
    if (!layer.on || !layer.sheet || !layer.x || layer.style.base || isSwiped(layer, point)) continue;
    const hits = KINDS[layer.kind].hit?.(layer, world.x, world.y, reachPixels / scale, MAP.getZoom()) ?? [];
    found.more ||= hits.length > 40;
    for (const hit of hits.slice(0, 40)) found.push(typeof hit === "number" ? { layer, i: hit } : hit);
    if (found.length > 40) break;
  }
  return found;
}

/** @param {Layer} layer @param {XY} point */
function isSwiped(layer, point) {
  if (!layer.side || SWIPE.x === null) return false;
  return layer.side === "left" ? point.x > SWIPE.x : point.x <= SWIPE.x;
}

// The step that is seen at a place of the map while two times are compared.
/** @param {XY} point */
const stepAt = (point) => (SWIPE.steps ? SWIPE.steps[point.x > SWIPE.x ? 1 : 0] : STATE.step);
