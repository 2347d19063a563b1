// Charts drawn as SVG beside the map; pointing and brushing single out features, and back.

const CHART = { width: 340, height: 190, left: 44, right: 10, top: 12, bottom: 34 };

// The first chart carries the finding and stands above the layers, the others below them.
function makeCharts(lead, rest) {
  PAGE.charts.forEach((def, at) => (at ? rest : lead).append(makeChart(def)));
}

function niceTicks(low, high, most) {
  if (low === high) high = low + 1;
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const ticks = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) ticks.push(Number(at.toPrecision(12)));
  return ticks;
}

function makeChart(def) {
  const holder = el("figure", { class: "chart" });
  const state = { def, holder, rows: new Map(), range: null, layer: LAYERS.find((one) => one.id === def.link?.layer) ?? null };
  const draw = () => drawChart(state);
  on("language", draw);
  linkFeatures(state);
  draw();
  return holder;
}

// Sum of the series below, for stacked areas and stacked bars.
function stacked(def) {
  const base = def.x.values.map(() => 0);
  return def.series.map((one) => one.values.map((value, i) => {
    const low = base[i];
    base[i] += value ?? 0;
    return [low, base[i]];
  }));
}

function drawChart(state) {
  const { def, holder } = state;
  const drawing = def.kind === "bar" && !def.numeric ? lyingBars(state) : uprightChart(state);
  const unit = T(def.y.unit) ? ` (${T(def.y.unit)})` : "";
  holder.replaceChildren(
    el("figcaption", { dir: "auto" }, el("h3", {}, T(def.title)), el("p", { class: "axis-name" }, T(def.y.label) + unit)),
    ...(def.series.length > 1 ? [seriesKey(def)] : []),
    drawing,
    el("p", { class: "chart-say", "aria-live": "polite" }),
    ...(def.note ? [el("p", { class: "hint", dir: "auto" }, T(def.note))] : []),
    dataTable(def));
  state.say = holder.querySelector(".chart-say");
  saySelection(state);
}

function seriesKey(def) {
  const entry = (one) => {
    const dot = el("i", { class: "dot" });
    dot.style.background = one.colour;
    return el("li", { dir: "auto" }, dot, T(one.label));
  };
  return el("ul", { class: "series" }, ...def.series.map(entry));
}

// The same numbers for screen readers and for those who do not trust pictures.
function dataTable(def) {
  const head = el("tr", {}, el("th", { scope: "col" }, T(def.x.label)), ...def.series.map((one) => el("th", { scope: "col" }, T(one.label))));
  const rows = def.x.values.slice(0, 200).map((value, i) =>
    el("tr", {}, el("th", { scope: "row" }, placeWords(def, i)),
      ...def.series.map((one) => el("td", {}, one.values[i] === null ? "—" : number(one.values[i], def.y.decimals)))));
  return el("table", { class: "for-reader" }, el("caption", {}, T(def.title)), el("thead", {}, head), el("tbody", {}, ...rows));
}

function placeWords(def, i) {
  const value = def.x.values[i];
  return typeof value === "number" ? number(value, def.x.decimals) : T(value);
}

function uprightChart(state) {
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
  const [y0, y1] = [Math.min(ticks[0], ...values, 0), Math.max(ticks.at(-1), ...values)];
  const sx = (value) => left + ((value - x0) / (x1 - x0 || 1)) * (width - left - right);
  const sy = (value) => height - bottom - ((value - y0) / (y1 - y0 || 1)) * (height - top - bottom);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": T(def.title), class: "plot" });
  for (const tick of ticks) {
    drawing.append(svg("line", { x1: left, x2: width - right, y1: sy(tick), y2: sy(tick), class: tick === 0 ? "zero" : "grid" }));
    drawing.append(label(left - 6, sy(tick) + 4, number(tick), "end"));
  }
  const xTicks = def.numeric ? niceTicks(x0, x1, 5).filter((one) => one >= x0 && one <= x1) : places.filter((_, i) => i % Math.ceil(places.length / 6) === 0);
  for (const tick of xTicks) drawing.append(label(sx(tick), height - bottom + 16, def.numeric ? number(tick) : placeWords(def, tick), "middle"));
  paintMarks(drawing, signs, sx, top, height - bottom);
  drawing.append(label(width - right, height - 4, T(def.x.label) + (T(def.x.unit) ? ` (${T(def.x.unit)})` : ""), "end", "axis"));
  state.marks = places.map(() => []);
  if (def.kind === "bar") drawBars(drawing, state, { places, gap, sx, sy, piles });
  else if (def.kind === "area") drawAreas(drawing, def, { places, sx, sy, piles });
  else drawCurves(drawing, state, { places, sx, sy });
  addBrush(drawing, state, places, sx, { gap, top, height });
  return drawing;
}

