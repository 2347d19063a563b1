// The panel: headline, finding, layers with their legends, charts, notes, sources.

import { LAYERS } from "../data/layers.js";
import { feature } from "../features.js";
import { switchLayer } from "../map/sheets.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { setLanguage } from "../page/language.js";
import { PAGE } from "../page/page.js";
import { LANGUAGES, STATE } from "../page/state.js";
import { makeGrip } from "./bottom-sheet.js";
import { countOf, legendOf, sampleOf, timedCounts } from "./legend.js";
import { sources } from "./sources.js";
import { T, W } from "../text/words.js";
import { makeFinder } from "../tools/search.js";

export function makePanel() {
  const languages = el("div", { class: "languages", role: "group", label: () => W("language") },
    ...LANGUAGES.map(([code, name, tag]) =>
      el("button", { type: "button", lang: tag, "data-language": code, on: { click: () => setLanguage(code) } }, name)));
  const head = el("header", { class: "head" },
    languages,
    PAGE.kicker ? el("p", { class: "kicker", say: () => T(PAGE.kicker) }) : null,
    el("h1", { dir: "auto", say: () => T(PAGE.title) }),
    PAGE.finding ? el("p", { class: "finding", dir: "auto", say: () => T(PAGE.finding) }) : null,
    // what must be told beside the finding; the other caveats stand at the end
    PAGE.leads ? el("p", { class: "caveat", dir: "auto", say: () => T(PAGE.caveats[0]) }) : null,
    feature("notes")?.list());
  const panel = el("aside", { id: "panel", label: () => W("layers") },
    makeGrip(),
    el("div", { class: "scroll", tabindex: "-1" },
      head,
      el("section", { id: "lead-chart", hidden: !PAGE.charts.length }),
      finder(),
      el("section", { class: "layers" }, el("h2", { say: () => W("layers") }), ...layerGroups()),
      el("section", { id: "charts", hidden: PAGE.charts.length < 2 }),
      feature("basemaps")?.make(),
      notes(),
      sources()));
  const mark = () => {
    for (const button of languages.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.language === STATE.lang));
  };
  on("language", mark);
  mark();
  return panel;
}

function finder() {
  const place = el("div", { id: "finder" });
  makeFinder(place);
  return place;
}

function layerGroups() {
  const groups = new Map();
  // the uppermost layer is listed first, as it lies
  for (const layer of [...LAYERS].reverse()) {
    const key = JSON.stringify(layer.group);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(layer);
  }
  // names are drawn on top of all; their group stands where its other layers lie
  /** @param {Layer[]} layers */
  const height = (layers) => Math.max(...layers.map((one) => (one.kind === "label" && layers.length > 1 ? -1 : one.at)));
  return [...groups.values()].sort((a, b) => height(b) - height(a)).map((layers) =>
    layers[0].group && layers.every((/** @type {Layer} */ one) => one.style?.base || one.kind === "label")
      // the ground is rarely switched: folded away
      ? el("details", { class: "group" }, el("summary", { dir: "auto", say: () => T(layers[0].group) }), ...layers.map(layerEntry))
      : el("div", { class: "group" },
        layers[0].group ? el("h3", { dir: "auto", say: () => T(layers[0].group) }) : null,
        ...layers.map(layerEntry)));
}

/** @param {Layer} layer */
function layerEntry(layer) {
  const box = el("input", { type: "checkbox", id: `on-${layer.at}` });
  box.checked = layer.on;
  box.addEventListener("change", () => switchLayer(layer, box.checked));
  const legend = el("div", { class: "legend" });
  const entry = el("div", { class: "entry", "data-layer": layer.id },
    el("div", { class: "entry-head" },
      box,
      el("label", { for: `on-${layer.at}`, dir: "auto" }, sampleOf(layer), el("span", { say: () => T(layer.title) })),
      layer.kind === "label" || layer.kind === "image" ? null : countOf(layer, () => timedCounts(layer)?.reduce((sum, one) => sum + one, 0) ?? layer.n)),
    legend);
  const update = () => {
    box.checked = layer.on;
    legend.hidden = !layer.on;
  };
  legend.append(...legendOf(layer));
  on("layers", update);
  update();
  return entry;
}

function notes() {
  const rest = PAGE.caveats.slice(PAGE.leads ? 1 : 0);
  if (!rest.length) return el("div", { hidden: true });
  return el("section", { class: "notes" },
    el("h2", { say: () => W("caveats") }),
    el("ul", {}, ...rest.map((one) => el("li", { dir: "auto", say: () => T(one) }))));
}
