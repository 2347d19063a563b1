// The charts of the page.

/** @type {ChartState[]} */
export const CHARTS = []; // the state of each

/** @param {ChartDef} def */
export const kindOfChart = (def) => (def.kind === "bar" && !def.numeric ? "lying" : def.kind);
