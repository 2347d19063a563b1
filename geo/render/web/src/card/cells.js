// A cell of a table in words.

import { number, withUnit } from "../text/numbers.js";
import { legible, T, W } from "../text/words.js";

/** @param {Field} field @param {any} value @param {boolean} flag */
export function cellWords(field, value, flag) {
  if (value === null || value === undefined || value === "") return "—";
  if (Object.hasOwn(field.words, value)) return T(field.words[value]);
  if (flag) return W(value === "true" ? "yes" : "no");
  if (typeof value === "number") return field.grouped === false ? String(value) : withUnit(number(value, field.decimals), field.unit);
  return field.made ? value : legible(value.replace(MOMENT, (/** @type {string} */ _, /** @type {string} */ day, /** @type {string} */ clock, /** @type {string} */ zone) => `${day}${/[1-9]/.test(clock) ? ` ${clock}${zone}` : ""}`));
}

// A moment as a reader writes it: no fraction of a second, no midnight.
const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::(?!00)\d\d)?)(?::00)?(?:\.\d+)?((?:Z|[+-]\d\d:?\d\d)?)$/;
