// Words for a screen reader, and a short note on the map.

import { byId, el } from "./elements.js";

// Say something to a screen reader.
/** @param {string} text */
export function announce(text) {
  byId("live").textContent = text;
}

/** @param {string} text */
export function toast(text) {
  const note = el("p", { class: "toast" }, text);
  byId("stage").append(note);
  announce(text);
  setTimeout(() => note.remove(), 2600);
}
