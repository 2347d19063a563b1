// Numbers as the present language writes them.

import { STATE, tagOf } from "../page/state.js";
import { T } from "./words.js";

const formats = new Map(); // the browser takes its time to make one, so whole numbers go without

/** @param {any} value @param {number | null} [decimals] */
export function number(value, decimals) {
  const small = decimals === null || decimals === undefined;
  if (Number.isSafeInteger(value) && !decimals) {
    const digits = String(value);
    return Math.abs(value) < 10_000 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ",");
  }
  /** @type {any} */
  const options = { useGrouping: "min2" };
  if (!small) {
    options.minimumFractionDigits = decimals;
    options.maximumFractionDigits = decimals;
  } else if (value !== 0 && Math.abs(value) < 0.01) {
    options.maximumSignificantDigits = 3;
  } else {
    options.maximumFractionDigits = 3;
  }
  const key = STATE.lang + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(tagOf(STATE.lang), options));
  return formats.get(key).format(value);
}

/** @param {string} text @param {Words} unit */
export const withUnit = (text, unit) => (T(unit) ? `${text} ${T(unit)}` : text);
