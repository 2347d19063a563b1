// Areas on a canvas, and which of them lies under the pointer.

import { hatch } from "./hatch.js";
import { tone } from "./ink.js";
import { KINDS } from "./kinds.js";
import { inView, trace } from "./outlines.js";

/** @param {Pen} ctx @param {View} view @param {Layer} layer */
function paintAreas(ctx, view, layer) {
  const style = layer.style;
  ctx.lineJoin = "round";
  for (let i = 0; i < layer.n; i++) {
    if (!inView(layer, i, view) || !layer.seen(i)) continue;
    const colour = layer.colour(i);
    const quiet = layer.faded(i) ? 0.18 : 1;
    ctx.beginPath();
    trace(ctx, layer, i, view, true);
    if (style.fill) {
      ctx.globalAlpha = style.opacity * quiet;
      ctx.fillStyle = style.fill === "hatch" ? hatch(ctx, colour) : tone(style.fill, colour);
      ctx.fill("evenodd");
    }
    if (!style.line) continue;
    ctx.globalAlpha = quiet;
    ctx.strokeStyle = tone(style.line, colour);
    ctx.lineWidth = style.width;
    ctx.setLineDash(style.dash ?? []);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

// wx, wy are world pixels; reach is the tolerance in world pixels.
/** @param {Layer} layer @param {number} wx @param {number} wy */
export function hitAreas(layer, wx, wy) {
  const found = [];
  for (let i = layer.n - 1; i >= 0; i--) {
    const b = layer.boxes, at = i * 4;
    if (wx < b[at] || wx > b[at + 2] || wy < b[at + 1] || wy > b[at + 3] || !layer.seen(i)) continue;
    if (insideArea(layer, i, wx, wy)) found.push(i);
  }
  return found;
}

/** @param {Layer} layer @param {number} i @param {number} wx @param {number} wy */
export function insideArea(layer, i, wx, wy) {
  const { x, y, runs } = layer;
  let inside = false;
  for (let r = layer.first[i]; r < layer.first[i + 1]; r++) {
    for (let v = runs[r], u = runs[r + 1] - 1; v < runs[r + 1]; u = v++) {
      if (y[v] > wy !== y[u] > wy && wx < ((x[u] - x[v]) * (wy - y[v])) / (y[u] - y[v]) + x[v]) {
        inside = !inside;
      }
    }
  }
  return inside;
}

KINDS.area = { paint: paintAreas, hit: hitAreas };
