// Light or dark.

import { readInk } from "../layers/ink.js";
import { shadeLayers } from "./shades.js";
import { redrawAll } from "./sheets.js";
import { emit } from "../page/events.js";
import { isDark } from "../page/screen.js";
import { STATE } from "../page/state.js";

export function applyTheme() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  readInk();
  shadeLayers();
  redrawAll();
}

export function toggleTheme() {
  STATE.theme = isDark() ? "light" : "dark";
  applyTheme();
  emit("theme");
}
