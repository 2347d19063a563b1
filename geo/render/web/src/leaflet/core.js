// The parts of Leaflet that every page needs; package.json maps "#leaflet" to this in the bundle.
// Controls, popups, markers and vectors stay out: the page makes its own.

import { EPSG3857 } from "leaflet/src/geo/crs/CRS.EPSG3857.js";

export { map } from "leaflet/src/map/index.js";
export { DomEvent, DomUtil } from "leaflet/src/dom/index.js";
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { toBounds as bounds } from "leaflet/src/geometry/Bounds.js";
export { toPoint as point } from "leaflet/src/geometry/Point.js";
export { Renderer } from "leaflet/src/layer/vector/Renderer.js";

export const CRS = { EPSG3857 };