// Named places of the axis, upright above the plot; the longest name decides how tall that is.
function marksOf(def) {
  const signs = (def.x.marks ?? []).map((one) => ({ at: one.at, text: fitted(T(one.text), 116) }));
  return { signs, tall: signs.length ? Math.ceil(Math.max(...signs.map((one) => tickWidth(one.text)))) + 4 : 0 };
}

function paintMarks(drawing, { signs }, sx, top, foot) {
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

function label(x, y, text, anchor, kind = "tick") {
  const node = svg("text", { x, y, "text-anchor": anchor, class: kind });
  node.textContent = text;
  return node;
}

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

function drawAreas(drawing, def, { places, sx, sy, piles }) {
  piles.forEach((pile, s) => {
    const there = pile.map(([, high], i) => `${sx(places[i])},${sy(high)}`);
    const back = pile.map(([low], i) => `${sx(places[i])},${sy(low)}`).reverse();
    const area = svg("polygon", { points: [...there, ...back].join(" "), class: "mark" });
    area.style.fill = def.series[s].colour;
    drawing.append(area);
  });
}

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

const PEN = document.createElement("canvas").getContext("2d");

function tickWidth(text) {
  PEN.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  return PEN.measureText(text).width;
}

// As much of a text as a width holds.
function fitted(text, most) {
  let kept = shortened(text, 40);
  while (kept.length > 2 && tickWidth(kept) > most) kept = shortened(text, kept.length - 1);
  return kept;
}

function lyingBars(state) {
  const { def } = state;
  const tall = 22, right = 46, width = CHART.width;
  const names = def.x.values.map((_, i) => fitted(placeWords(def, i), 150));
  const left = Math.max(112, 10 + Math.max(...names.map(tickWidth)));
  const piles = stacked(def);
  const top = Math.max(...piles.flat(2), 0) || 1;
  const sx = (value) => left + (value / top) * (width - left - right);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${def.x.values.length * tall + 4}`, role: "img", "aria-label": T(def.title), class: "plot" });
  state.marks = def.x.values.map(() => []);
  def.x.values.forEach((_, i) => {
    const y = i * tall + 3;
    const row = svg("g", { class: "row" });
    row.append(label(left - 6, y + 13, names[i], "end", "tick"));
    piles.forEach((pile, s) => {
      const [low, high] = pile[i];
      const bar = svg("rect", { x: sx(low), y, width: Math.max(0.5, sx(high) - sx(low)), height: tall - 6, class: "mark" });
      bar.style.fill = def.series[s].colour;
      state.marks[i].push(bar);
      row.append(bar);
    });
    const total = piles.at(-1)[i][1];
    row.append(label(sx(total) + 5, y + 13, number(total, def.y.decimals), "start", "value"));
    row.addEventListener("pointerenter", () => pointRow(state, i));
    row.addEventListener("pointerleave", () => pointRow(state, null));
    row.addEventListener("click", () => selectRange(state, state.range && state.range[0] === i ? null : [i, i]));
    drawing.append(row);
  });
  return drawing;
}

// Pointing at a place says its numbers; dragging selects a range of places.
function addBrush(drawing, state, places, sx, { gap, top, height }) {
  const { bottom } = CHART;
  const zone = svg("rect", { class: "brush", y: top, height: height - top - bottom, width: 0 });
  drawing.append(zone);
  state.zone = (range) => {
    if (!range) { zone.setAttribute("width", 0); return; }
    const half = state.def.kind === "bar" ? gap / 2 : 0;
    const [from, to] = [sx(places[range[0]] - half), sx(places[range[1]] + half)];
    zone.setAttribute("x", from);
    zone.setAttribute("width", Math.max(2, to - from));
  };
  const nearest = (event) => {
    const box = drawing.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * CHART.width;
    let best = 0;
    places.forEach((one, i) => { if (Math.abs(sx(one) - x) < Math.abs(sx(places[best]) - x)) best = i; });
    return best;
  };
  let from = null;
  drawing.style.touchAction = "pan-y";
  drawing.addEventListener("pointerdown", (event) => { from = nearest(event); drawing.setPointerCapture(event.pointerId); });
  drawing.addEventListener("pointermove", (event) => {
    const at = nearest(event);
    if (from === null) pointRow(state, at);
    else selectRange(state, [Math.min(from, at), Math.max(from, at)]);
  });
  drawing.addEventListener("pointerup", (event) => {
    if (from === nearest(event) && state.range && state.range[0] === from && state.range[1] === from) selectRange(state, null);
    else if (from !== null) selectRange(state, [Math.min(from, nearest(event)), Math.max(from, nearest(event))]);
    from = null;
  });
  drawing.addEventListener("pointerleave", () => from === null && pointRow(state, null));
  state.zone(state.range);
}

function rowWords(def, i) {
  const values = def.series.map((one) => {
    const value = one.values[i] === null ? "—" : withUnit(number(one.values[i], def.y.decimals), def.y.unit);
    return def.series.length > 1 ? `${T(one.label)} ${value}` : value;
  });
  return `${withUnit(placeWords(def, i), def.x.unit)}: ${values.join(" · ")}`;
}

function pointRow(state, i) {
  if (state.range) return;
  state.say.textContent = i === null ? (state.layer ? W("chart_hint") : "") : rowWords(state.def, i);
  state.marks.forEach((marks, at) => marks.forEach((mark) => mark.classList.toggle("back", i !== null && at !== i)));
  singleOut(state, i === null ? null : [i, i]);
}

function selectRange(state, range) {
  state.range = range;
  state.zone?.(range);
  state.marks.forEach((marks, at) => marks.forEach((mark) => mark.classList.toggle("back", range !== null && (at < range[0] || at > range[1]))));
  singleOut(state, range);
  saySelection(state);
}

function saySelection(state) {
  const { def, range, say, layer } = state;
  if (!range) {
    say.textContent = layer ? W("chart_hint") : "";
    return;
  }
  const [from, to] = range;
  const clear = el("button", { type: "button", class: "clear", on: { click: () => selectRange(state, null) } }, W("clear"));
  const places = from === to ? rowWords(def, from) : `${placeWords(def, from)} – ${withUnit(placeWords(def, to), def.x.unit)}`;
  const count = layer ? ` · ${number(keysOf(def, range).size)} ${W("of_features")} ` : " ";
  say.replaceChildren(places + count, clear);
}

function keysOf(def, [from, to]) {
  return new Set(def.link.keys.slice(from, to + 1).flat());
}

async function singleOut(state, range) {
  const { layer, def } = state;
  if (!layer) return;
  if (!range) STATE.marked = null;
  else {
    const places = await Promise.all([...keysOf(def, range)].map((key) => layer.placeOf(key)));
    STATE.marked = { layer, set: new Set(places) };
  }
  layer.sheet?.redraw();
}

// A feature under the pointer makes its row stand out.
function linkFeatures(state) {
  if (!state.layer) return;
  on("hover", async (hit) => {
    if (state.range) return;
    const rows = hit && hit.layer === state.layer ? await rowsOf(state, hit.i) : null;
    state.marks.forEach((marks, at) => marks.forEach((mark) => mark.classList.toggle("back", rows !== null && !rows.has(at))));
  });
}

async function rowsOf(state, i) {
  await state.layer.table();
  const key = state.layer.key(i);
  const rows = new Set();
  state.def.link.keys.forEach((keys, at) => { if (keys.includes(key)) rows.add(at); });
  return rows;
}
