// The table that a click opens. All cells are shown as text.

import * as L from "#leaflet";
import { cellWords } from "./cells.js";
import { tip } from "./tip.js";
import { MAP } from "../map/map.js";
import { markSheet } from "../map/sheets.js";
import { el } from "../page/elements.js";
import { emit, on } from "../page/events.js";
import { CALM, isPhone } from "../page/screen.js";
import { STATE } from "../page/state.js";
import { shortened } from "../text/lines.js";
import { legible, T, W } from "../text/words.js";
import { SWIPE } from "../tools/swipe-state.js";

/** @type {any} */
let card;

/** @param {HTMLElement} parent */
export function makeCard(parent) {
  card = el("section", { id: "card", role: "dialog", "aria-labelledby": "card-name", hidden: true, tabindex: "-1" });
  card.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") closeCard();
    event.stopPropagation();
  });
  L.DomEvent.disableClickPropagation(card);
  L.DomEvent.disableScrollPropagation(card);
  parent.append(card);
  MAP.on("move zoom viewreset resize", placeCard);
  on("language", () => STATE.card && fillCard());
  for (const event of ["layers", "filter", "time"]) on(event, closeLost);
  MAP.on("zoomend", () => requestAnimationFrame(closeLost)); // flows are merged anew
}

// A table of what is on the map no more says nothing.
function closeLost() {
  if (!STATE.card || SWIPE.steps) return;
  const { layer, i } = STATE.card.hits[STATE.card.at];
  if (!layer.on || layer.stale?.() || !layer.seen(i)) closeCard();
}

/** @param {Hits} hits @param {LatLng} latlng @param {boolean} [focus] */
export async function openCard(hits, latlng, focus = false) {
  STATE.card = { hits, at: 0, latlng, back: focus ? /** @type {HTMLElement | null} */ (document.activeElement) : null };
  await Promise.all(hits.map(({ layer }) => layer.table()));
  if (STATE.card?.hits !== hits) return;
  fillCard();
  card.hidden = false;
  tip.hidden = true;
  placeCard();
  keepInSight(latlng);
  markSheet.redraw();
  emit("card", hits[0]);
  if (focus) card.focus();
}

export function closeCard() {
  if (!STATE.card) return;
  const { back } = STATE.card, held = card.contains(document.activeElement);
  STATE.card = null;
  card.hidden = true;
  markSheet.redraw();
  emit("card", null);
  if (held) (back ?? MAP.getContainer()).focus({ preventScroll: true });
}

/** @param {number} by */
function turnCard(by) {
  if (!STATE.card) return;
  const { hits } = STATE.card;
  STATE.card.at = (STATE.card.at + by + hits.length) % hits.length;
  fillCard();
  placeCard();
  markSheet.redraw();
  emit("card", hits[STATE.card.at]);
}

function fillCard() {
  if (!STATE.card) return;
  const { hits, at } = STATE.card;
  const { layer, i } = hits[at];
  const held = [...card.querySelectorAll("button")].indexOf(document.activeElement);
  const name = layer.name(i) || W("unnamed");
  const others = Object.keys(layer.names).filter((code) => code !== "any" && code !== STATE.lang);
  const also = [...new Set(others.map((code) => layer.cell(layer.names[code], i)))].filter(Boolean).map(legible).filter((one) => one !== name);
  const rows = layer.fields.filter((/** @type {Field} */ { lang }) => !lang || lang === STATE.lang).map((/** @type {Field} */ field) =>
    el("tr", {}, el("th", { scope: "row", dir: "auto" }, T(field.label)),
      el("td", { dir: "auto", class: typeof layer.cell(field.column, i) === "number" ? "number" : null },
        cellWords(field, layer.cell(field.column, i), layer.columns[field.column]?.kind === "flag"))));
  card.replaceChildren(
    el("header", {},
      el("p", { class: "card-layer" }, el("i", { class: "dot" }), T(layer.title)),
      el("div", { class: "card-turn" },
        ...(hits.length > 1 ? [
          el("button", { type: "button", label: () => W("card_before"), on: { click: () => turnCard(-1) } }, "‹"),
          el("span", {}, `${at + 1}/${hits.length}${hits.more ? "+" : ""}`),
          el("button", { type: "button", label: () => W("card_next"), on: { click: () => turnCard(1) } }, "›"),
        ] : []),
        el("button", { type: "button", class: "card-close", label: () => W("close"), on: { click: closeCard } }, "×"))),
    el("h2", { id: "card-name", dir: "auto" }, shortened(name, 200)),
    ...(also.length ? [el("p", { class: "card-also", dir: "auto" }, shortened(also.join(" · "), 200))] : []),
    ...(rows.length ? [el("table", {}, el("tbody", {}, ...rows))] : []));
  card.querySelector(".dot").style.background = layer.colour(i);
  card.querySelectorAll("button")[held]?.focus({ preventScroll: true }); // its buttons are new ones
}

// On a phone the table covers the lower part of the map: what was tapped there moves up.
/** @param {LatLng} latlng */
function keepInSight(latlng) {
  if (!isPhone()) return;
  const top = card.getBoundingClientRect().top - MAP.getContainer().getBoundingClientRect().top;
  const below = MAP.latLngToContainerPoint(latlng).y - (top - 48);
  if (below > 0) MAP.panBy([0, below], { animate: !CALM });
}

// Beside its feature, inside the map; on a phone it is docked by the style sheet.
function placeCard() {
  if (!STATE.card || card.hidden || isPhone()) return;
  const at = MAP.latLngToContainerPoint(STATE.card.latlng);
  const size = MAP.getSize();
  const box = card.getBoundingClientRect();
  const right = at.x + 16 + box.width < size.x - 60;
  const left = right ? at.x + 16 : at.x - 16 - box.width;
  card.style.left = `${Math.max(8, Math.min(left, size.x - box.width - 8))}px`;
  card.style.top = `${Math.max(8, Math.min(at.y - 40, size.y - box.height - 34))}px`;
}
