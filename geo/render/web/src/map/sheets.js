// The canvases of all layers, switched on and off and drawn again.

import { LABELS, LAYERS } from "../data/layers.js";
import { worldX, worldY } from "../data/mercator.js";
import { feature } from "../features.js";
import { INK } from "../layers/ink.js";
import { KINDS } from "../layers/kinds.js";
import { paintLabels } from "../layers/labels.js";
import { MAP } from "./map.js";
import { paintMark } from "./mark.js";
import { Sheet } from "./sheet.js";
import { emit } from "../page/events.js";
import { PAGE } from "../page/page.js";

/** @type {any} */
let labelSheet;
/** @type {any} */
export let markSheet;
/** @type {any} */
let groundSheet;
/** @type {any} */
let noteSheet;

// Beyond the box of the neighbours nothing is known, not even whether it is sea.
/** @param {Pen} ctx @param {View} view */
export function paintGround(ctx, view) {
  const [west, south, east, north] = /** @type {Box} */ (PAGE.ground);
  const x = worldX(west) * view.scale - view.left, y = worldY(north) * view.scale - view.top;
  ctx.fillStyle = INK.sea;
  ctx.fillRect(x, y, (worldX(east) - worldX(west)) * view.scale, (worldY(south) - worldY(north)) * view.scale);
}

export function makeSheets() {
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
  if (feature("notes")) noteSheet = new Sheet(null, feature("notes")?.paint, "notes").addTo(MAP);
  // the upper label layers are placed first
  if (LABELS.length) labelSheet = new Sheet([...LABELS].reverse(), paintLabels, "labels").addTo(MAP);
  markSheet = new Sheet(null, paintMark, "mark").addTo(MAP);
}

/** @param {Layer} layer @param {boolean} wanted */
export function switchLayer(layer, wanted) {
  layer.on = wanted;
  if (layer.sheet) wanted ? MAP.addLayer(layer.sheet) : MAP.removeLayer(layer.sheet);
  redrawWords();
  emit("layers");
}

function redrawWords() {
  noteSheet?.redraw();
  labelSheet?.redraw();
}

export function redrawAll() {
  for (const layer of LAYERS) if (layer.on) layer.redraw();
  groundSheet?.redraw();
  redrawWords();
  markSheet?.redraw();
  feature("overview")?.paint();
}
