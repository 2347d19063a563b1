// Callouts on a canvas: plate or number, and the line to the place.

import { nearestOn, NOTE, noteFont, noteList, NOTES, placeNotes } from "./placement.js";
import { register } from "../features.js";
import { INK } from "../layers/ink.js";
import { offsetOf } from "../layers/labels.js";
import { isPhone } from "../page/screen.js";
import { writeLines } from "../text/lines.js";

// Draws where placeNotes put them; dx, dy lead from the map's frame to the canvas.
/** @param {Pen} ctx @param {View} view @param {unknown} _ @param {boolean} [place] */
function paintNotes(ctx, view, _, place = true) {
  if (place) placeNotes(ctx);
  const [dx, dy] = offsetOf(view);
  for (const { placed, number: own } of NOTES) {
    if (!placed) continue;
    const { form, anchor } = placed;
    const box = [placed.box[0] + dx, placed.box[1] + dy, placed.box[2] + dx, placed.box[3] + dy];
    const from = { x: anchor.x + dx, y: anchor.y + dy };
    drawLeader(ctx, from, nearestOn(box, from));
    form.lines ? drawPlate(ctx, box, form) : drawBadge(ctx, box, own);
  }
}

// Names keep clear of the callouts.
const boxesOfNotes = () => NOTES.flatMap((one) => (one.placed ? [one.placed.box] : []));

/** @param {Pen} ctx @param {XY} from @param {XY} to */
function drawLeader(ctx, from, to) {
  const far = Math.hypot(to.x - from.x, to.y - from.y) || 1, { ring } = NOTE;
  for (const [colour, width] of /** @type {[string, number][]} */ ([[INK.halo, 4], [INK.ink, 1.3]])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(from.x + ((to.x - from.x) / far) * ring, from.y + ((to.y - from.y) / far) * ring);
    ctx.lineTo(to.x, to.y);
    ctx.moveTo(from.x + ring, from.y);
    ctx.arc(from.x, from.y, ring, 0, 2 * Math.PI);
    ctx.stroke();
  }
}

/** @param {Pen} ctx @param {Box} given2 @param {NoteForm} given3 */
function drawPlate(ctx, [x, y, x1, y1], { lines }) {
  ctx.fillStyle = INK.paper;
  ctx.globalAlpha = 0.92;
  ctx.fillRect(x, y, x1 - x, y1 - y);
  ctx.globalAlpha = 1;
  ctx.fillStyle = INK.accent;
  ctx.fillRect(x, y, 2.5, y1 - y);
  ctx.fillStyle = INK.ink;
  const at = noteFont(isPhone() ? 12 : NOTE.size);
  writeLines(ctx, lines ?? [], x + NOTE.pad, y + NOTE.pad + 11, NOTE.step, at);
}

/** @param {Pen} ctx @param {Box} given @param {string} text */
function drawBadge(ctx, [x, y, x1, y1], text) {
  ctx.fillStyle = INK.accent;
  ctx.beginPath();
  ctx.arc((x + x1) / 2, (y + y1) / 2, 11, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = INK.paper;
  ctx.font = noteFont(12);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, (x + x1) / 2, (y + y1) / 2 + 0.5);
}

register("notes", { list: noteList, paint: paintNotes, boxes: boxesOfNotes, placed: NOTES });
