// Points on a canvas: discs with an outline when they are few, stamped pixels when they are many.

import { feature } from "../features.js";
import { INK } from "./ink.js";
import { KINDS } from "./kinds.js";
import { penOf } from "../page/elements.js";

const STAMP_FROM = 4000; // discs in view; above it outlines cost more than they show
export const DENSITY_FROM = 40_000; // points in view; above it they are counted, geo/render/page.py

/** @param {Layer} layer @param {number} i @param {number} zoom */
export function radiusOf(layer, i, zoom) {
  if (layer.radius) return layer.radius[i] / 4;
  return Math.max(2.2, Math.min(7, layer.style.radius * (0.6 + 0.08 * (zoom - 5))));
}

/** @param {Pen} ctx @param {View} view @param {Layer} layer */
function paintPoints(ctx, view, layer) {
  const { x, y, n } = layer;
  const shown = new Uint32Array(n);
  let count = 0;
  const slack = 20 / view.scale;
  for (let i = 0; i < n; i++) {
    if (x[i] < view.west - slack || x[i] > view.east + slack) continue;
    if (y[i] < view.north - slack || y[i] > view.south + slack) continue;
    if (layer.seen(i)) shown[count++] = i;
  }
  if (n > DENSITY_FROM && feature("density")?.paint(ctx, view, layer, shown, count)) return;
  if (count > STAMP_FROM) stampPoints(ctx, view, layer, shown.subarray(0, count));
  else paintDiscs(ctx, view, layer, [...shown.subarray(0, count)]);
}

/** @param {Pen} ctx @param {View} view @param {Layer} layer @param {number[]} shown */
function paintDiscs(ctx, view, layer, shown) {
  // large discs first, so that small ones are not covered
  const { radius } = layer;
  if (radius) shown.sort((a, b) => radius[b] - radius[a]);
  ctx.strokeStyle = INK.halo;
  ctx.lineWidth = 0.9;
  for (const i of shown) {
    ctx.globalAlpha = layer.faded(i) ? 0.12 : layer.radius ? 0.78 : 0.92;
    ctx.fillStyle = layer.colour(i);
    ctx.beginPath();
    ctx.arc(layer.x[i] * view.scale - view.left, layer.y[i] * view.scale - view.top, radiusOf(layer, i, view.zoom), 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** @param {string} hex */
function rgbOf(hex) {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

// Write pixels directly: a hundred thousand points in some twenty milliseconds.
/** @param {Pen} ctx @param {View} view @param {Layer} layer @param {Uint32Array} shown */
function stampPoints(ctx, view, layer, shown) {
  const width = Math.ceil(view.width * view.ratio), height = Math.ceil(view.height * view.ratio);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const opaque = layer.colours.map((hex) => {
    const [r, g, b] = rgbOf(hex);
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
  const size = Math.max(1, Math.round(radiusOf(layer, shown[0], view.zoom) * view.ratio * 0.75));
  const disc = [];
  for (let dy = -size; dy <= size; dy++) {
    for (let dx = -size; dx <= size; dx++) if (dx * dx + dy * dy <= size * size) disc.push(dx, dy);
  }
  for (const i of shown) {
    if (layer.faded(i)) continue;
    const cx = Math.round((layer.x[i] * view.scale - view.left) * view.ratio);
    const cy = Math.round((layer.y[i] * view.scale - view.top) * view.ratio);
    const colour = opaque[layer.class[i]];
    for (let d = 0; d < disc.length; d += 2) {
      const px = cx + disc[d], py = cy + disc[d + 1];
      if (px >= 0 && px < width && py >= 0 && py < height) pixels[py * width + px] = colour;
    }
  }
  const sheet = document.createElement("canvas");
  sheet.width = width;
  sheet.height = height;
  penOf(sheet).putImageData(image, 0, 0);
  ctx.globalAlpha = 0.85;
  ctx.drawImage(sheet, 0, 0, width / view.ratio, height / view.ratio);
  ctx.globalAlpha = 1;
}

/** @param {Layer} layer @param {number} wx @param {number} wy @param {number} reach @param {number} zoom */
function hitPoints(layer, wx, wy, reach, zoom) {
  const found = [];
  const { x, y, n } = layer;
  const most = reach + 20 / 2 ** zoom;
  for (let i = 0; i < n; i++) {
    const dx = x[i] - wx;
    if (dx > most || dx < -most) continue;
    const dy = y[i] - wy;
    if (dy > most || dy < -most) continue;
    const far = Math.hypot(dx, dy);
    if (far <= Math.max(reach, radiusOf(layer, i, zoom) / 2 ** zoom) && layer.seen(i)) found.push([far, i]);
  }
  return found.sort((a, b) => a[0] - b[0]).slice(0, 50).map(([, i]) => i);
}

KINDS.point = { paint: paintPoints, hit: hitPoints };
