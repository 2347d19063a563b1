// The part of Leaflet that only online basemaps need; package.json maps "#leaflet-tiles" to this.

export { TileLayer } from "leaflet/src/layer/tile/TileLayer.js";
