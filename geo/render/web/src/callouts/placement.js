// Callouts: a sentence on the map, tied to its place by a line, placed where there is room.

import { LABELS, LAYERS } from "../data/layers.js";
import { hitAreas } from "../layers/areas.js";
import { isTaken, nameBox, overlap, placesOf } from "../layers/boxes.js";
import { boxesOfControls, CONTROLS, labelFont, LONGEST_LABEL } from "../layers/labels.js";
import { MAP } from "../map/map.js";
import { byId, el } from "../page/elements.js";
import { PAGE } from "../page/page.js";
import { isPhone } from "../page/screen.js";
import { balanced, shortened } from "../text/lines.js";
import { T } from "../text/words.js";

/** @type {Note[]} */
export const NOTES = PAGE.notes.map((def) => ({ def, number: "", placed: null }));
export const NOTE = { size: 13, step: 18, pad: 7, ring: 3.5, edge: 8, apart: 6, cell: 12 };
const NOTE_ANGLES = Array.from({ length: 16 }, (_, k) => (k * Math.PI) / 8);
const NOTE_GAPS = [22, 40, 64, 96, 140, 190, 250];

export const noteFont = (size = NOTE.size) => `600 ${size}px ${getComputedStyle(document.body).fontFamily}`;

// The same sentences as a list: for screen readers, and the key of numbers where text has no room.
export function noteList() {
  return el("ol", { id: "key-notes", class: "for-reader" },
    ...NOTES.map((one) => {
      one.key = el("b", { "aria-hidden": "true" });
      return el("li", { class: "for-reader" }, one.key, el("span", { dir: "auto", say: () => T(one.def.text) }));
    }));
}

// The forms a callout may take, the best first: its text, its short text, its number.
/** @param {Pen} ctx @param {Note} note */
function formsOf(ctx, note) {
  const phone = isPhone();
  const short = note.def.short && T(note.def.short);
  const texts = phone ? [short] : [T(note.def.text), short];
  const forms = texts.filter(Boolean).map((/** @type {any} */ text) => {
    const lines = balanced(ctx, text, noteFont(phone ? 12 : NOTE.size), phone ? 150 : 214);
    const wide = Math.max(...lines.map((line) => ctx.measureText(line).width));
    return { lines, wide: wide + 2 * NOTE.pad, high: lines.length * NOTE.step + 2 * NOTE.pad - 3, most: phone ? 26 : 40 };
  });
  return [...forms, { lines: null, wide: 22, high: 22, most: Infinity }];
}

// Where callouts stand now, in pixels of the map's frame.
/** @param {Pen} ctx */
export function placeNotes(ctx) {
  const size = MAP.getSize();
  const anchors = NOTES.map(({ def }) => MAP.latLngToContainerPoint([def.lat, def.lon]));
  // no box may hide the place that a callout speaks of, its own or another's
  const places = anchors.map(({ x, y }) => [x - NOTE.pad, y - NOTE.pad, x + NOTE.pad, y + NOTE.pad]);
  const ground = { size, busy: busyCells(size), names: boxesOfNames(ctx, size), taken: [...boxesOfControls(CONTROLS), ...places] };
  for (const [at, note] of NOTES.entries()) {
    const anchor = anchors[at];
    const before = note.placed;
    note.placed = null;
    if (anchor.x < 0 || anchor.y < 0 || anchor.x > size.x || anchor.y > size.y) continue;
    for (const form of formsOf(ctx, note)) {
      const best = bestSpot(ground, note.def, anchor, form, before);
      if (!best || best.cost > form.most) continue;
      note.placed = { ...best, form, anchor };
      ground.taken.push(apart(best.box));
      ground.names.push({ box: best.box, weight: 160 }); // no line runs through it
      break;
    }
  }
  numberNotes();
}

// Two callouts that touch read as one.
/** @param {Box} given */
const apart = ([x0, y0, x1, y1]) => [x0 - NOTE.apart, y0 - NOTE.apart, x1 + NOTE.apart, y1 + NOTE.apart];

function numberNotes() {
  let count = 0;
  for (const note of NOTES) {
    const numbered = note.placed !== null && !note.placed.form.lines;
    note.number = numbered ? String(++count) : "";
    note.key.textContent = note.number;
    note.key.parentElement.classList.toggle("for-reader", !numbered);
  }
  byId("key-notes").classList.toggle("for-reader", !count);
}

/** @param {Ground} ground @param {NoteDef} def @param {XY} anchor @param {NoteForm} form @param {Spot | null} before */
export function bestSpot(ground, def, anchor, form, before) {
  /** @type {any} */
  let best = null;
  for (const gap of form.lines ? NOTE_GAPS : NOTE_GAPS.slice(0, 3)) {
    NOTE_ANGLES.forEach((angle, turn) => {
      const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
      const x = anchor.x + ux * (gap + form.wide / 2) - form.wide / 2, y = anchor.y + uy * (gap + form.high / 2) - form.high / 2;
      const box = [x, y, x + form.wide, y + form.high];
      const cost = costOf(ground, box, anchor, gap, best?.cost ?? Infinity);
      if (cost === null) return;
      const stays = before?.turn === turn && before?.gap === gap ? -3 : 0;
      const total = cost + stays + (onSide(def.side, ux, uy) ? 0 : 8);
      if (!best || total < best.cost) best = { cost: total, box, turn, gap };
    });
  }
  return best;
}

