// The map as a picture: headline, finding, map, legends, notes and credits drawn on one canvas.

import { LABELS, LAYERS } from "../data/layers.js";
import { feature } from "../features.js";
import { INK } from "../layers/ink.js";
import { KINDS } from "../layers/kinds.js";
import { paintLabels } from "../layers/labels.js";
import { MAP } from "../map/map.js";
import { scaleOf } from "../map/scale.js";
import { viewOf } from "../map/sheet.js";
import { paintGround } from "../map/sheets.js";
import { isSeen, penOf } from "../page/elements.js";
import { PAGE } from "../page/page.js";
import { STATE } from "../page/state.js";
import { creditWords } from "../panel/sources.js";
import { wrapped, writeLines } from "../text/lines.js";
import { T, W } from "../text/words.js";
import { SLIDER } from "../time/steps.js";
import { fileName, handOut } from "./download.js";
import { makeKey, paintKey } from "./picture-key.js";
import { SWIPE } from "./swipe-state.js";

export async function savePicture() {
  const size = MAP.getSize(), ratio = 2, width = size.x, side = 24;
  const canvas = document.createElement("canvas"), ctx = penOf(canvas);
  const font = getComputedStyle(document.body).fontFamily;
  /** @param {string} words @param {number} weight @param {number} px @param {number} step @param {string} ink */
  const text = (words, weight, px, step, ink) => {
    const own = `${weight} ${px}px ${font}`;
    return { font: own, lines: wrapped(ctx, words, own, width - 2 * side), step, ink };
  };
  const head = [text(T(PAGE.kicker), 600, 13, 20, INK.accent), text(T(PAGE.title), 700, 24, 32, INK.ink), text(T(PAGE.finding), 400, 15, 23, INK.ink)];
  if (PAGE.leads) head.push(text(T(PAGE.caveats[0]), 400, 13, 20, INK.muted));
  const notes = [...PAGE.caveats.slice(PAGE.leads ? 1 : 0).map((one) => `! ${T(one)}`), creditWords(false)];
  const foot = notes.map((one) => text(one, 400, 11, 17, INK.muted));
  /** @param {any[]} parts */
  const highOf = (parts) => parts.reduce((sum, { lines, step }) => sum + lines.length * step, 0);
  const key = makeKey(ctx, width - 2 * side, font);
  const top = 22 + highOf(head), keyTop = top + size.y + 14, footTop = keyTop + key.high + 4;
  canvas.width = width * ratio;
  canvas.height = (footTop + highOf(foot) + 14) * ratio;
  ctx.scale(ratio, ratio);
  ctx.fillStyle = INK.paper;
  ctx.fillRect(0, 0, width, canvas.height);
  writeParts(ctx, head, side, 12);
  ctx.save();
  ctx.translate(0, top);
  ctx.beginPath();
  ctx.rect(0, 0, size.x, size.y);
  ctx.clip();
  paintWhole(ctx, size, ratio);
  ctx.restore();
  paintKey(ctx, key, side, keyTop);
  writeParts(ctx, foot, side, footTop);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  handOut(`${fileName(T(PAGE.title))}.png`, blob, "image/png");
}

/** @param {Pen} ctx @param {any[]} parts @param {number} x @param {number} y */
function writeParts(ctx, parts, x, y) {
  for (const { font, lines, step, ink } of parts) {
    ctx.fillStyle = ink;
    writeLines(ctx, lines, x, y + step * 0.72, step, font);
    y += lines.length * step;
  }
}

/** @param {XY} size @param {number} ratio */
function pictureView(size, ratio) {
  const corner = MAP.getPixelOrigin().add(MAP.containerPointToLayerPoint([0, 0]));
  return viewOf(MAP.getZoom(), corner, size, ratio);
}

/** @param {Pen} ctx @param {XY} size @param {number} ratio */
export function paintWhole(ctx, size, ratio) {
  const view = pictureView(size, ratio), swipe = feature("swipe");
  ctx.fillStyle = PAGE.ground ? INK.void : INK.beyond;
  ctx.fillRect(0, 0, size.x, size.y);
  if (PAGE.ground) paintGround(ctx, view);
  for (const layer of LAYERS) {
    if ((layer.on || layer.away) && layer.sheet) (swipe?.paint ?? KINDS[layer.kind].paint)(ctx, view, layer);
  }
  paintLabels(ctx, view, [...LABELS].reverse(), "#scale, #overview");
  feature("notes")?.paint(ctx, view, null, false);
  paintScale(ctx, size);
  paintInset(ctx);
  paintPlates(ctx);
  swipe?.paintBar(ctx, size, getComputedStyle(document.body).fontFamily);
}

// Scale bar and north, as they stand on the map.
/** @param {Pen} ctx @param {XY} size */
function paintScale(ctx, size) {
  const { wide, words } = scaleOf(), [x, y] = [40, size.y - 18];
  const font = `400 12px ${getComputedStyle(document.body).fontFamily}`;
  ctx.lineJoin = "miter";
  for (const [colour, width] of /** @type {[string, number][]} */ ([[INK.halo, 4], [INK.ink, 1.5]])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x, y - 5);
    ctx.lineTo(x, y);
    ctx.lineTo(x + wide, y);
    ctx.lineTo(x + wide, y - 5);
    ctx.stroke();
  }
  ctx.fillStyle = ctx.strokeStyle = INK.ink;
  writeLines(ctx, [words], x + wide + 8, y, 0, font);
  ctx.beginPath();
  [[22, -26], [27, -12], [22, -16], [17, -12]].forEach(([px, py], at) => (at ? ctx.lineTo(px, y + py) : ctx.moveTo(px, y + py)));
  ctx.fill();
  ctx.textAlign = "center";
  ctx.fillText(W("north"), 22, y + 2);
}

// The overview where it stands on the map.
/** @param {Pen} ctx */
function paintInset(ctx) {
  const node = document.getElementById("overview");
  if (!node || !isSeen(node)) return;
  const box = node.getBoundingClientRect(), frame = MAP.getContainer().getBoundingClientRect();
  const [x, y] = [box.left - frame.left, box.top - frame.top];
  ctx.drawImage(/** @type {HTMLCanvasElement} */ (node), x, y, box.width, box.height);
  ctx.strokeStyle = INK.border;
  ctx.lineWidth = 1;
  ctx.strokeRect(x - 0.5, y - 0.5, box.width + 1, box.height + 1);
}

// What the slider says, and how many points a square holds: on the map, since both belong to this view.
/** @param {Pen} ctx */
function paintPlates(ctx) {
  const font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
  /** @type {any[]} */
  const words = STATE.step === null || SWIPE.x !== null ? [] : [feature("time")?.words(SLIDER.steps[STATE.step])];
  for (const node of document.querySelectorAll(".density")) {
    const [title, what] = node.querySelectorAll("b, b + span");
    words.push(`${title.textContent} · ${what.textContent}: 1 – ${node.querySelector(".most")?.textContent}`);
  }
  words.forEach((text, at) => {
    ctx.font = font;
    ctx.fillStyle = INK.paper;
    ctx.fillRect(12, 12 + at * 30, ctx.measureText(text).width + 18, 26);
    ctx.fillStyle = INK.ink;
    writeLines(ctx, [text], 21, 30 + at * 30, 0, font);
  });
}
