// Bars that lie, one a kind.

import { CHART, fitted, label, placeWords, plot } from "./drawing.js";
import { stacked } from "./scales.js";
import { chooseRows, pointRow } from "./selection.js";
import { svg } from "../page/elements.js";
import { number } from "../text/numbers.js";

/** @param {ChartState} state */
export function lyingBars(state) {
  const { def } = state;
  const tall = 22, right = 46, width = CHART.width;
  const names = def.x.values.map((_, i) => fitted(placeWords(def, i), 11, 150));
  const left = Math.max(...names.map((one) => one.wide)) + 8;
  const piles = stacked(def);
  const top = Math.max(...piles.flat(2), 0) || 1;
  /** @param {number} value */
  const sx = (value) => left + (value / top) * (width - left - right);
  const drawing = plot(def, def.x.values.length * tall + 4);
  def.x.values.forEach((_, i) => {
    const y = i * tall + 3;
    const row = svg("g", { class: "row" });
    row.append(label(left - 6, y + 13, names[i].text, "end", "tick"));
    piles.forEach((pile, s) => {
      const [low, high] = pile[i];
      const bar = svg("rect", { x: sx(low), y, width: Math.max(0.5, sx(high) - sx(low)), height: tall - 6, class: "mark" });
      bar.style.fill = def.series[s].colour;
      state.marks[i].push(bar);
      row.append(bar);
    });
    const total = piles[piles.length - 1][i][1];
    row.append(label(sx(total) + 5, y + 13, number(total, def.y.decimals), "start", "value"));
    row.addEventListener("pointerenter", () => pointRow(state, i));
    row.addEventListener("pointerleave", () => pointRow(state, null));
    row.addEventListener("click", () => chooseRows(state, state.rows?.includes(i) ? null : [i]));
    drawing.append(row);
  });
  return drawing;
}
