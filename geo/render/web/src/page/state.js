// What state the page is in.

import { PAGE } from "./page.js";

// Each with its name, its tag and what parts things in a list, in the order in which they are offered.
export const LANGUAGES = PAGE.languages;

/** @type {State} */
export const STATE = {
  lang: PAGE.lang,
  theme: "auto",
  step: null, // position on the time slider; null shows all times
  card: null, // what the open table is about: {hits, at}
  hovered: null, // the feature under the pointer: {layer, i}
  marked: null, // features that a chart singles out: {layer, set}
};

// What modules keep in the address: by its name there, how to write it and how to bring it back.
/** @type {Record<string, {write(): string, read(text: string): void}>} */
export const KEPT = {};

/** @param {string} code */
export const languageOf = (code) => /** @type {LanguageDef} */ (LANGUAGES.find(([one]) => one === code));

/** @param {string} code */
export const tagOf = (code) => languageOf(code)[2];
