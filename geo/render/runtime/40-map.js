// The map: panes in the order of the layers, one pointer for all of them.

const LAYERS = PAGE.layers.map((def, at) => new DataLayer(def, at));
const LABELS = LAYERS.filter((layer) => layer.kind === "label");

const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches; // things jump instead of gliding

let MAP;
let labelSheet;
let markSheet;
let groundSheet;
let noteSheet;

function makeMap(node) {
  MAP = L.map(node, {
    zoomControl: false, attributionControl: false, minZoom: 3, maxZoom: 18,
    zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 90, worldCopyJump: false,
    zoomAnimation: !CALM, inertia: !CALM,
  });
  for (const layer of LAYERS) {
    const pane = MAP.createPane(`layer-${layer.at}`);
    pane.style.zIndex = String(210 + layer.at);
    pane.style.pointerEvents = "none";
  }
  for (const [name, z] of [["ground", 205], ["labels", 560], ["mark", 540], ["notes", 570]]) {
    const pane = MAP.createPane(name);
    pane.style.zIndex = String(z);
    pane.style.pointerEvents = "none";
  }
  MAP.setView([39.3, 116.5], 7);
  lastFrame = frameSize();
}

// Space that controls take from the map.
function margins() {
  const bottom = MAP.getContainer().getBoundingClientRect().bottom;
  const boxes = [...document.querySelectorAll("#time, #scale")].map((one) => one.getBoundingClientRect()).filter((box) => box.height);
  const below = Math.min(MAP.getSize().y / 3, 10 + Math.max(isPhone() ? 40 : 24, ...boxes.map((box) => bottom - box.top)));
  const inset = document.getElementById("overview"); // beside the map's right edge, under the tools
  const beside = inset && isSeen(inset) ? Math.min(MAP.getSize().x / 2, inset.offsetWidth + 24) : 64;
  return isPhone()
    ? { paddingTopLeft: [12, 12], paddingBottomRight: [12, below] }
    : { paddingTopLeft: [24, 24], paddingBottomRight: [beside, below] };
}

const isPhone = () => window.innerWidth < 720;

let homeView = null; // the view that showBox gave

function isHome() {
  if (!homeView || MAP.getZoom() !== homeView.zoom) return false;
  return MAP.project(MAP.getCenter()).distanceTo(MAP.project(homeView.centre)) < 3; // pixels
}

function showBox(animate = true) {
  const [west, south, east, north] = PAGE.box;
  const far = west === east && south === north;
  MAP.options.minZoom = 0; // what is wider than a continent is seen whole
  MAP.fitBounds([[south, west], [north, east]], { ...margins(), animate: animate && !CALM, maxZoom: far ? 10 : 14 });
  MAP.options.minZoom = Math.min(3, MAP.getBoundsZoom([[south, west], [north, east]]) - 0.5);
  if (!animate) homeView = { zoom: MAP.getZoom(), centre: MAP.getCenter() };
}

const frameSize = () => `${MAP.getContainer().clientWidth} × ${MAP.getContainer().clientHeight}`;
let lastFrame = ""; // size of the frame when the map was made or fitted last

// After the frame has another size: the whole again, if the reader has not gone elsewhere.
function refit() {
  if (lastFrame === frameSize()) return; // an observer first reports what is there
  lastFrame = frameSize();
  const home = isHome();
  MAP.invalidateSize({ animate: false });
  if (home) showBox(false);
}

// Beyond the box of the neighbours nothing is known, not even whether it is sea.
function paintGround(ctx, view) {
  const [west, south, east, north] = PAGE.ground;
  const x = worldX(west) * view.scale - view.left, y = worldY(north) * view.scale - view.top;
  ctx.fillStyle = INK.sea;
  ctx.fillRect(x, y, (worldX(east) - worldX(west)) * view.scale, (worldY(south) - worldY(north)) * view.scale);
}

function makeSheets() {
  if (PAGE.ground) {
    MAP.getContainer().classList.add("bounded");
    groundSheet = new Sheet(null, paintGround, "ground");
    MAP.addLayer(groundSheet);
  }
  for (const layer of LAYERS) {
    if (!KINDS[layer.kind]) continue;
    layer.sheet = new Sheet(layer, KINDS[layer.kind].paint, `layer-${layer.at}`);
    if (layer.on) MAP.addLayer(layer.sheet);
  }
  // callouts find their place before the names, which keep clear of them
  if (PAGE.notes.length) noteSheet = new Sheet(null, paintNotes, "notes").addTo(MAP);
  // the upper label layers are placed first
  if (LABELS.length) labelSheet = new Sheet([...LABELS].reverse(), paintLabels, "labels").addTo(MAP);
  markSheet = new Sheet(null, paintMark, "mark").addTo(MAP);
}

