// Put the page together: frame first, then the data, layer by layer.

import "./layers/areas.js";
import "./layers/lines.js";
import "./layers/points.js";
import { makeCard } from "./card/card.js";
import { makeTip } from "./card/tip.js";
import { LAYERS } from "./data/layers.js";
import { feature } from "./features.js";
import { readInk } from "./layers/ink.js";
import { KINDS } from "./layers/kinds.js";
import { hitsAt } from "./map/hits.js";
import { makeMap, MAP } from "./map/map.js";
import { watchPointer } from "./map/pointer.js";
import { makeScale } from "./map/scale.js";
import { shadeLayers } from "./map/shades.js";
import { makeSheets, redrawAll, switchLayer } from "./map/sheets.js";
import { applyTheme } from "./map/theme.js";
import { refit, rememberFrame, showBox } from "./map/view.js";
import { announce } from "./page/announce.js";
import { byId, el } from "./page/elements.js";
import { on } from "./page/events.js";
import { setLanguage } from "./page/language.js";
import { PAGE } from "./page/page.js";
import { isDark } from "./page/screen.js";
import { STATE } from "./page/state.js";
import { makePanel } from "./panel/panel.js";
import { creditLine } from "./panel/sources.js";
import { T, W } from "./text/words.js";
import { toCsv, toGeojson } from "./tools/download.js";
import { MEASURE, watchMeasure } from "./tools/measure.js";
import { addressOfView, keepAddress, readAddress, restore } from "./tools/permalink.js";
import { savePicture } from "./tools/picture.js";
import { watchPrint } from "./tools/print.js";
import { search } from "./tools/search.js";
import { makeTools } from "./tools/toolbar.js";

async function start() {
  const address = readAddress();
  const loading = LAYERS.map(loaded); // the browser inflates beside what follows
  setLanguage(STATE.lang);
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  readInk();
  shadeLayers();
  const mapNode = el("div", { id: "map", role: "application", tabindex: "0", label: () => W("map") });
  const stage = el("main", { id: "stage" }, mapNode);
  const app = byId("app");
  app.replaceChildren(
    el("a", { class: "skip", href: "#map", on: { click: () => mapNode.focus() } }, () => W("skip")),
    makePanel(), stage, el("div", { id: "live", role: "status", "aria-live": "polite" }));
  makeMap(mapNode);
  rememberFrame();
  const slider = feature("time")?.make() ?? null;
  stage.append(makeTools(), makeScale(), creditLine());
  if (slider) stage.append(slider);
  showBox(false);
  makeTip(stage);
  makeCard(stage);
  await Promise.all(loading);
  const overview = feature("overview")?.make();
  if (overview) stage.append(overview);
  makeSheets();
  watchPointer();
  feature("charts")?.make(byId("lead-chart"), byId("charts"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
  new ResizeObserver(refit).observe(mapNode);
  on("language", redrawAll);
  watchMeasure();
  watchPrint();
  feature("swipe")?.watch();
  await restore(address);
  keepAddress();
  document.documentElement.dataset.ready = "true";
}

/** @param {Layer} layer */
async function loaded(layer) {
  try {
    await layer.load();
    if (layer.kind === "label") await layer.table();
  } catch (error) {
    layer.n = 0;
    console.error(layer.id, error);
    announce(`${T(layer.title)}: ${W("decode_error")}`);
  }
}

// For the console, and for tests.
window.jjj = {
  PAGE, STATE, LAYERS, hitsAt, setLanguage, switchLayer, search, toCsv, toGeojson, addressOfView, savePicture,
  get map() { return MAP; },
  get measured() { return MEASURE.points; },
  get NOTES() { return feature("notes")?.placed; },
  get bundlesOf() { return KINDS.flow.bundles; },
  get gcj02() { return feature("basemaps")?.gcj02; },
  get overview() { return feature("overview")?.drawn; },
};
start();
