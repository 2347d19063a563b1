// Charts drawn as SVG beside the map: what all kinds share.

const CHART = { width: 340, height: 190, left: 44, right: 16, top: 12, bottom: 34 };

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

const CHARTS = []; // the state of each

const kindOfChart = (def) => (def.kind === "bar" && !def.numeric ? "lying" : def.kind);

function makeChart(def) {
  const holder = el("figure", { class: "chart" });
  const layer = LAYERS.find((one) => one.id === def.link?.layer) ?? null;
  // rows: those chosen, or null; at: the one pointed at; marks: the shapes of each row
  const state = { def, holder, layer, rows: null, at: null, anchor: null, marks: [] };
  CHARTS.push(state);
  const draw = () => drawChart(state);
  on("language", draw);
  on("shades", draw);
  for (const event of ["time", "filter", "layers"]) on(event, () => state.rows && saySelection(state));
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
  state.zone = null;
  state.marks = def.x.values.map(() => []);
  const kind = kindOfChart(def);
  const drawing = ({ lying: lyingBars, ternary: ternaryChart }[kind] ?? uprightChart)(state);
  listenKeys(drawing, state);
  const unit = T(def.y.unit) ? ` (${T(def.y.unit)})` : "";
  holder.replaceChildren(
    el("figcaption", { dir: "auto" }, el("h3", { "aria-level": 2 }, T(def.title)), el("p", { class: "axis-name" }, T(def.y.label) + unit)),
    ...(def.series.length > 1 && kind !== "ternary" ? [seriesKey(def)] : []),
    drawing,
    el("p", { class: "chart-say", "aria-live": "polite" }),
    ...(def.size ? [el("p", { class: "hint", dir: "auto" }, labelled("mark_area", T(def.size.label)))] : []),
    ...(def.note ? [el("p", { class: "hint", dir: "auto" }, T(def.note))] : []),
    dataTable(def));
  state.say = holder.querySelector(".chart-say");
  saySelection(state);
  if (state.rows) standBack(state, state.rows);
}

function plot(def, height) {
  return svg("svg", { viewBox: `0 0 ${CHART.width} ${height}`, role: "application", "aria-label": `${T(def.title)}. ${W("chart_keys")}`, class: "plot" });
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
  // Firefox shows the caption of a hidden table: the box around it hides both
  return el("div", { class: "for-reader" }, el("table", {}, el("caption", {}, T(def.title)), el("thead", {}, head), el("tbody", {}, ...rows)));
}

function placeWords(def, i) {
  const value = def.x.values[i];
  return typeof value === "number" ? number(value, def.x.decimals) : T(value);
}

function label(x, y, text, anchor, kind = "tick") {
  const node = svg("text", { x, y, "text-anchor": anchor, class: kind });
  node.textContent = text;
  return node;
}

// A text cut to a width in pixels, and how wide it then is.
function fitted(text, size, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  let most = 60, cut = shortened(text, most);
  while (most > 4 && pen.measureText(cut).width > width) cut = shortened(text, --most);
  return { text: cut, wide: pen.measureText(cut).width };
}
