// Charts with upright places: bars over numbers, curves, stacked areas; dragging selects a range.

import { CHART, fitted, inPlot, label, placeWords, plot } from "./drawing.js";
import { niceTicks, stacked } from "./scales.js";
import { chooseRows, pointRow, rangeOf } from "./selection.js";
import { svg } from "../page/elements.js";
import { number } from "../text/numbers.js";
import { T } from "../text/words.js";

/** @param {ChartState} state */
export function uprightChart(state) {
  const { def } = state;
  const { width, left, right, bottom } = CHART;
  const signs = marksOf(def);
  const top = CHART.top + signs.tall, height = CHART.height + signs.tall;
  const places = def.numeric ? def.x.values : def.x.values.map((_, i) => i);
  const gap = places.length > 1 ? Math.min(...places.slice(1).map((one, i) => Math.abs(one - places[i])).filter(Boolean)) : 1;
  const pad = def.kind === "bar" ? gap / 2 : 0;
  const [x0, x1] = [Math.min(...places) - pad, Math.max(...places) + pad];
  const piles = def.kind === "line" ? null : stacked(def);
  const values = piles ? piles.flat(2) : def.series.flatMap((one) => one.values.filter((value) => value !== null));
  const ticks = niceTicks(Math.min(0, ...values), Math.max(...values, 0), 4);
  const [y0, y1] = [Math.min(ticks[0], ...values, 0), Math.max(ticks[ticks.length - 1], ...values)];
  /** @param {number} value */
  const sx = (value) => left + ((value - x0) / (x1 - x0 || 1)) * (width - left - right);
  /** @param {number} value */
  const sy = (value) => height - bottom - ((value - y0) / (y1 - y0 || 1)) * (height - top - bottom);
  const drawing = plot(def, height);
  for (const tick of ticks) {
    drawing.append(svg("line", { x1: left, x2: width - right, y1: sy(tick), y2: sy(tick), class: tick === 0 ? "zero" : "grid" }));
    drawing.append(label(left - 6, sy(tick) + 4, number(tick), "end"));
  }
  const xTicks = def.numeric ? niceTicks(x0, x1, 5).filter((one) => one >= x0 && one <= x1) : places.filter((_, i) => i % Math.ceil(places.length / 6) === 0);
  for (const tick of xTicks) drawing.append(label(sx(tick), height - bottom + 16, def.numeric ? number(tick) : placeWords(def, tick), "middle"));
  paintMarks(drawing, signs, sx, top, height - bottom);
  drawing.append(label(width - right, height - 4, T(def.x.label) + (T(def.x.unit) ? ` (${T(def.x.unit)})` : ""), "end", "axis"));
  if (def.kind === "bar") drawBars(drawing, state, { places, gap, sx, sy, piles: piles ?? [] });
  else if (def.kind === "area") drawAreas(drawing, def, { places, sx, sy, piles: piles ?? [] });
  else drawCurves(drawing, state, { places, sx, sy });
  addBrush(drawing, state, places, sx, { gap, top, height });
  return drawing;
}

// Named places of the axis, upright above the plot; the longest name decides how tall that is.
/** @param {ChartDef} def */
function marksOf(def) {
  const signs = (def.x.marks ?? []).map((one) => ({ at: one.at, ...fitted(T(one.text), 11, 116) }));
  return { signs, tall: signs.length ? Math.ceil(Math.max(...signs.map((one) => one.wide))) + 4 : 0 };
}

/** @param {Element} drawing @param {{signs: {at: number, text: string}[]}} given @param {Scale} sx @param {number} top @param {number} foot */
function paintMarks(drawing, { signs }, sx, top, foot) {
  /** @type {number[]} */
  const taken = [];
  // the ends first: of two names that would lie upon each other the inner one is left out
  for (const { at, text } of [...signs.slice(0, 1), ...signs.slice(-1), ...signs.slice(1, -1)]) {
    const x = sx(at);
    drawing.append(svg("line", { x1: x, x2: x, y1: top - 6, y2: foot, class: "sign" }));
    if (taken.some((one) => Math.abs(one - x) < 11.5)) continue;
    taken.push(x);
    const name = label(0, 0, text, "start", "tick sign-name");
    name.setAttribute("transform", `translate(${x + 4} ${top - 10}) rotate(-90)`);
    drawing.append(name);
  }
}

