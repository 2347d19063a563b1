// One layer: its shapes in world pixels, which features are to be seen, and its cells on demand.

import * as L from "#leaflet";
import { joinArcs } from "./arcs.js";
import { decodeBlock, fromCurve } from "./decode.js";
import { WORLD, worldX, worldY } from "./mercator.js";
import { feature } from "../features.js";
import { KINDS } from "../layers/kinds.js";
import { PAGE } from "../page/page.js";
import { LANGUAGES, STATE } from "../page/state.js";
import { legible } from "../text/words.js";

export class DataLayer {
  /** Classes that the reader switched off in the legend. @type {Set<number>} */
  hidden = new Set();
  /** Least weight of flows to be seen. @type {number | null} */
  least = null;
  /** Its side when two layers are compared. @type {"left" | "right" | null} */
  side = null;
  /** @type {Packed | null} */
  shapes = null;
  /** @type {Promise<Columns> | null} */
  cells = null;
  /** Its cells, once they were asked for. @type {any} */
  ready;
  /** The class of each feature. @type {Uint32Array | any} */
  class;
  /** @type {Uint32Array | null} */
  stepOf = null;
  /** In quarters of a pixel. @type {Uint32Array | null} */
  radius = null;
  /** @type {Float64Array | any} */
  weight = null;
  /** World pixels of all vertices. @type {Float64Array | any} */
  x;
  /** @type {Float64Array | any} */
  y;
  /** Where each run begins. @type {Uint32Array | any} */
  runs;
  /** The first run of each feature. @type {Uint32Array | any} */
  first;
  /** West, north, east and south of each feature. @type {Float64Array | any} */
  boxes;
  /** @type {Record<string, Set<number>>} */
  gaps = {};
  /** @type {Map<any, number> | null} */
  rowOf = null;

  /** @param {LayerDef} def @param {number} at */
  constructor(def, at) {
    Object.assign(this, def);
    this.at = at;
    this.on = def.shown;
  }

  async load() {
    if (this.image) await KINDS.image.lay?.(this);
    if (!this.shapes) return;
    const found = await decodeBlock(this.shapes);
    this.shapes = null; // the text is not needed twice
    this.class = found.class ?? new Uint32Array(this.n);
    this.stepOf = found.time ?? null;
    this.radius = found.radius ?? null;
    this.weight = found.weight ?? null;
    if (found.ref) joinArcs(found);
    if (found.z) [found.x, found.y] = fromCurve(found.z, found.corner);
    if (this.kind === "flow") return KINDS.flow.lay?.(this, found);
    [this.x, this.y] = this.placed(found.x, found.y);
    if (found.len) this.index(/** @type {any} */ (found));
  }

  // On its canvas, and on that of the right side while two times are compared.
  redraw() {
    this.sheet?.redraw();
    this.twin?.redraw();
  }

  /** @param {ArrayLike<number>} x @param {ArrayLike<number>} y */
  placed(x, y) {
    const grid = this.grid ?? 1e5, n = x.length;
    const east = new Float64Array(n), south = new Float64Array(n);
    // a page that crosses 180° shows the western half of the world once more, east of the other
    const turned = PAGE.turned ? WORLD : 0;
    for (let i = 0; i < n; i++) {
      east[i] = worldX(x[i] / grid) + (x[i] < 0 ? turned : 0);
      south[i] = worldY(y[i] / grid);
    }
    return [east, south];
  }

  // Where the runs of each feature begin, and the box of each feature.
  /** @param {{len: ArrayLike<number>, own: ArrayLike<number>}} given */
  index({ len, own }) {
    this.runs = new Uint32Array(len.length + 1);
    for (let i = 0; i < len.length; i++) this.runs[i + 1] = this.runs[i] + len[i];
    this.first = new Uint32Array(this.n + 1);
    for (let i = 0; i < this.n; i++) this.first[i + 1] = this.first[i] + own[i];
    this.boxes = new Float64Array(this.n * 4);
    for (let i = 0; i < this.n; i++) {
      let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
      for (let v = this.runs[this.first[i]]; v < this.runs[this.first[i + 1]]; v++) {
        west = Math.min(west, this.x[v]);
        east = Math.max(east, this.x[v]);
        north = Math.min(north, this.y[v]);
        south = Math.max(south, this.y[v]);
      }
      this.boxes.set([west, north, east, south], i * 4);
    }
  }

