// A dialog over the page.

import { el } from "./elements.js";
import { W } from "../text/words.js";

/** @param {string} word @param {...(Node | string)} parts */
export function openDialog(word, ...parts) {
  const dialog = el("dialog", { label: () => W(word) },
    el("header", {}, el("h2", { say: () => W(word) }),
      el("button", { type: "button", class: "card-close", label: () => W("close"), on: { click: () => dialog.close() } }, "×")),
    ...parts);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
