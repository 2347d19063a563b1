// Sources, credits and review number.

import { LAYERS } from "../data/layers.js";
import { feature } from "../features.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { PAGE } from "../page/page.js";
import { labelled, T, W } from "../text/words.js";

export function sources() {
  /** @param {Record<string, any>} one */
  const described = (one) => {
    const credit = one.attribution ?? one.publisher ?? one.title ?? "";
    const more = [
      one.title && one.title !== credit ? T(one.title) : null,
      one.vintage ? `${W("state")} ${T(one.vintage)}` : null,
      one.licence ? labelled("licence", T(one.licence)) : null,
      one.review_number ? labelled("review_source", T(one.review_number)) : null,
    ].filter(Boolean);
    return [T(credit), more.join(" · ")];
  };
  const unsaid = LAYERS.some(isUnsaid);
  return el("footer", { class: "sources" },
    el("h2", { say: () => W("sources") }),
    el("ul", {},
      ...PAGE.sources.map((one) => el("li", { dir: "auto" }, el("b", { say: () => described(one)[0] }), el("span", { say: () => ` ${described(one)[1]}` }))),
      unsaid ? el("li", {}, el("span", { say: () => unsaidWords() })) : null),
    el("p", { class: "review" }, el("b", { say: () => W("review") }), el("span", { say: () => ` ${T(PAGE.review) || W("review_none")}` })),
    el("p", { class: "made" }, el("span", { say: () => labelled("made_with", [`jingjinji ${PAGE.version}`, ...PAGE.packages].join(", ")) })));
}

// Names are those of another layer, and degrees nobody's.
/** @param {Layer} layer */
const isUnsaid = (layer) => !layer.sources.length && layer.kind !== "label" && !layer.style?.base;

function unsaidWords() {
  const titles = LAYERS.filter(isUnsaid).map((layer) => T(layer.title));
  return labelled("source_missing", [...new Set(titles)].join(" · "));
}

const reviewWords = () => labelled("review", T(PAGE.review) || W("none"));

function creditNames(tiles = true) {
  const named = PAGE.sources.map((one) => T(one.attribution ?? one.publisher ?? one.title));
  const base = tiles && feature("basemaps")?.shown();
  if (base) named.push(base.attribution);
  return [...new Set(named)].join(" · ");
}

// A picture cannot hold the tiles of a basemap, and does not credit them.
/** @param {boolean} [tiles] */
export const creditWords = (tiles) => [creditNames(tiles), reviewWords()].filter(Boolean).join(" · ");

// One line of credits on the map itself; what has no room is cut from the sources, never the review number.
export function creditLine() {
  const review = () => `${creditNames() && " · "}${reviewWords()}`;
  const line = el("p", { id: "credits" }, () => creditNames(), review);
  on("basemap", () => line.childNodes.forEach((one) => one._say()));
  return line;
}
