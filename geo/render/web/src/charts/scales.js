// Round numbers for an axis, and series that stand on each other.

/** @param {number} low @param {number} high @param {number} most */
export function niceTicks(low, high, most) {
  if (low === high) high = low + 1;
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const ticks = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) ticks.push(Number(at.toPrecision(12)));
  return ticks;
}

// Sum of the series below, for stacked areas and stacked bars.
/** @param {ChartDef} def @returns {Pair[][]} */
export function stacked(def) {
  const base = def.x.values.map(() => 0);
  return def.series.map((one) => one.values.map((value, i) => {
    const low = base[i];
    base[i] += value ?? 0;
    return [low, base[i]];
  }));
}
