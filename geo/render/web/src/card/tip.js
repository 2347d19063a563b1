// The tooltip under the pointer.

import { KINDS } from "../layers/kinds.js";
import { MAP } from "../map/map.js";
import { el } from "../page/elements.js";
import { STATE } from "../page/state.js";
import { classWords } from "../panel/class-words.js";
import { shortened } from "../text/lines.js";
import { W } from "../text/words.js";

/** @type {any} */
export let tip;

/** @param {HTMLElement} parent */
export function makeTip(parent) {
  tip = el("div", { id: "tip", hidden: true, "aria-hidden": "true" });
  parent.append(tip);
}

/** @param {Hit | null} hit @param {Point | null} point */
export async function showTip(hit, point) {
  if (!hit || !point) {
    tip.hidden = true;
    return;
  }
  await hit.layer.table();
  if (!STATE.hovered || STATE.hovered.i !== hit.i || STATE.hovered.layer !== hit.layer) return;
  const name = shortened(hit.layer.name(hit.i), 80) || W("unnamed");
  const more = valueWords(hit.layer, hit.i);
  tip.replaceChildren(el("b", { dir: "auto" }, name), ...(more ? [el("span", {}, more)] : []));
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const size = MAP.getSize();
  tip.style.left = `${Math.max(4, Math.min(point.x + 14, size.x - box.width - 6))}px`;
  tip.style.top = `${point.y + 18 + box.height > size.y ? point.y - box.height - 10 : point.y + 18}px`;
}

/** @param {Layer} layer @param {number} i */
function valueWords(layer, i) {
  if (layer.says) return layer.says(i);
  return (KINDS[layer.kind].says ?? classWords)(layer, i);
}
