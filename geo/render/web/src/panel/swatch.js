// The sign of a class in the legend.

import { svg } from "../page/elements.js";

/** @param {Layer} layer @param {string} colour */
export function swatch(layer, colour) {
  const style = layer.style ?? {};
  const drawing = svg("svg", { class: "swatch", viewBox: "0 0 22 14", width: 22, height: 14, "aria-hidden": "true" });
  /** @param {string | null | undefined} token */
  const shade = (token) => (token === "class" ? colour : token ? `var(--${token})` : "none");
  const signs = [];
  let shape;
  if (layer.kind === "point") {
    shape = svg("circle", { cx: 11, cy: 7, r: 5 });
    shape.style.fill = colour;
  } else if (layer.kind === "line" || layer.kind === "flow") {
    shape = svg("path", { d: "M1 7H21", "stroke-width": Math.min(4, Math.max(1.6, style.width ?? 2)), "stroke-dasharray": style.dash ? "5 3" : null });
    shape.style.stroke = colour;
  } else {
    shape = svg("rect", { x: 1.5, y: 1.5, width: 19, height: 11, "stroke-dasharray": style.dash ? "3 2" : null });
    shape.style.fill = style.fill === "hatch" ? "none" : shade(style.fill);
    shape.style.fillOpacity = String(style.opacity ?? 1);
    if (style.fill === "hatch") signs.push(hatching(colour));
    shape.style.stroke = style.line === "paper" ? "var(--border)" : shade(style.line);
  }
  drawing.append(shape, ...signs);
  return drawing;
}

// As the areas are hatched on the map.
/** @param {string} colour */
function hatching(colour) {
  const lines = svg("path", { d: "M2 8l6-6M2 12l10-10M6 12l10-10M10 12l10-10M14 12l6-6" });
  lines.style.stroke = colour;
  lines.style.strokeOpacity = "0.7";
  return lines;
}
