// Words for a screen reader, and a short note on the map.

import { el } from "./elements.js";

// Say something to a screen reader.
export function announce(text) {
  document.getElementById("live").textContent = text;
}

export function toast(text) {
  const note = el("p", { class: "toast" }, text);
  document.getElementById("stage").append(note);
  announce(text);
  setTimeout(() => note.remove(), 2600);
}
