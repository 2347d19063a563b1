// What is drawn upon all layers.

import { INK } from "../layers/ink.js";
import { trace } from "../layers/outlines.js";
import { radiusOf } from "../layers/points.js";
import { STATE } from "../page/state.js";

// What else is drawn upon all layers, such as a line that is measured.
/** @type {((ctx: Pen, view: View) => boolean)[]} */
export const MARKS = [];

// Outline of the feature under the pointer and of the one whose table is open.

/** @param {Pen} ctx @param {View} view */
export function paintMark(ctx, view) {
  let drawn = Boolean(STATE.hovered || STATE.card);
  for (const paint of MARKS) drawn = paint(ctx, view) || drawn;
  for (const [target, width] of /** @type {[Hit | null, number][]} */ ([[STATE.hovered, 2.5], [STATE.card && STATE.card.hits[STATE.card.at], 3]])) {
    if (!target) continue;
    const { layer, i } = target;
    if (!layer.on || !layer.x || layer.stale?.()) continue;
    for (const [colour, more] of /** @type {[string, number][]} */ ([[INK.halo, 2.5], [INK.accent, 0]])) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width + more;
      ctx.lineJoin = "round";
      ctx.beginPath();
      if (layer.runs) trace(ctx, layer, i, view, layer.kind === "area");
      else ctx.arc(layer.x[i] * view.scale - view.left, layer.y[i] * view.scale - view.top, radiusOf(layer, i, view.zoom) + 3, 0, 7);
      ctx.stroke();
    }
  }
  return drawn;
}
