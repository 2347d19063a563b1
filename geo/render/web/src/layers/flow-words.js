// What is said of flows and of the places they join.

import { LANGUAGES, STATE, languageOf } from "../page/state.js";
import { classWords } from "../panel/class-words.js";
import { number, withUnit } from "../text/numbers.js";
import { filled, FROM_RIGHT, legible, W } from "../text/words.js";

/** @param {Layer} layer @param {number} place */
export const placeName = (layer, place) => {
  const { names } = layer.places;
  const code = [STATE.lang, "any", ...LANGUAGES.map(([code]) => code)].find((one) => names[one]?.[place]);
  return code ? legible(names[code][place]) : W("unnamed");
};

// From the left even where the first name runs from the right, or the arrow would point back.
/** @param {Layer} layer @param {string} from @param {string} to */
export function wayWords(layer, from, to) {
  const words = `${from} ${layer.style.directed ? "→" : "–"} ${to}`;
  return FROM_RIGHT.test(words) ? `\u200e${words}` : words;
}

const MOST_LISTED = 8;

/** @param {string[]} names */
export function listed(names) {
  const shown = names.slice(0, MOST_LISTED).join(languageOf(STATE.lang)[3]);
  return names.length > MOST_LISTED ? `${shown} …` : shown;
}

// What the tip says of a flow: how much it is, and of what kind.
/** @param {Layer | FlowView} layer @param {number} i */
export function flowWords(layer, i) {
  const { kind } = layer.legend;
  const words = [withUnit(number(layer.weight[i]), layer.sizes.unit)];
  if (layer.rows) words.push(filled(W("flows_summed"), { n: number(layer.rows[i].length) }));
  else if (kind === "categories" || kind === "classes") words.push(classWords(layer, i));
  return words.join(" · ");
}
