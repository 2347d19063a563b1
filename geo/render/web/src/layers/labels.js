// Names on the map. All label layers share one canvas, so that no name covers another.

import { LAYERS } from "../data/layers.js";
import { feature } from "../features.js";
import { isCut, isFree, isTaken, nameBox, placesOf } from "./boxes.js";
import { INK } from "./ink.js";
import { radiusOf } from "./points.js";
import { MAP } from "../map/map.js";
import { shortened } from "../text/lines.js";

export const LONGEST_LABEL = 28;

/** @param {{size: number, strong?: boolean}} given */
export const labelFont = ({ size, strong }) => `${strong ? 600 : 400} ${size}px ${getComputedStyle(document.body).fontFamily}`;

export const CONTROLS = "#tools, #scale, #time, #credits, .density, #swipe-choice, #overview";

// Where controls stand, in pixels of the map's frame, with a little air.
/** @param {string} which */
export function boxesOfControls(which) {
  const frame = MAP.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll(which)].map((node) => node.getBoundingClientRect()).filter((box) => box.width)
    .map((box) => [box.left - frame.left - 6, box.top - frame.top - 6, box.right - frame.left + 6, box.bottom - frame.top + 6]);
}

// What leads from the map's frame to a canvas.
/** @param {View} view */
export function offsetOf(view) {
  const corner = MAP.getPixelOrigin().add(MAP.containerPointToLayerPoint([0, 0]));
  return [corner.x - view.left, corner.y - view.top];
}

// Names keep clear of each other, of callouts and of the controls that are drawn.
/** @param {Pen} ctx @param {View} view @param {Layer[]} layers @param {string} [controls] */
export function paintLabels(ctx, view, layers, controls = CONTROLS) {
  const [dx, dy] = offsetOf(view);
  const taken = [...boxesOfControls(controls), ...(feature("notes")?.boxes() ?? [])].map((box) => [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy]);
  const marks = boxesOfMarks(view), { x: across, y: down } = MAP.getSize(), frame = [dx, dy, dx + across, dy + down];
  for (const layer of layers) {
    if (!layer.on || !layer.ready || view.zoom < layer.style.from_zoom) continue;
    const { size, strong } = layer.style;
    ctx.font = labelFont(layer.style);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (let i = 0; i < layer.n; i++) {
      const px = layer.x[i] * view.scale - view.left, py = layer.y[i] * view.scale - view.top;
      if (px < -60 || py < -20 || px > view.width + 60 || py > view.height + 20) continue;
      const text = shortened(layer.name(i), LONGEST_LABEL);
      if (!text) continue;
      const wide = ctx.measureText(text).width;
      const spots = placesOf(layer.style, wide).map(([dx, dy]) => [px + dx, py + dy])
        .filter(([x, y]) => !isCut(frame, nameBox(x, y, wide, size)));
      // a name rather covers a mark than stands nowhere
      const spot = spots.find(([x, y]) => !isTaken(marks, nameBox(x, y, wide, size)) && isFree(taken, x, y, wide, size))
        ?? spots.find(([x, y]) => isFree(taken, x, y, wide, size));
      if (!spot) continue;
      const [x, y] = spot;
      ctx.strokeStyle = INK.halo;
      ctx.lineWidth = 3;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = strong ? INK.ink : INK.muted;
      ctx.fillText(text, x, y);
    }
  }
}

const MOST_MARKS = 300; // beyond it names cannot keep clear of marks

/** @param {View} view */
function boxesOfMarks(view) {
  const found = [];
  for (const layer of LAYERS) {
    if (!layer.on || layer.kind !== "point" || !layer.x) continue;
    for (let i = 0; i < layer.n; i++) {
      const x = layer.x[i] * view.scale - view.left, y = layer.y[i] * view.scale - view.top;
      if (x < 0 || y < 0 || x > view.width || y > view.height || !layer.seen(i)) continue;
      const r = radiusOf(layer, i, view.zoom);
      found.push([x - r, y - r, x + r, y + r]);
      if (found.length > MOST_MARKS) return [];
    }
  }
  return found;
}
