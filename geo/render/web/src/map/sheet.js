// One canvas a layer, in its own pane, moved with the map and drawn again when it comes to rest.

import * as L from "#leaflet";
import { STATE } from "../page/state.js";
import { atStep } from "../time/steps.js";
import { penOf } from "../page/elements.js";

/** Methods of Leaflet that it does not declare. @type {any} */
const Renderer = L.Renderer.prototype;

/** @type {any} */
export const Sheet = L.Renderer.extend({
  /** @param {Layer | Layer[] | null} layer @param {Paint} paint @param {string} pane */
  initialize(layer, paint, pane) {
    this.layer = layer;
    this.paint = paint;
    Renderer.initialize.call(this, { pane, padding: 0.15 });
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._ctx = penOf(this._container);
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
    delete this._ctx;
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    Renderer._update.call(this);
    const size = this._bounds.getSize();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = Math.round(ratio * size.x);
    this._container.height = Math.round(ratio * size.y);
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._ratio = ratio;
    this._blank = true; // a canvas of a new size; one that nothing is drawn on costs next to nothing
    this.redraw();
  },

  // Leaflet would leave a canvas between two pixels, which blurs its words.
  /** @param {LatLng} centre @param {number} zoom */
  _updateTransform(centre, zoom) {
    Renderer._updateTransform.call(this, centre, zoom);
    if (zoom === this._zoom) L.DomUtil.setPosition(this._container, this._bounds.min);
  },

  redraw() {
    if (!this._map || !this._ctx || !this._bounds) return;
    const size = this._bounds.getSize();
    this._ctx.setTransform(1, 0, 0, 1, 0, 0);
    if (!this._blank) this._ctx.clearRect(0, 0, this._container.width, this._container.height);
    this._blank = false;
    this._ctx.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
    const corner = this._map.getPixelOrigin().add(this._bounds.min);
    const view = viewOf(this._map.getZoom(), corner, size, this._ratio);
    // a step of its own is that of one side while two times are compared
    const drawn = atStep(this.step ?? STATE.step, () => this.paint(this._ctx, view, this.layer));
    this._container.hidden = drawn === false; // a canvas that is seen costs, also a blank one
  },
});

// How world pixels become pixels of a canvas: x · scale − left, y · scale − top.
/** @param {number} zoom @param {Point} corner @param {XY} size @param {number} ratio */
export function viewOf(zoom, corner, size, ratio) {
  const scale = 2 ** zoom;
  return {
    zoom, scale, ratio,
    left: corner.x, top: corner.y, width: size.x, height: size.y,
    west: corner.x / scale, north: corner.y / scale,
    east: (corner.x + size.x) / scale, south: (corner.y + size.y) / scale,
  };
}
