// Lines on a canvas, and which of them lies under the pointer.

import { KINDS } from "./kinds.js";
import { inView, trace } from "./outlines.js";

/** @param {Pen} ctx @param {View} view @param {Layer} layer */
function paintLines(ctx, view, layer) {
  const style = layer.style;
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.setLineDash(style.dash ?? []);
  for (let i = 0; i < layer.n; i++) {
    if (!inView(layer, i, view, 8) || !layer.seen(i)) continue;
    ctx.globalAlpha = layer.faded(i) ? 0.15 : 1;
    ctx.strokeStyle = layer.colour(i);
    ctx.lineWidth = layer.radius ? layer.radius[i] / 4 : style.width;
    ctx.beginPath();
    trace(ctx, layer, i, view, false);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** @param {Layer} layer @param {number} wx @param {number} wy @param {number} reach */
export function hitLines(layer, wx, wy, reach) {
  const found = [];
  for (let i = 0; i < layer.n; i++) {
    const b = layer.boxes, at = i * 4;
    if (wx < b[at] - reach || wx > b[at + 2] + reach || wy < b[at + 1] - reach || wy > b[at + 3] + reach) continue;
    if (!layer.seen(i)) continue;
    const far = distanceToRuns(layer, i, wx, wy);
    if (far <= reach) found.push([far, i]);
  }
  return found.sort((a, b) => a[0] - b[0]).map(([, i]) => i);
}

/** @param {Layer} layer @param {number} i @param {number} wx @param {number} wy */
export function distanceToRuns(layer, i, wx, wy) {
  const { x, y, runs } = layer;
  let best = Infinity;
  for (let r = layer.first[i]; r < layer.first[i + 1]; r++) {
    for (let v = runs[r] + 1; v < runs[r + 1]; v++) {
      const dx = x[v] - x[v - 1], dy = y[v] - y[v - 1];
      const share = ((wx - x[v - 1]) * dx + (wy - y[v - 1]) * dy) / (dx * dx + dy * dy || 1);
      const t = Math.max(0, Math.min(1, share));
      best = Math.min(best, Math.hypot(wx - x[v - 1] - t * dx, wy - y[v - 1] - t * dy));
    }
  }
  return best;
}
KINDS.line = { paint: paintLines, hit: hitLines };
