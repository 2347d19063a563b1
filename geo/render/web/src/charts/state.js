// The charts of the page.

export const CHARTS = []; // the state of each

export const kindOfChart = (def) => (def.kind === "bar" && !def.numeric ? "lying" : def.kind);
