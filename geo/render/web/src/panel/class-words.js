// What the legend says about classes and kinds.

import { STATE } from "../page/state.js";
import { number, withUnit } from "../text/numbers.js";
import { T, W } from "../text/words.js";

// What the legend says about a feature's colour.
/** @param {Layer} layer @param {number} i */
export function classWords(layer, i) {
  const legend = layer.legend;
  if (legend.kind !== "categories" && legend.kind !== "classes") return T(layer.title);
  const item = legend.items[layer.class[i]];
  return item ? itemWords(legend, item) : T(legend.missing_label) || W("no_data");
}

/** @param {Legend} legend @param {Item} item */
export function itemWords(legend, item) {
  if (item.label !== undefined) return T(item.label);
  return withUnit(rangeWords(legend, item), legend.unit);
}

/** @param {Words} unit */
export const unitWords = (unit) => (T(unit) ? (STATE.lang === "en" ? ` (${T(unit)})` : `（${T(unit)}）`) : "");

/** @param {Legend} legend @param {Item} item */
export const bareWords = (legend, item) => (item.label === undefined ? rangeWords(legend, item) : T(item.label));

// A class of one value is that value.
/** @param {Legend} given1 @param {Item} given2 */
export function rangeWords({ decimals }, { from, to }) {
  return from === to ? number(to, decimals) : `${number(from, decimals)} – ${number(to, decimals)}`;
}
