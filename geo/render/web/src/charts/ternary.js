// Three shares of one whole as a place in a triangle: the nearer a corner, the larger its share.

import { CHART, inPlot, label, placeWords, plot } from "./drawing.js";
import { chooseRows, pointRow } from "./selection.js";
import { isFree, placesOf } from "../layers/boxes.js";
import { penOf, svg } from "../page/elements.js";
import { STATE } from "../page/state.js";
import { shortened } from "../text/lines.js";
import { number } from "../text/numbers.js";
import { T } from "../text/words.js";

const TERNARY = { side: 244, top: 40, bottom: 48, near: 16 };
const RISE = Math.sqrt(3) / 2; // height of a triangle of side 1

// Shares of the upper, the left and the right corner, whatever they add up to.
/** @param {number[]} given */
export function ternaryPlace([a, b, c]) {
  const sum = a + b + c, { side, top } = TERNARY;
  return [(CHART.width - side) / 2 + (side * (c + a / 2)) / sum, top + side * RISE * (1 - a / sum)];
}

/** @param {ChartState} state */
export function ternaryChart(state) {
  const { def } = state;
  const drawing = plot(def, TERNARY.top + TERNARY.side * RISE + TERNARY.bottom);
  const ticks = drawTriangle(drawing, def);
  const rows = def.x.values.map((_, i) => i).filter((i) => def.series.every((one) => one.values[i] !== null));
  const places = new Map(rows.map((i) => [i, ternaryPlace(def.series.map((one) => Number(one.values[i])))]));
  /** @param {number} i */
  const radius = (i) => (def.size ? Math.max(3, 11 * Math.sqrt(Math.max(0, def.size.values[i] ?? 0) / def.size.most)) : 5);
  // large discs first, so that small ones are not covered
  const order = [...rows].sort((i, j) => radius(j) - radius(i));
  if (def.reference) drawReference(drawing, def);
  for (const i of order) {
    const [cx, cy] = /** @type {number[]} */ (places.get(i));
    const disc = svg("circle", { cx, cy, r: radius(i), class: "mark disc" });
    disc.style.fill = def.tones?.[i] ?? "var(--muted)";
    state.marks[i].push(disc);
    drawing.append(disc);
  }
  nameDiscs(drawing, state, { order, places, radius, ticks });
  listenTernary(drawing, state, places);
  return drawing;
}

// Gives back where the numbers of the grid stand, so that no name covers one.
/** @param {SVGElement} drawing @param {ChartDef} def */
function drawTriangle(drawing, def) {
  /** @type {Box[]} */
  const ticks = [];
  /** @param {number[]} from @param {number[]} to @param {string} kind */
  const line = (from, to, kind) => {
    const [[x1, y1], [x2, y2]] = [ternaryPlace(from), ternaryPlace(to)];
    drawing.append(svg("line", { x1, y1, x2, y2, class: kind }));
  };
  for (const t of [0.2, 0.4, 0.6, 0.8]) {
    const rest = 1 - t, text = number(t * def.total);
    // each line stands for one share; its number is where the line leaves the triangle
    /** @type {[number[], number[], number, number, "start" | "end" | "middle"][]} */
    const ends = [[[t, rest, 0], [t, 0, rest], 6, 4, "start"], [[0, t, rest], [rest, t, 0], -6, 2, "end"], [[rest, 0, t], [0, rest, t], -2, 14, "middle"]];
    ends.forEach(([from, to, dx, dy, anchor], s) => {
      line(from, to, "grid");
      const [x, y] = ternaryPlace(to);
      const tick = label(x + dx, y + dy, text, anchor);
      tick.append(svg("title"));
      /** @type {Node} */ (tick.lastChild).textContent = T(def.series[s].label);
      drawing.append(tick);
      const left = x + dx - { start: 0, middle: 9, end: 18 }[anchor];
      ticks.push([left, y + dy - 10, left + 18, y + dy + 2]);
    });
  }
  for (const [from, to] of [[[1, 0, 0], [0, 1, 0]], [[0, 1, 0], [0, 0, 1]], [[0, 0, 1], [1, 0, 0]]]) line(from, to, "zero");
  const low = TERNARY.top + TERNARY.side * RISE + 36;
  /** @type {[number, number, string][]} */
  const spots = [[CHART.width / 2, 16, "middle"], [4, low, "start"], [CHART.width - 4, low, "end"]];
  spots.forEach(([x, y, anchor], s) => {
    const text = label(x, y, "", anchor, "corner");
    const dot = svg("tspan", { class: "corner-dot" });
    dot.textContent = "● ";
    dot.style.fill = def.series[s].colour;
    text.append(dot, shortened(T(def.series[s].label), STATE.lang === "en" ? 26 : 13));
    drawing.append(text);
  });
  drawing.append(label(CHART.width / 2, 32, `${number(def.total)}${T(def.y.unit) ? ` ${T(def.y.unit)}` : ""}`, "middle"));
  return ticks;
}

