// The view in the address: place, layers, hidden classes, least flows, language, time, theme, open table.

import { openCard } from "../card/card.js";
import { LAYERS } from "../data/layers.js";
import { feature } from "../features.js";
import { MAP } from "../map/map.js";
import { toast } from "../page/announce.js";
import { on } from "../page/events.js";
import { KEPT, LANGUAGES, STATE } from "../page/state.js";
import { classesOf } from "../panel/class-filter.js";
import { W } from "../text/words.js";
import { SLIDER } from "../time/steps.js";
import { SWIPE } from "./swipe-state.js";

export function readAddress() {
  const found = new URLSearchParams(location.hash.slice(1));
  const code = found.get("lang");
  if (code && LANGUAGES.some(([one]) => one === code)) STATE.lang = code;
  const theme = found.get("theme");
  if (theme === "dark" || theme === "light") STATE.theme = theme;
  const shown = found.get("on");
  if (shown !== null) {
    const wanted = new Set(shown.split(","));
    for (const layer of LAYERS) layer.on = wanted.has(layer.id);
  }
  for (const part of (found.get("off") ?? "").split(",")) readHidden(part);
  for (const part of (found.get("least") ?? "").split(",")) readLeast(part);
  return found;
}

// The least weight of flows to be seen: a layer's id, a tilde, the weight.
/** @param {string} part */
function readLeast(part) {
  const cut = part.lastIndexOf("~");
  const layer = LAYERS.find((one) => one.id === part.slice(0, cut) && one.weights?.length > 1);
  if (layer) layer.least = Number(part.slice(cut + 1)) || null;
}

// Classes that are hidden: a layer's id, a tilde, their places in its legend.
/** @param {string} part */
function readHidden(part) {
  const cut = part.lastIndexOf("~");
  const layer = LAYERS.find((one) => one.id === part.slice(0, cut));
  if (!layer?.legend?.items) return;
  const wanted = new Set(part.slice(cut + 1).split("."));
  layer.hidden = new Set(classesOf(layer).filter((code) => wanted.has(String(code))));
}

/** @param {URLSearchParams} found */
export async function restore(found) {
  const [zoom, lat, lng] = (found.get("at") ?? "").split("/").map(Number);
  const isPlace = [zoom, lat, lng].every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lng) <= 360;
  if (isPlace && found.get("at")) MAP.setView([lat, lng], zoom, { animate: false });
  const step = SLIDER.steps.indexOf(found.get("time") ?? "");
  if (SLIDER.go && found.get("time") === "all") SLIDER.go(SLIDER.steps.length);
  else if (step >= 0 && SLIDER.go) SLIDER.go(step);
  feature("swipe")?.restore(found.get("swipe"));
  for (const [name, { read }] of Object.entries(KEPT)) if (found.has(name)) read(found.get(name) ?? "");
  const open = found.get("open") ?? "";
  const layer = LAYERS.find((one) => open.startsWith(`${one.id}~`));
  if (!layer?.n || !layer.sheet || layer.kind === "image") return; // nothing to open in it
  const i = await layer.placeOf(open.slice(layer.id.length + 1));
  if (i >= 0) openCard([{ layer, i }], layer.anchor(i));
}

export function addressOfView() {
  const centre = MAP.getCenter();
  const parts = new URLSearchParams();
  parts.set("at", `${Number(MAP.getZoom().toFixed(2))}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`);
  parts.set("on", LAYERS.filter((layer) => layer.on || layer.away).map((layer) => layer.id).join(","));
  const off = LAYERS.filter((layer) => layer.hidden.size).map((layer) => `${layer.id}~${[...layer.hidden].join(".")}`);
  if (off.length) parts.set("off", off.join(","));
  const least = LAYERS.filter((layer) => layer.least != null).map((layer) => `${layer.id}~${layer.least}`);
  if (least.length) parts.set("least", least.join(","));
  parts.set("lang", STATE.lang);
  if (STATE.theme !== "auto") parts.set("theme", STATE.theme);
  if (STATE.step !== null) parts.set("time", SLIDER.steps[STATE.step]);
  else if (SLIDER.first != null) parts.set("time", "all"); // the page opens with one
  if (SWIPE.x !== null) parts.set("swipe", [...SWIPE.sides, Math.round((100 * SWIPE.x) / MAP.getSize().x)].join("~"));
  for (const [name, { write }] of Object.entries(KEPT)) {
    const text = write();
    if (text) parts.set(name, text);
  }
  const hit = STATE.card?.hits[STATE.card.at];
  const key = hit?.layer.ready ? hit.layer.key(hit.i) : null; // a sum of flows has none
  if (hit && key !== null) parts.set("open", `${hit.layer.id}~${key}`);
  return parts.toString();
}

export function keepAddress() {
  /** @type {any} */
  let timer = null;
  const write = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // a page inside a notebook has no address of its own
      try { history.replaceState(null, "", `#${addressOfView()}`); } catch { /* left as it is */ }
    }, 250);
  };
  MAP.on("moveend", write);
  for (const event of ["layers", "filter", "language", "time", "theme", "card", "swipe", "rows"]) on(event, write);
  // another link to this page, opened where it is open already
  addEventListener("hashchange", () => location.hash.includes("=") && location.reload());
}

export async function copyLink() {
  const address = `${location.href.split("#")[0]}#${addressOfView()}`;
  try {
    history.replaceState(null, "", `#${addressOfView()}`);
    await navigator.clipboard.writeText(address);
  } catch { /* the address bar has it */ }
  toast(W("link_done"));
}
