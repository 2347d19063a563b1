// Texts in the present language, and texts from data that cannot mislead.

import { PAGE } from "../page/page.js";
import { STATE } from "../page/state.js";

// Control signs, and those that turn the direction of writing: a reader sees that there is one.
const UNSEEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
export const FROM_RIGHT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

// A text from data so that it cannot turn round itself, or the words and numbers beside it.
/** @param {string} text */
export function legible(text) {
  const seen = text.replace(UNSEEN, "\ufffd");
  return FROM_RIGHT.test(seen) ? `\u2068${seen}\u2069` : seen;
}

// A text is {zh, en, ja}, or words that have no language.
/** @param {Words} text */
export function T(text) {
  if (text === null || text === undefined) return "";
  return legible(String(typeof text === "object" ? text[STATE.lang] ?? text.zh ?? text.en ?? "" : text));
}

/** @param {string} key */
export const W = (key) => T(PAGE.words[key]);

// A text of the catalogue with its gaps filled.
/** @param {string} text @param {Record<string, any>} values */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** @param {string} word @param {string} text */
export function labelled(word, text) {
  return `${W(word)}${W("colon")}${text}`;
}
