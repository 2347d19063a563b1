// One pointer for all layers: pointing, clicking, and the cross at the centre for keys.

import { closeCard, openCard } from "../card/card.js";
import { showTip } from "../card/tip.js";
import { hitsAt } from "./hits.js";
import { MAP } from "./map.js";
import { markSheet } from "./sheets.js";
import { announce } from "../page/announce.js";
import { emit } from "../page/events.js";
import { STATE } from "../page/state.js";
import { W } from "../text/words.js";
import { TOOLS } from "../tools/busy.js";

export function watchPointer() {
  /** @type {any} */
  let waiting = null;
  MAP.on("mousemove", (event) => {
    if (waiting === null) requestAnimationFrame(() => { hoverAt(waiting); waiting = null; });
    waiting = event.containerPoint;
  });
  MAP.on("mouseout", () => { waiting = waiting && null; hoverAt(null); });
  MAP.on("click", (event) => {
    if (TOOLS.busy) return;
    const hits = hitsAt(event.containerPoint);
    hits.length ? openCard(hits, event.latlng) : closeCard();
  });
  const frame = MAP.getContainer();
  // the cross at the centre is for who comes by keys: Leaflet focuses the map for a pointer too
  frame.addEventListener("pointerdown", () => frame.classList.add("pointed"));
  frame.addEventListener("keydown", (event) => {
    frame.classList.remove("pointed");
    if (event.target !== frame) return;
    if (event.key === "Enter" && !TOOLS.busy) readCentre();
    if (event.key === "Escape") closeCard();
  });
}

function readCentre() {
  const middle = MAP.getSize().divideBy(2);
  const hits = hitsAt(middle);
  if (hits.length) openCard(hits, MAP.containerPointToLatLng(middle), true);
  else announce(W("nothing_here"));
}

/** @param {Point | null} point */
function hoverAt(point) {
  if (TOOLS.busy) point = null;
  const hit = point ? hitsAt(point)[0] ?? null : null;
  const same = hit && STATE.hovered && hit.layer === STATE.hovered.layer && hit.i === STATE.hovered.i;
  MAP.getContainer().style.cursor = TOOLS.busy ? "crosshair" : hit ? "pointer" : "";
  if (!same) {
    STATE.hovered = hit;
    markSheet.redraw();
    emit("hover", hit);
  }
  showTip(hit, point);
}
