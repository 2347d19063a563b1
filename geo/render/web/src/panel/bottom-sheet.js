// On a phone the panel is a sheet with three heights: dragged by its grip, tapped, or by keys.

import { byId, el } from "../page/elements.js";
import { isPhone } from "../page/screen.js";
import { W } from "../text/words.js";

const SHEETS = ["peek", "half", "full"];

const sheetNow = () => byId("app").dataset.sheet ?? "peek";

/** @param {string} wanted */
export function setSheet(wanted) {
  const app = byId("app"), panel = byId("panel");
  panel.style.height = "";
  app.dataset.sheet = wanted;
  byId("grip").setAttribute("aria-expanded", String(wanted !== "peek"));
  if (wanted === "peek") /** @type {Element} */ (panel.querySelector(".scroll")).scrollTop = 0;
}

export function makeGrip() {
  byId("app").dataset.sheet = "peek";
  const grip = el("button", { type: "button", id: "grip", "aria-expanded": "false", "aria-controls": "panel", label: () => W("panel") });
  /** @type {any} */
  let from = null; // where a drag began, how high the sheet was, and whether it has moved
  /** @param {PointerEvent} event */
  const start = (event) => {
    const panel = byId("panel");
    from = { y: event.clientY, high: panel.clientHeight, moved: false };
    grip.setPointerCapture(event.pointerId);
  };
  grip.addEventListener("pointerdown", start);
  grip.addEventListener("pointermove", (event) => {
    if (!from) return;
    const panel = byId("panel"), by = from.y - event.clientY;
    from.moved ||= Math.abs(by) > 6;
    if (!from.moved) return;
    panel.classList.add("dragged");
    panel.style.height = `${Math.max(90, Math.min(window.innerHeight * 0.92, from.high + by))}px`;
  });
  const end = () => {
    const panel = byId("panel");
    if (from?.moved) setSheet(nearestSheet(panel.clientHeight, from.high));
    else if (from) nextSheet();
    panel.classList.remove("dragged");
    from = null;
  };
  grip.addEventListener("pointerup", end);
  grip.addEventListener("pointercancel", end);
  grip.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by) setSheet(SHEETS[Math.max(0, Math.min(2, SHEETS.indexOf(sheetNow()) + by))]);
    else return;
    event.preventDefault();
  });
  // keys and screen readers click without a pointer
  grip.addEventListener("click", (event) => event.detail === 0 && nextSheet());
  watchPeek(grip);
  return grip;
}

const nextSheet = () => setSheet(SHEETS[(SHEETS.indexOf(sheetNow()) + 1) % 3]);

// The height a drag ends at: the next one in its direction once it is well on its way.
/** @param {number} high @param {number} before */
function nearestSheet(high, before) {
  const heights = [160, window.innerHeight * 0.46, window.innerHeight * 0.9];
  const lean = Math.sign(high - before) * 60;
  let best = 0;
  heights.forEach((one, at) => { if (Math.abs(one - high - lean) < Math.abs(heights[best] - high - lean)) best = at; });
  return SHEETS[best];
}

// While only its head peeks out, all of the sheet is a grip.
/** @param {HTMLElement} grip */
function watchPeek(grip) {
  /** @type {any} */
  let from = null;
  /** @param {PointerEvent} event */
  const inside = (event) => isPhone() && sheetNow() === "peek" && /** @type {Element} */ (event.target).closest("#panel .scroll");
  document.addEventListener("pointerdown", (event) => { from = inside(event) ? event.clientY : null; });
  document.addEventListener("pointermove", (event) => {
    if (from === null || from - event.clientY < 24) return;
    from = null;
    setSheet("half");
  });
  document.addEventListener("pointerup", (event) => {
    const tapped = from !== null && Math.abs(from - event.clientY) < 6 && !(/** @type {Element} */ (event.target)).closest("button, input, select, a, .plot");
    from = null;
    if (tapped) setSheet("half");
  });
  grip.addEventListener("focus", () => { from = null; });
}
