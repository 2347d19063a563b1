// Search over the names of all layers, in all their languages at once.

import { openCard } from "../card/card.js";
import { LAYERS } from "../data/layers.js";
import { MAP } from "../map/map.js";
import { switchLayer } from "../map/sheets.js";
import { margins } from "../map/view.js";
import { announce } from "../page/announce.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { isPhone } from "../page/screen.js";
import { setSheet } from "../panel/bottom-sheet.js";
import { hideClasses } from "../panel/class-filter.js";
import { shortened } from "../text/lines.js";
import { number } from "../text/numbers.js";
import { filled, T, W } from "../text/words.js";
import { SLIDER } from "../time/steps.js";

const MOST_MATCHES = 40;

// Without case, width, accents, apostrophes, marks between words and signs that nobody sees:
// xiongan finds Xiong'an. A text of nothing but such signs stays as it is.
/** @param {string} text */
export const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f'’‘ʼ\p{Cf}]/gu, "").normalize("NFKC").toLowerCase()
  .replace(/(?:\s|[^\P{P}_])+/gu, " ").trim() || text.trim();

/** @param {HTMLElement} parent */
export function makeFinder(parent) {
  const searchable = LAYERS.filter((layer) => layer.kind !== "label" && !layer.style?.base && Object.keys(layer.names ?? {}).length && layer.n);
  if (!searchable.length) return;
  const field = el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", "aria-controls": "found", label: () => W("search") });
  const list = el("ul", { id: "found", label: () => W("search"), hidden: true });
  const hint = () => { field.placeholder = W("search_hint"); };
  on("language", hint);
  hint();
  /** @type {any} */
  let timer = null;
  let turn = 0;
  field.addEventListener("focus", () => isPhone() && setSheet("full"));
  const find = async () => {
    clearTimeout(timer);
    const mine = ++turn;
    const matches = await search(searchable, field.value);
    if (mine === turn) showMatches(list, matches);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 120);
  });
  field.addEventListener("keydown", async (event) => {
    if (event.isComposing) return; // Enter and arrows belong to the writing of Chinese and Japanese
    if (event.key === "Escape") { field.value = ""; find(); }
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    if (event.key === "Enter") await find();
    const first = list.querySelector("button");
    event.key === "Enter" ? first?.click() : first?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {any} */ (document.activeElement));
    if (event.key === "ArrowDown") buttons[Math.min(at + 1, buttons.length - 1)].focus();
    else if (event.key === "ArrowUp") (at > 0 ? buttons[at - 1] : field).focus();
    else if (event.key === "Escape") field.focus();
    else return;
    event.preventDefault();
  });
  parent.append(field, list);
}

// Names of a layer, folded once.
/** @param {Layer} layer */
async function namesOf(layer) {
  await layer.table();
  if (!layer.folded) {
    const columns = Object.values(layer.names);
    layer.folded = Array.from({ length: layer.n }, (_, i) => columns.map((one) => folded(layer.cell(one, i) ?? "")).join("\n"));
  }
  return layer.folded;
}

// How well a name fits: whole, from its start, from the start of a word, somewhere; null when a word is missing.
/** @param {string} names @param {string[]} words */
export function fitOf(names, words) {
  if (!words.every((one) => names.includes(one))) return null;
  const lines = `\n${names}\n`, whole = words.join(" ");
  return [`\n${whole}\n`, `\n${whole}`, ` ${whole}`, ""].findIndex((one) => lines.includes(one));
}

/** @param {Layer[]} layers @param {string} text */
export async function search(layers, text) {
  const words = folded(text).split(" ");
  if (!words[0]) return null;
  /** @type {Hit[][]} */
  const fits = [[], [], [], []];
  for (const layer of layers) {
    (await namesOf(layer)).forEach((names, i) => {
      const fit = fits[fitOf(names, words) ?? -1];
      if (fit && fit.length < MOST_MATCHES) fit.push({ layer, i });
    });
  }
  return fits.flat().slice(0, MOST_MATCHES);
}

/** @param {HTMLElement} list @param {Hit[] | null} matches */
function showMatches(list, matches) {
  list.hidden = matches === null;
  if (!matches) return list.replaceChildren();
  /** @param {Hit} given */
  const entry = ({ layer, i }) => el("li", {},
    el("button", { type: "button", on: { click: () => goTo(layer, i) } },
      el("b", { dir: "auto", say: () => shortened(layer.name(i), 60) || W("unnamed") }), el("small", { say: () => T(layer.title) })));
  list.replaceChildren(...(matches.length ? matches.map(entry) : [el("li", { class: "hint", say: () => W("no_match") })]));
  announce(filled(W("matches"), { n: number(matches.length) }));
}

// What was found is drawn, whatever layer, class or time hid it.
/** @param {Layer} layer @param {number} i */
function reveal(layer, i) {
  if (!layer.on) switchLayer(layer, true);
  if (layer.hidden.has(layer.class[i])) hideClasses(layer, [...layer.hidden].filter((code) => code !== layer.class[i]));
  if (layer.inTime(i)) return;
  const own = layer.stepOf?.[i];
  const step = own ? SLIDER.steps.indexOf(layer.time.steps[own - 1]) : SLIDER.steps.length;
  SLIDER.go(step);
}

/** @param {Layer} layer @param {number} i */
function goTo(layer, i) {
  reveal(layer, i);
  const extent = layer.extent(i);
  if (isPhone()) setSheet("peek");
  MAP.fitBounds(extent, { ...margins(), maxZoom: Math.max(11, Math.min(13, MAP.getZoom() + 2)), animate: false });
  openCard([{ layer, i }], layer.anchor(i), true);
}
