// The language of the page, changed while it is open.

import { emit } from "./events.js";
import { PAGE } from "./page.js";
import { LANGUAGES, STATE } from "./state.js";
import { T } from "../text/words.js";

export function setLanguage(code) {
  STATE.lang = code;
  document.documentElement.lang = LANGUAGES.find(([one]) => one === code)[2];
  document.title = T(PAGE.title);
  for (const node of document.querySelectorAll("[data-say]")) node._say();
  for (const node of document.querySelectorAll("[data-say-label]")) node._sayLabel();
  emit("language");
}
