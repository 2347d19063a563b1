// Online basemaps: off until the reader chooses one; nothing is asked for before that.

import { bounds as boundsOf } from "#leaflet";
import { TileLayer } from "#leaflet-tiles";
import { gcj02 } from "./gcj02.js";
import { LAYERS } from "../data/layers.js";
import { register } from "../features.js";
import { MAP } from "../map/map.js";
import { switchLayer } from "../map/sheets.js";
import { el } from "../page/elements.js";
import { emit } from "../page/events.js";
import { PAGE } from "../page/page.js";
import { T, W } from "../text/words.js";

/** Methods of Leaflet that it does not declare. @type {any} */
const Tiles = TileLayer.prototype;

// Tiles in GCJ-02 stand half a kilometre off; the offset hardly changes over a screen, so all are
// moved by that of the map's middle.
const ShiftedTiles = TileLayer.extend({
  /** @param {number} zoom */
  shift(zoom) {
    const { lat, lng } = this._map.getCenter();
    return this._map.project(gcj02(lat, lng), zoom).subtract(this._map.project([lat, lng], zoom));
  },
  /** @param {LatLng} centre */
  _getTiledPixelBounds(centre) {
    const bounds = Tiles._getTiledPixelBounds.call(this, centre);
    const by = this.shift(this._tileZoom);
    return boundsOf(bounds.min.add(by), bounds.max.add(by));
  },
  /** @param {import("leaflet").Coords} coords */
  _getTilePos(coords) {
    return Tiles._getTilePos.call(this, coords).subtract(this.shift(coords.z).round());
  },
});

/** @type {{on: BasemapDef | null, layers: any[]}} */
const BASE = { on: null, layers: [] };

function makeBasemaps() {
  const key = el("input", { type: "text", autocomplete: "off", spellcheck: "false", label: () => W("basemap_key") });
  try { key.value = localStorage.getItem("jjj-tianditu-key") ?? ""; } catch { /* no storage here */ }
  const box = el("p", { class: "key-box", hidden: true }, key);
  const note = el("p", { class: "hint", say: () => (BASE.on ? BASE.on.attribution : W("basemap_say")) });
  const pick = el("select", { label: () => W("basemaps") },
    el("option", { value: "", say: () => W("basemap_none") }),
    ...PAGE.basemaps.map((one, at) => el("option", { value: at, say: () => T(one.title) })));
  const change = () => {
    const one = PAGE.basemaps[Number(pick.value || -1)] ?? null;
    box.hidden = !one?.needs_key;
    try { if (one?.needs_key) localStorage.setItem("jjj-tianditu-key", key.value); } catch { /* no storage here */ }
    showBasemap(one, key.value.trim());
    note._say();
  };
  pick.addEventListener("change", change);
  key.addEventListener("change", change);
  return el("section", { class: "basemaps" }, el("h2", { say: () => W("basemaps") }), pick, box, note);
}

/** @param {BasemapDef | null} one @param {string} key */
function showBasemap(one, key) {
  for (const layer of BASE.layers) layer.remove();
  BASE.layers = [];
  BASE.on = one && (!one.needs_key || key) ? one : null;
  if (one && BASE.on) {
    /** @type {any} */
    const kind = one.datum === "gcj02" ? ShiftedTiles : TileLayer;
    BASE.layers = one.urls.map((url) => new kind(url, {
      subdomains: one.servers || "a", key: encodeURIComponent(key), maxNativeZoom: one.max_zoom, maxZoom: 18, opacity: 0.85, referrerPolicy: "strict-origin-when-cross-origin",
    }).addTo(MAP));
  }
  // our own ground would cover the tiles
  /** @type {HTMLElement} */ (MAP.getPane("ground")).hidden = Boolean(BASE.on);
  for (const layer of LAYERS.filter((one) => one.style?.base)) {
    if (BASE.on ? !layer.on : !layer.away) continue;
    layer.away = Boolean(BASE.on); // a link brings it back, since it brings no basemap
    switchLayer(layer, !BASE.on);
  }
  emit("basemap");
}

register("basemaps", { make: makeBasemaps, shown: () => BASE.on, gcj02 });
