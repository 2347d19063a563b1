// Buttons on the map.

import * as L from "#leaflet";
import { feature } from "../features.js";
import { MAP } from "../map/map.js";
import { toggleTheme } from "../map/theme.js";
import { showBox } from "../map/view.js";
import { el, icon, isSeen } from "../page/elements.js";
import { W } from "../text/words.js";
import { openDownloads } from "./download.js";
import { toggleMeasure } from "./measure.js";
import { copyLink } from "./permalink.js";
import { savePicture } from "./picture.js";

/** @param {string} word @param {Node} drawing @param {() => void} action @param {string | null} [id] */
function toolButton(word, drawing, action, id = null) {
  return el("button", { type: "button", id, named: () => W(word), on: { click: action } }, drawing, el("span", { class: "word", "aria-hidden": "true", say: () => W(word) }));
}

export function makeTools() {
  const swipe = feature("swipe");
  const rest = el("div", { id: "more-tools" },
    document.fullscreenEnabled ? toolButton("fullscreen", icon("M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4"), toggleFullscreen, "fullscreen") : null,
    toolButton("measure", icon("M3 14L14 3l3 3L6 17z", "M6 11l2 2M9 8l2 2M12 5l2 2"), toggleMeasure, "measure"),
    swipe ? toolButton("swipe", icon("M10 3v14M3 6h4v8H3zM13 6h4v8h-4z"), swipe.toggle, "swipe") : null,
    toolButton("link", icon("M8 12l4-4M9 6l2-2a3 3 0 0 1 5 5l-2 2M11 14l-2 2a3 3 0 0 1-5-5l2-2"), copyLink),
    toolButton("picture", icon("M3 5h14v10H3zM3 13l4-4 4 4 2-2 4 3"), savePicture),
    toolButton("print", icon("M6 8V3h8v5M6 14H3V8h14v6h-3M6 12h8v5H6z"), () => window.print()),
    toolButton("download_data", icon("M10 3v9M6 9l4 4 4-4M4 16h12"), openDownloads),
    toolButton("theme", icon("M10 3a7 7 0 1 0 0 14z", "M10 3a7 7 0 0 1 0 14"), toggleTheme, "theme"));
  const more = toolButton("more", icon("M4 9.2a.8.8 0 1 0 .01 0zM10 9.2a.8.8 0 1 0 .01 0zM16 9.2a.8.8 0 1 0 .01 0z"), () => unfold(!rest.classList.contains("open")), "more");
  /** @param {boolean} wanted */
  const unfold = (wanted) => {
    rest.classList.toggle("open", wanted);
    more.setAttribute("aria-expanded", String(wanted));
    if (wanted) /** @type {HTMLElement} */ (rest.querySelector("button")).focus(/** @type {FocusOptions} */ ({ focusVisible: false }));
    else if (isSeen(more)) stopAt(more);
  };
  more.setAttribute("aria-expanded", "false");
  more.setAttribute("aria-controls", "more-tools");
  const bar = el("div", { id: "tools", role: "toolbar", label: () => W("tools") },
    toolButton("zoom_in", icon("M10 4v12M4 10h12"), () => MAP.zoomIn(1)),
    toolButton("zoom_out", icon("M4 10h12"), () => MAP.zoomOut(1)),
    toolButton("home", icon("M3 10l7-6 7 6M5 9v7h10V9"), () => showBox()),
    more, rest);
  const buttons = [...bar.querySelectorAll("button")];
  /** @param {HTMLElement} one */
  const stopAt = (one) => { for (const button of buttons) button.tabIndex = button === one ? 0 : -1; };
  walkTools(bar, buttons, stopAt);
  // the folded tools of a phone close once one is taken, and like any menu
  rest.addEventListener("click", () => unfold(false));
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !rest.classList.contains("open")) return;
    unfold(false);
    more.focus();
  });
  bar.addEventListener("focusout", (event) => bar.contains(/** @type {Node | null} */ (event.relatedTarget)) || unfold(false));
  const whole = bar.querySelector("#fullscreen");
  if (whole) document.addEventListener("fullscreenchange", () => whole.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
  L.DomEvent.disableClickPropagation(bar);
  return bar;
}

// One stop of the tab key: arrows go from tool to tool.
/** @param {HTMLElement} bar @param {HTMLElement[]} buttons @param {(one: any) => void} stopAt */
function walkTools(bar, buttons, stopAt) {
  stopAt(buttons[0]);
  bar.addEventListener("focusin", (event) => stopAt(event.target));
  bar.addEventListener("keydown", (event) => {
    const seen = buttons.filter(isSeen), at = seen.indexOf(/** @type {any} */ (document.activeElement)), last = seen.length - 1;
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    seen[Math.max(0, Math.min(last, next))].focus();
  });
}

function toggleFullscreen() {
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
}