/** @param {string | null} side @param {number} ux @param {number} uy */
export function onSide(side, ux, uy) {
  if (!side) return true;
  return (side[0] === "n" ? uy < 0.4 : uy > -0.4) && (side[1] === "e" ? ux > -0.4 : ux < 0.4);
}

// What a box would hide: names most, then marks, then land that is coloured; null where it cannot stand.
/** @param {Ground} given @param {Box} box @param {XY} anchor @param {number} gap @param {number} limit */
export function costOf({ size, busy, names, taken }, box, anchor, gap, limit) {
  const { edge } = NOTE;
  if (box[0] < edge || box[1] < edge || box[2] > size.x - edge || box[3] > size.y - edge) return null;
  if (isTaken(taken, box)) return null;
  let cost = gap * 0.045 + 3 * (gap / 100) ** 2; // a long line leads the eye astray
  const end = nearestOn(box, anchor);
  for (const name of names) {
    if (overlap(name.box, box)) cost += name.weight;
    else if (crosses(anchor, end, name.box)) cost += name.weight / 4;
  }
  for (let t = 0.1; t < 1; t += 0.1) cost += 0.6 * busy.at(cellOf(anchor.x + (end.x - anchor.x) * t), cellOf(anchor.y + (end.y - anchor.y) * t));
  if (cost > limit) return cost;
  for (let row = cellOf(box[1]); row <= cellOf(box[3]); row++) {
    for (let column = cellOf(box[0]); column <= cellOf(box[2]); column++) cost += busy.at(column, row);
  }
  return cost;
}

/** @param {number} pixels */
const cellOf = (pixels) => Math.floor(pixels / NOTE.cell);
/** @param {Box} given1 @param {XY} given2 */
export const nearestOn = ([x0, y0, x1, y1], { x, y }) => ({ x: Math.max(x0, Math.min(x, x1)), y: Math.max(y0, Math.min(y, y1)) });

// Whether the line from a place to its box runs through another box; tried at a few points of it.
/** @param {XY} a @param {XY} b @param {Box} box */
export function crosses(a, b, box) {
  return [0.2, 0.4, 0.6, 0.8].some((t) => {
    const x = a.x + (b.x - a.x) * t, y = a.y + (b.y - a.y) * t;
    return x > box[0] && x < box[2] && y > box[1] && y < box[3];
  });
}

// Names as they would stand without callouts; one upon its place can hardly give way.
/** @param {Pen} ctx @param {XY} size */
function boxesOfNames(ctx, size) {
  const found = [];
  for (const layer of LABELS) {
    if (!layer.on || !layer.ready || MAP.getZoom() < layer.style.from_zoom) continue;
    ctx.font = labelFont(layer.style);
    for (let i = 0; i < layer.n; i++) {
      const { x, y } = MAP.latLngToContainerPoint(layer.anchor(i));
      if (x < 0 || y < 0 || x > size.x || y > size.y) continue;
      const wide = ctx.measureText(shortened(layer.name(i), LONGEST_LABEL)).width;
      const [[right, down]] = placesOf(layer.style, wide);
      found.push({ box: nameBox(x + right, y + down, wide, layer.style.size), weight: layer.style.strong ? 40 : 14 });
    }
  }
  return found;
}

// How much of what the map shows lies in each small square of the screen.
/** @param {XY} size */
function busyCells(size) {
  const columns = Math.ceil(size.x / NOTE.cell) + 1, rows = Math.ceil(size.y / NOTE.cell) + 1;
  const cells = new Float32Array(columns * rows).fill(-1);
  const marks = new Float32Array(columns * rows);
  const corner = MAP.getPixelOrigin().add(MAP.containerPointToLayerPoint([0, 0])), scale = 2 ** MAP.getZoom();
  /** @param {number} x @param {number} y @param {number} weight */
  const add = (x, y, weight) => {
    const column = Math.floor((x * scale - corner.x) / NOTE.cell), row = Math.floor((y * scale - corner.y) / NOTE.cell);
    if (column >= 0 && row >= 0 && column < columns && row < rows) marks[row * columns + column] = Math.max(marks[row * columns + column], weight);
  };
  const shown = LAYERS.filter((layer) => layer.on && layer.x && layer.kind !== "label" && !layer.style?.base);
  for (const layer of shown) if (layer.kind !== "area") for (let v = 0; v < layer.x.length; v++) add(layer.x[v], layer.y[v], layer.kind === "point" ? 1.2 : 0.7);
  const areas = shown.filter((layer) => layer.kind === "area" && layer.style.fill);
  return {
    /** @param {number} column @param {number} row */
    at(column, row) {
      const at = row * columns + column;
      if (!(cells[at] >= 0)) {
        const wx = ((column + 0.5) * NOTE.cell + corner.x) / scale, wy = ((row + 0.5) * NOTE.cell + corner.y) / scale;
        cells[at] = marks[at] + (areas.some((layer) => hitAreas(layer, wx, wy).length) ? 0.22 : 0);
      }
      return cells[at];
    },
  };
}