function switchLayer(layer, wanted) {
  layer.on = wanted;
  if (layer.sheet) wanted ? MAP.addLayer(layer.sheet) : MAP.removeLayer(layer.sheet);
  redrawWords();
  emit("layers");
}

function redrawWords() {
  noteSheet?.redraw();
  labelSheet?.redraw();
}

function redrawAll() {
  for (const layer of LAYERS) if (layer.on) layer.redraw();
  groundSheet?.redraw();
  redrawWords();
  markSheet?.redraw();
  if (PAGE.overview) paintOverview();
}

// Outline of the feature under the pointer and of the one whose table is open.
let hovered = null;

function paintMark(ctx, view) {
  paintMeasure(ctx, view);
  for (const [target, width] of [[hovered, 2.5], [STATE.card && STATE.card.hits[STATE.card.at], 3]]) {
    if (!target) continue;
    const { layer, i } = target;
    if (!layer.on || !layer.x || layer.stale?.()) continue;
    for (const [colour, more] of [[INK.halo, 2.5], [INK.accent, 0]]) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width + more;
      ctx.lineJoin = "round";
      ctx.beginPath();
      if (layer.runs) trace(ctx, layer, i, view, layer.kind === "area");
      else ctx.arc(layer.x[i] * view.scale - view.left, layer.y[i] * view.scale - view.top, radiusOf(layer, i, view.zoom) + 3, 0, 7);
      ctx.stroke();
    }
  }
  return Boolean(hovered || STATE.card || MEASURE.points?.length);
}

// Everything under a place on the map, the uppermost first.
function hitsAt(point) {
  return atStep(stepAt(point), () => hitsNow(point));
}

function hitsNow(point) {
  const reachPixels = matchMedia("(pointer: coarse)").matches ? 14 : 6;
  const scale = 2 ** MAP.getZoom();
  const world = MAP.getPixelOrigin().add(MAP.containerPointToLayerPoint(point)).divideBy(scale);
  const found = [];
  for (const layer of [...LAYERS].reverse()) {
    if (!layer.on || !layer.sheet || !layer.x || layer.style.base || isSwiped(layer, point)) continue;
    const hits = KINDS[layer.kind].hit(layer, world.x, world.y, reachPixels / scale, MAP.getZoom());
    found.more ||= hits.length > 40;
    for (const hit of hits.slice(0, 40)) found.push(typeof hit === "number" ? { layer, i: hit } : hit);
    if (found.length > 40) break;
  }
  return found;
}

function isSwiped(layer, point) {
  if (!layer.side || SWIPE.x === null) return false;
  return layer.side === "left" ? point.x > SWIPE.x : point.x <= SWIPE.x;
}

const SWIPE = { x: null, sides: null, steps: null, picks: [] };

// The step that is seen at a place of the map while two times are compared.
const stepAt = (point) => (SWIPE.steps ? SWIPE.steps[point.x > SWIPE.x ? 1 : 0] : STATE.step);

function watchPointer() {
  let waiting = null;
  MAP.on("mousemove", (event) => {
    if (waiting === null) requestAnimationFrame(() => { hoverAt(waiting); waiting = null; });
    waiting = event.containerPoint;
  });
  MAP.on("mouseout", () => { waiting = waiting && null; hoverAt(null); });
  MAP.on("click", (event) => {
    if (TOOLS.busy) return;
    const hits = hitsAt(event.containerPoint);
    hits.length ? openCard(hits, event.latlng) : closeCard();
  });
  const frame = MAP.getContainer();
  // the cross at the centre is for who comes by keys: Leaflet focuses the map for a pointer too
  frame.addEventListener("pointerdown", () => frame.classList.add("pointed"));
  frame.addEventListener("keydown", (event) => {
    frame.classList.remove("pointed");
    if (event.target !== frame) return;
    if (event.key === "Enter" && !TOOLS.busy) readCentre();
    if (event.key === "Escape") closeCard();
  });
}

function readCentre() {
  const middle = MAP.getSize().divideBy(2);
  const hits = hitsAt(middle);
  if (hits.length) openCard(hits, MAP.containerPointToLatLng(middle), true);
  else announce(W("nothing_here"));
}

function hoverAt(point) {
  if (TOOLS.busy) point = null;
  const hit = point ? hitsAt(point)[0] ?? null : null;
  const same = hit && hovered && hit.layer === hovered.layer && hit.i === hovered.i;
  MAP.getContainer().style.cursor = TOOLS.busy ? "crosshair" : hit ? "pointer" : "";
  if (!same) {
    hovered = hit;
    markSheet.redraw();
    emit("hover", hit);
  }
  showTip(hit, point);
}

// Say something to a screen reader.
function announce(text) {
  document.getElementById("live").textContent = text;
}
