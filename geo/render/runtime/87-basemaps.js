// Online basemaps: off until the reader chooses one; nothing is asked for before that.

const GCJ = { a: 6378245, ee: 0.00669342162296594323 };

// GCJ-02 from WGS 84, the public formula; used to shift tiles, never data.
function gcj02(lat, lng) {
  const x = lng - 105, y = lat - 35, { sin, cos, sqrt, abs, PI } = Math;
  const waves = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves;
  north += (20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2 / 3 + (160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2 / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves;
  east += (20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2 / 3 + (150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2 / 3;
  const rad = (lat * PI) / 180;
  const magic = 1 - GCJ.ee * sin(rad) ** 2;
  return [
    lat + (north * 180) / (((GCJ.a * (1 - GCJ.ee)) / (magic * sqrt(magic))) * PI),
    lng + (east * 180) / ((GCJ.a / sqrt(magic)) * cos(rad) * PI),
  ];
}

// Tiles in GCJ-02 stand half a kilometre off; the offset hardly changes over a screen, so all are
// moved by that of the map's middle.
const ShiftedTiles = L.TileLayer.extend({
  shift(zoom) {
    const { lat, lng } = this._map.getCenter();
    return this._map.project(gcj02(lat, lng), zoom).subtract(this._map.project([lat, lng], zoom));
  },
  _getTiledPixelBounds(centre) {
    const bounds = L.TileLayer.prototype._getTiledPixelBounds.call(this, centre);
    const by = this.shift(this._tileZoom);
    return L.bounds(bounds.min.add(by), bounds.max.add(by));
  },
  _getTilePos(coords) {
    return L.TileLayer.prototype._getTilePos.call(this, coords).subtract(this.shift(coords.z).round());
  },
});

const BASE = { on: null, layers: [] };

function makeBasemaps() {
  if (!PAGE.basemaps.length) return null;
  const key = el("input", { type: "text", autocomplete: "off", spellcheck: "false", label: () => W("basemap_key") });
  try { key.value = localStorage.getItem("jjj-tianditu-key") ?? ""; } catch { /* no storage here */ }
  const box = el("p", { class: "key-box", hidden: true }, key);
  const note = el("p", { class: "hint", say: () => (BASE.on ? BASE.on.attribution : W("basemap_say")) });
  const pick = el("select", { label: () => W("basemaps") },
    el("option", { value: "", say: () => W("basemap_none") }),
    ...PAGE.basemaps.map((one, at) => el("option", { value: at, say: () => T(one.title) })));
  const change = () => {
    const one = PAGE.basemaps[pick.value] ?? null;
    box.hidden = !one?.needs_key;
    try { if (one?.needs_key) localStorage.setItem("jjj-tianditu-key", key.value); } catch { /* no storage here */ }
    showBasemap(one, key.value.trim());
    note._say();
  };
  pick.addEventListener("change", change);
  key.addEventListener("change", change);
  return el("section", { class: "basemaps" }, el("h2", { say: () => W("basemaps") }), pick, box, note);
}

function showBasemap(one, key) {
  for (const layer of BASE.layers) layer.remove();
  BASE.layers = [];
  BASE.on = one && (!one.needs_key || key) ? one : null;
  if (BASE.on) {
    const kind = one.datum === "gcj02" ? ShiftedTiles : L.TileLayer;
    BASE.layers = one.urls.map((url) => new kind(url, {
      subdomains: one.servers || "a", key: encodeURIComponent(key), maxNativeZoom: one.max_zoom, maxZoom: 18, opacity: 0.85, referrerPolicy: "strict-origin-when-cross-origin",
    }).addTo(MAP));
  }
  // our own ground would cover the tiles
  MAP.getPane("ground").hidden = Boolean(BASE.on);
  for (const layer of LAYERS.filter((one) => one.style?.base)) {
    if (BASE.on ? !layer.on : !layer.away) continue;
    layer.away = Boolean(BASE.on); // a link brings it back, since it brings no basemap
    switchLayer(layer, !BASE.on);
  }
  emit("basemap");
}
