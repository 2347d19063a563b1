// Printing: the map as a picture of the present view, in light colours, since paper has another
// width than the screen and canvases do not flow.

import { MAP } from "../map/map.js";
import { applyTheme } from "../map/theme.js";
import { byId, el, penOf } from "../page/elements.js";
import { STATE } from "../page/state.js";
import { paintWhole } from "./picture.js";

/** @type {any} */
let themeBefore = null;

function preparePrint() {
  document.getElementById("printed")?.remove();
  themeBefore ??= STATE.theme;
  STATE.theme = "light";
  applyTheme();
  const size = MAP.getSize(), ratio = 2;
  const canvas = el("canvas", { id: "printed" });
  canvas.width = size.x * ratio;
  canvas.height = size.y * ratio;
  const ctx = penOf(canvas);
  ctx.scale(ratio, ratio);
  paintWhole(ctx, size, ratio);
  byId("stage").prepend(canvas);
}

export function watchPrint() {
  window.addEventListener("beforeprint", preparePrint);
  window.addEventListener("afterprint", () => {
    document.getElementById("printed")?.remove();
    STATE.theme = themeBefore ?? STATE.theme;
    themeBefore = null;
    applyTheme();
  });
}