// The whole that the places are compared with: a cross of thin lines.
/** @param {SVGElement} drawing @param {ChartDef} def */
function drawReference(drawing, def) {
  const [x, y] = ternaryPlace(def.reference?.values ?? []);
  drawing.append(svg("path", { d: `M${x - 7} ${y}H${x + 7}M${x} ${y - 7}V${y + 7}`, class: "reference" }));
}

// Names beside discs, the largest first, where they cover nothing; the others are said on pointing.
/** @param {Element} drawing @param {ChartState} state @param {{order: number[], places: Map<number, number[]>, radius: Scale, ticks: Box[]}} given */
function nameDiscs(drawing, state, { order, places, radius, ticks }) {
  const { def } = state, size = 11;
  const taken = [...ticks];
  for (const i of order) {
    const [x, y] = /** @type {number[]} */ (places.get(i)), r = radius(i);
    taken.push([x - r, y - r, x + r, y + r]);
  }
  const pen = penOf(document.createElement("canvas"));
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const named = order.map((i) => [places.get(i), radius(i), placeWords(def, i), i]);
  if (def.reference) named.unshift([ternaryPlace(def.reference.values), 7, T(def.reference.label), null]);
  for (const [[x, y], r, words, i] of named) {
    const text = shortened(words, STATE.lang === "en" ? 20 : 10), wide = pen.measureText(text).width;
    const spots = placesOf({ size, beside: r + 4 }, wide).map(([dx, dy]) => [x + dx, y + dy]);
    const spot = spots.find(([px, py]) => px - wide / 2 > 0 && px + wide / 2 < CHART.width && isFree(taken, px, py, wide, size));
    if (!spot) continue;
    const name = label(spot[0], spot[1] + 4, text, "middle", i === null ? "reference-name" : "mark disc-name");
    if (i !== null) state.marks[i].push(name);
    drawing.append(name);
  }
}

// Pointing at a disc says its shares; a click chooses it, dragging chooses all in a box.
/** @param {SVGElement} drawing @param {ChartState} state @param {Map<number, number[]>} places */
function listenTernary(drawing, state, places) {
  const zone = svg("rect", { class: "brush", width: 0, height: 0 });
  drawing.append(zone);
  state.zone = (rows) => rows || zone.setAttribute("width", 0);
  /** @param {number[]} given */
  const nearest = ([x, y]) => {
    let best = null, least = TERNARY.near;
    for (const [i, [px, py]] of places) {
      const far = Math.hypot(px - x, py - y);
      if (far <= least) [best, least] = [i, far];
    }
    return best;
  };
  /** @type {any} */
  let from = null;
  drawing.style.touchAction = "pan-y";
  drawing.addEventListener("pointerdown", (event) => { from = inPlot(drawing, event); drawing.setPointerCapture(event.pointerId); });
  drawing.addEventListener("pointermove", (event) => {
    const [x, y] = inPlot(drawing, event);
    if (!from) return pointRow(state, nearest([x, y]));
    if (Math.hypot(x - from[0], y - from[1]) < 5) return;
    const box = [Math.min(x, from[0]), Math.min(y, from[1]), Math.max(x, from[0]), Math.max(y, from[1])];
    for (const [name, value] of Object.entries({ x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] })) zone.setAttribute(name, value);
    chooseRows(state, [...places].filter(([, [px, py]]) => px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3]).map(([i]) => i));
  });
  drawing.addEventListener("pointerup", (event) => {
    const at = inPlot(drawing, event), i = nearest(at);
    if (from && Math.hypot(at[0] - from[0], at[1] - from[1]) < 5) chooseRows(state, i === null || state.rows?.includes(i) ? null : [i]);
    from = null;
    zone.setAttribute("width", 0);
  });
  drawing.addEventListener("pointercancel", () => { from = null; });
  drawing.addEventListener("pointerleave", () => from === null && pointRow(state, null));
}