  /** @param {number} i */
  seen(i) {
    if (this.least !== null && this.weight && this.weight[i] < this.least) return false;
    return this.chosen(i);
  }

  // Whether its class is switched on and its time has come.
  /** @param {number} i */
  chosen(i) {
    if (this.hidden.size && this.hidden.has(this.class[i])) return false;
    return this.inTime(i);
  }

  /** @param {number} i */
  inTime(i) {
    if (STATE.step === null || !this.stepOf) return true;
    const mine = this.stepOf[i];
    if (!mine) return false;
    const now = feature("time")?.place(this);
    return this.time?.until ? mine <= now : now.has(mine);
  }

  // Whether a feature stands back because others are singled out.
  /** @param {number} i */
  faded(i) {
    return STATE.marked !== null && STATE.marked.layer === this && !STATE.marked.set.has(i);
  }

  /** @param {number} i */
  colour(i) {
    return this.colours[this.class[i]];
  }

  // Cells are decoded when a reader first asks for one.
  async table() {
    if (!this.cells) this.cells = decodeBlock(this.data, true);
    this.ready = await this.cells;
    return this.ready;
  }

  /** @param {number} column @param {number} i */
  cell(column, i) {
    const how = this.columns[column];
    const name = `c${column}`;
    const values = this.ready[name];
    if (how.kind === "number") {
      if (how.missing) {
        this.gaps[name] ??= new Set(this.ready[`${name}-`]);
        if (this.gaps[name].has(i)) return null;
      }
      const value = values[i] + (how.base ?? 0);
      if (Number.isNaN(value)) return null;
      return how.scale === undefined ? value : value / 10 ** how.scale;
    }
    if (!how.coded) return values[i];
    const code = how.by_class ? how.by_class[this.class[i]] : this.ready[`${name}#`][i];
    return code ? values[code - 1] : null;
  }

  /** @param {number} i */
  name(i) {
    for (const code of [STATE.lang, "any", ...LANGUAGES.map(([code]) => code)]) {
      if (code in this.names) {
        const found = this.cell(this.names[code], i);
        if (found) return legible(found);
      }
    }
    return "";
  }

  /** @param {number} i */
  key(i) {
    return this.key_column === null ? String(i) : this.cell(this.key_column, i);
  }

  /** @param {any} key */
  async placeOf(key) {
    await this.table();
    if (!this.rowOf) {
      this.rowOf = new Map();
      for (let i = 0; i < this.n; i++) this.rowOf.set(this.key(i), i);
    }
    return this.rowOf.get(key) ?? -1;
  }

  // A point to which the map can be brought.
  /** @param {number} i */
  anchor(i) {
    if (!this.boxes) return L.CRS.EPSG3857.pointToLatLng(L.point(this.x[i], this.y[i]), 0);
    if (this.kind === "line" || this.kind === "flow") {
      const mid = (this.runs[this.first[i]] + this.runs[this.first[i] + 1]) >> 1;
      return L.CRS.EPSG3857.pointToLatLng(L.point(this.x[mid], this.y[mid]), 0);
    }
    const [west, north, east, south] = this.boxes.subarray(i * 4, i * 4 + 4);
    return L.CRS.EPSG3857.pointToLatLng(L.point((west + east) / 2, (north + south) / 2), 0);
  }

  // West, south, east, north of a feature, as Leaflet's bounds.
  /** @param {number} i */
  extent(i) {
    if (!this.boxes) return L.latLngBounds([this.anchor(i), this.anchor(i)]);
    const [west, north, east, south] = this.boxes.subarray(i * 4, i * 4 + 4);
    /** @param {number} x @param {number} y */
    const corner = (x, y) => L.CRS.EPSG3857.pointToLatLng(L.point(x, y), 0);
    return L.latLngBounds(corner(west, south), corner(east, north));
  }
}
