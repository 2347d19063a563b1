// Put the page together: frame first, then the data, layer by layer.

async function start() {
  const address = readAddress();
  const loading = LAYERS.map(loaded); // the browser inflates beside what follows
  setLanguage(STATE.lang);
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  readInk();
  shadeLayers();
  const mapNode = el("div", { id: "map", role: "application", tabindex: "0", label: () => W("map") });
  const stage = el("main", { id: "stage" }, mapNode);
  const app = document.getElementById("app");
  app.replaceChildren(
    el("a", { class: "skip", href: "#map", on: { click: () => mapNode.focus() } }, () => W("skip")),
    makePanel(), stage, el("div", { id: "live", role: "status", "aria-live": "polite" }));
  makeMap(mapNode);
  const slider = SLIDER.make?.() ?? null;
  stage.append(makeTools(), makeScale(), creditLine());
  if (slider) stage.append(slider);
  showBox(false);
  makeTip(stage);
  makeCard(stage);
  await Promise.all(loading);
  const overview = PAGE.overview ? makeOverview() : null;
  if (overview) stage.append(overview);
  makeSheets();
  watchPointer();
  if (PAGE.charts.length) makeCharts(document.getElementById("lead-chart"), document.getElementById("charts"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
  new ResizeObserver(refit).observe(mapNode);
  on("language", redrawAll);
  watchMeasure();
  watchPrint();
  SWIPE.watch?.();
  await restore(address);
  keepAddress();
  document.documentElement.dataset.ready = "true";
}

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

window.jjj = { get measured() { return MEASURE.points; }, PAGE, STATE, LAYERS, get NOTES() { return NOTES; }, get map() { return MAP; }, hitsAt, bundlesOf: KINDS.flow?.bundles, setLanguage, get gcj02() { return gcj02; }, get overview() { return OVERVIEW; }, switchLayer, search, toCsv, toGeojson, addressOfView, savePicture };
start();
