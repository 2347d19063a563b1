// Classes that are hidden and shown.

import { emit } from "../page/events.js";

/** @param {{legend: Legend}} given */
export const classesOf = ({ legend }) => Array.from({ length: legend.items.length + (legend.missing ? 1 : 0) }, (_, code) => code);
/** @param {Layer} layer @param {number} code */
export const isAlone = (layer, code) => classesOf(layer).every((one) => layer.hidden.has(one) === (one !== code));

/** @param {Layer} layer @param {number[]} codes */
export function hideClasses(layer, codes) {
  layer.hidden = new Set(codes);
  layer.redraw();
  emit("filter");
}
