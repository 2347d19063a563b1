// How long a length on the map is.

import { MAP } from "./map.js";
import { el, svg } from "../page/elements.js";
import { on } from "../page/events.js";
import { number } from "../text/numbers.js";
import { W } from "../text/words.js";

// A round length and how wide it is at the middle of the map, in pixels.
export function scaleOf() {
  const middle = MAP.getSize().y / 2;
  const metres = MAP.distance(MAP.containerPointToLatLng([0, middle]), MAP.containerPointToLatLng([100, middle]));
  const magnitude = 10 ** Math.floor(Math.log10(metres));
  const nice = [5, 2, 1].map((one) => one * magnitude).find((one) => one <= metres) ?? magnitude;
  return { wide: (100 * nice) / metres, words: nice >= 1000 ? `${number(nice / 1000)} km` : `${number(nice)} m` };
}

// Scale bar, true at the middle of the map, and north.
export function makeScale() {
  const bar = el("i");
  const words = el("span");
  const update = () => {
    const found = scaleOf();
    bar.style.width = `${found.wide}px`;
    words.textContent = found.words;
  };
  MAP.on("zoomend moveend resize", update);
  on("language", update);
  update();
  const north = el("b", { class: "north" }, svg("svg", { viewBox: "0 0 10 14", width: 10, height: 14, "aria-hidden": "true" },
    svg("path", { d: "M5 0l4 13-4-3-4 3z" })), el("span", { say: () => W("north") }));
  return el("div", { id: "scale" }, north, el("div", { class: "scale-bar" }, bar, words));
}
