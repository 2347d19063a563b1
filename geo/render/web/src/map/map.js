// The map: panes in the order of the layers.

import * as L from "#leaflet";
import { LAYERS } from "../data/layers.js";
import { CALM } from "../page/screen.js";

/** @type {import("leaflet").Map} */
export let MAP;

/** @param {HTMLElement} node */
export function makeMap(node) {
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
  for (const [name, z] of /** @type {[string, number][]} */ ([["ground", 205], ["labels", 560], ["mark", 540], ["notes", 570]])) {
    const pane = MAP.createPane(name);
    pane.style.zIndex = String(z);
    pane.style.pointerEvents = "none";
  }
  MAP.setView([39.3, 116.5], 7);
}