/** @param {Element} drawing @param {ChartState} state @param {{places: number[], gap: number, sx: Scale, sy: Scale, piles: Pair[][]}} given */
function drawBars(drawing, state, { places, gap, sx, sy, piles }) {
  const wide = Math.max(1, sx(places[0] + gap) - sx(places[0]) - 1.5);
  piles.forEach((pile, s) => pile.forEach(([low, high], i) => {
    if (high === low) return;
    const bar = svg("rect", { x: sx(places[i]) - wide / 2, y: sy(Math.max(low, high)), width: wide, height: Math.abs(sy(low) - sy(high)), class: "mark" });
    bar.style.fill = state.def.series[s].colour;
    state.marks[i].push(bar);
    drawing.append(bar);
  }));
}

/** @param {Element} drawing @param {ChartDef} def @param {{places: number[], sx: Scale, sy: Scale, piles: Pair[][]}} given */
function drawAreas(drawing, def, { places, sx, sy, piles }) {
  piles.forEach((pile, s) => {
    const there = pile.map(([, high], i) => `${sx(places[i])},${sy(high)}`);
    const back = pile.map(([low], i) => `${sx(places[i])},${sy(low)}`).reverse();
    const area = svg("polygon", { points: [...there, ...back].join(" "), class: "mark" });
    area.style.fill = def.series[s].colour;
    drawing.append(area);
  });
}

/** @param {Element} drawing @param {ChartState} state @param {{places: number[], sx: Scale, sy: Scale}} given */
function drawCurves(drawing, state, { places, sx, sy }) {
  for (const one of state.def.series) {
    let d = "", broken = true;
    one.values.forEach((value, i) => {
      if (value === null) { broken = true; return; }
      d += `${broken ? "M" : "L"}${sx(places[i]).toFixed(1)} ${sy(value).toFixed(1)}`;
      broken = false;
      const dot = svg("circle", { cx: sx(places[i]), cy: sy(value), r: places.length > 40 ? 1 : 2.4, class: "mark" });
      dot.style.fill = one.colour;
      state.marks[i].push(dot);
    });
    const curve = svg("path", { d, class: "curve" });
    curve.style.stroke = one.colour;
    drawing.append(curve);
  }
  drawing.append(...state.marks.flat());
}

// Pointing at a place says its numbers; dragging selects a range of places.
/** @param {SVGElement} drawing @param {ChartState} state @param {number[]} places @param {Scale} sx @param {{gap: number, top: number, height: number}} given */
function addBrush(drawing, state, places, sx, { gap, top, height }) {
  const { bottom } = CHART;
  const zone = svg("rect", { class: "brush", y: top, height: height - top - bottom, width: 0 });
  drawing.append(zone);
  state.zone = (rows) => {
    if (!rows) { zone.setAttribute("width", 0); return; }
    const half = state.def.kind === "bar" ? gap / 2 : 0;
    const [from, to] = [sx(places[rows[0]] - half), sx(places[rows[rows.length - 1]] + half)];
    zone.setAttribute("x", from);
    zone.setAttribute("width", Math.max(2, to - from));
  };
  /** @param {MouseEvent} event */
  const nearest = (event) => {
    const [x] = inPlot(drawing, event);
    let best = 0;
    places.forEach((one, i) => { if (Math.abs(sx(one) - x) < Math.abs(sx(places[best]) - x)) best = i; });
    return best;
  };
  let [from, start, before] = [/** @type {any} */ (null), 0, /** @type {number[] | null} */ (null)];
  drawing.style.touchAction = "pan-y";
  drawing.addEventListener("pointerdown", (event) => {
    [from, start, before] = [nearest(event), event.clientX, state.rows];
    drawing.setPointerCapture(event.pointerId);
  });
  drawing.addEventListener("pointermove", (event) => {
    const at = nearest(event);
    if (from === null) pointRow(state, at);
    else if (at !== from || Math.abs(event.clientX - start) > 6) chooseRows(state, rangeOf(from, at));
  });
  // a finger that scrolls the panel chooses nothing
  drawing.addEventListener("pointercancel", () => {
    if (from !== null && state.rows !== before) chooseRows(state, before);
    from = null;
  });
  drawing.addEventListener("pointerup", (event) => {
    const at = nearest(event);
    if (from === at && state.rows?.length === 1 && state.rows[0] === at) chooseRows(state, null);
    else if (from !== null) chooseRows(state, rangeOf(from, at));
    from = null;
  });
  drawing.addEventListener("pointerleave", () => from === null && pointRow(state, null));
  state.zone(state.rows);
}
