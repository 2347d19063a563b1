// Hatching of areas.

import { penOf } from "../page/elements.js";

const hatches = new Map();

/** @param {Pen} ctx @param {string} colour */
export function hatch(ctx, colour) {
  if (!hatches.has(colour)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = penOf(tile);
    pen.strokeStyle = colour;
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
    }
    pen.stroke();
    hatches.set(colour, tile);
  }
  return /** @type {CanvasPattern} */ (ctx.createPattern(hatches.get(colour), "repeat"));
}
