// The language of the page, changed while it is open.

import { emit } from "./events.js";
import { PAGE } from "./page.js";
import { STATE, tagOf } from "./state.js";
import { T } from "../text/words.js";

/** @param {string} code */
export function setLanguage(code) {
  STATE.lang = code;
  document.documentElement.lang = tagOf(code);
  document.title = T(PAGE.title);
  for (const node of document.querySelectorAll("[data-say]")) node._say();
  for (const node of document.querySelectorAll("[data-say-label]")) node._sayLabel();
  emit("language");
}
