// Legends: bound to their layers; an entry of kinds or classes hides and shows its features.

function sampleOf(layer) {
  const { legend, kind } = layer;
  if (legend.kind !== "plain" || kind === "label") return null;
  let sample = swatch(layer, legend.items[0].colour);
  on("shades", () => {
    const next = swatch(layer, legend.items[0].colour);
    sample.replaceWith(next);
    sample = next;
  });
  return sample;
}

function swatch(layer, colour) {
  const style = layer.style ?? {};
  const drawing = svg("svg", { class: "swatch", viewBox: "0 0 22 14", width: 22, height: 14, "aria-hidden": "true" });
  const shade = (token) => (token === "class" ? colour : token ? `var(--${token})` : "none");
  const signs = [];
  let shape;
  if (layer.kind === "point") {
    shape = svg("circle", { cx: 11, cy: 7, r: 5 });
    shape.style.fill = colour;
  } else if (layer.kind === "line" || layer.kind === "flow") {
    shape = svg("path", { d: "M1 7H21", "stroke-width": Math.min(4, Math.max(1.6, style.width ?? 2)), "stroke-dasharray": style.dash ? "5 3" : null });
    shape.style.stroke = colour;
  } else {
    shape = svg("rect", { x: 1.5, y: 1.5, width: 19, height: 11, "stroke-dasharray": style.dash ? "3 2" : null });
    shape.style.fill = style.fill === "hatch" ? "none" : shade(style.fill);
    shape.style.fillOpacity = style.opacity ?? 1;
    if (style.fill === "hatch") signs.push(hatching(colour));
    shape.style.stroke = style.line === "paper" ? "var(--border)" : shade(style.line);
  }
  drawing.append(shape, ...signs);
  return drawing;
}

// As the areas are hatched on the map.
function hatching(colour) {
  const lines = svg("path", { d: "M2 8l6-6M2 12l10-10M6 12l10-10M10 12l10-10M14 12l6-6" });
  lines.style.stroke = colour;
  lines.style.strokeOpacity = "0.7";
  return lines;
}

const unitWords = (unit) => (T(unit) ? (STATE.lang === "en" ? ` (${T(unit)})` : `（${T(unit)}）`) : "");

function legendOf(layer) {
  const { legend } = layer;
  const parts = [];
  if (!layer.n) parts.push(el("p", { class: "hint", say: () => W("empty") }));
  if (legend.kind === "classes" || legend.kind === "categories") {
    parts.push(el("p", { class: "legend-title", dir: "auto", say: () => T(legend.title) + unitWords(legend.unit) }));
    const rows = legend.items.map((item, at) => legendRow(layer, at, () => bareWords(legend, item), item.n));
    if (legend.missing) rows.push(legendRow(layer, legend.items.length, () => T(legend.missing_label) || W("no_data"), legend.missing));
    parts.push(el("ul", { label: () => W("all_on") }, ...rows));
  }
  if (layer.kind === "flow") parts.push(...KINDS.flow.legend(layer));
  else if (layer.sizes) parts.push(...sizeLegend(layer));
  if (layer.thinned_m) parts.push(el("p", { class: "hint", say: () => `${W("thinned")} ${number(layer.thinned_m)} m` }));
  if (layer.dropped) parts.push(el("p", { class: "hint", say: () => `${number(layer.dropped)} ${W(layer.kind === "flow" ? "no_flow" : "off_map")}` }));
  if (layer.time?.missing) parts.push(el("p", { class: "hint", say: () => `${number(layer.time.missing)} ${W("undated")}` }));
  return parts;
}

const bareWords = (legend, item) => (item.label === undefined ? rangeWords(legend, item) : T(item.label));

// A class of one value is that value.
function rangeWords({ decimals }, { from, to }) {
  return from === to ? number(to, decimals) : `${number(from, decimals)} – ${number(to, decimals)}`;
}

// A click hides or shows a class; a double one, or one with Shift, shows it alone, and then all again.
function legendRow(layer, code, words, n) {
  const button = el("button", { type: "button" },
    swatch(layer, layer.colours[code]), el("span", { dir: "auto", say: words }), countOf(layer, () => timedCounts(layer)?.[code] ?? n));
  const update = () => button.setAttribute("aria-pressed", String(!layer.hidden.has(code)));
  const alone = () => hideClasses(layer, isAlone(layer, code) ? [] : classesOf(layer).filter((one) => one !== code));
  const toggle = () => hideClasses(layer, classesOf(layer).filter((one) => layer.hidden.has(one) !== (one === code)));
  on("shades", () => button.firstChild.replaceWith(swatch(layer, layer.colours[code])));
  on("filter", update);
  button.addEventListener("click", (event) => (event.shiftKey ? alone() : toggle()));
  button.addEventListener("dblclick", alone);
  update();
  return el("li", {}, button);
}

// Number of features, in a class or in all, at the time that the slider shows.
function countOf(layer, n) {
  const node = el("small", { class: "count", say: () => number(n()) });
  if (layer.time) on("time", () => node._say());
  return node;
}

// Features of each class now; null while all times are shown.
function timedCounts(layer) {
  if (STATE.step === null || !layer.stepOf) return null;
  if (layer.counted?.step !== STATE.step) {
    const by = new Array(layer.colours.length + 1).fill(0);
    for (let i = 0; i < layer.n; i++) if (layer.inTime(i)) by[layer.class[i]]++;
    layer.counted = { step: STATE.step, by };
  }
  return layer.counted.by;
}

const classesOf = ({ legend }) => Array.from({ length: legend.items.length + (legend.missing ? 1 : 0) }, (_, code) => code);
const isAlone = (layer, code) => classesOf(layer).every((one) => layer.hidden.has(one) === (one !== code));

function hideClasses(layer, codes) {
  layer.hidden = new Set(codes);
  layer.redraw();
  emit("filter");
}

function sizeLegend(layer) {
  const { title, unit, items } = layer.sizes;
  if (!items.length) return [];
  const isLine = layer.kind !== "point";
  const tall = isLine ? 14 : 2 * items.at(-1).radius + 4;
  const row = el("div", { class: "sizes" }, ...items.map((item) => {
    const wide = isLine ? 30 : 2 * item.radius + 4;
    const drawing = svg("svg", { width: wide, height: tall, "aria-hidden": "true" });
    drawing.append(isLine
      ? svg("path", { d: `M0 ${tall / 2}H30`, "stroke-width": item.radius, class: "size-line" })
      : svg("circle", { cx: wide / 2, cy: tall - item.radius - 1.5, r: item.radius, class: "size-disc" }));
    return el("span", {}, drawing, el("small", { say: () => number(item.value) }));
  }));
  return [el("p", { class: "legend-title", dir: "auto", say: () => T(title) + unitWords(unit) }), row];
}
