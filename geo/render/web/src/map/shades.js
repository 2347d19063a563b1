// Colours on a dark ground: more is lighter there, as on paper more is darker; what is too dark to
// be seen is lifted, and what is black on paper is white.

import { LAYERS } from "../data/layers.js";
import { emit } from "../page/events.js";
import { PAGE } from "../page/page.js";
import { isDark } from "../page/screen.js";

const NO_DATA_DARK = "#4b545b";
const SEEN_FROM = 0.172; // relative luminance with a contrast of 3 to the dark land

/** @param {Rgb} rgb */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {Rgb} given */
export function toHsl([r, g, b]) {
  const top = Math.max(r, g, b), low = Math.min(r, g, b), span = top - low, light = (top + low) / 2;
  if (!span) return [0, 0, light];
  const hue = top === r ? ((g - b) / span + 6) % 6 : top === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return [hue * 60, span / (1 - Math.abs(2 * light - 1)), light];
}

/** @param {number[]} given */
export function fromHsl([hue, full, light]) {
  /** @param {number} n */
  const part = (n) => {
    const k = (n + hue / 30) % 12;
    return light - full * Math.min(light, 1 - light) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [part(0), part(8), part(4)];
}

/** @param {string} hex */
export const rgbShares = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
/** @param {Rgb} rgb */
export const hexOf = (rgb) => `#${rgb.map((one) => Math.round(one * 255).toString(16).padStart(2, "0")).join("")}`;

/** @param {string} hex */
export function lifted(hex) {
  if (hex.length > 7) return hex;
  const rgb = rgbShares(hex);
  let [hue, full, light] = toHsl(rgb);
  if (luminance(rgb) >= SEEN_FROM) return hex;
  if (full < 0.12 && light < 0.25) return "#e3e7ea";
  while (light < 0.95 && luminance(fromHsl([hue, full, light])) < SEEN_FROM) light += 0.01;
  return hexOf(fromHsl([hue, full, light]));
}

// A pale grey stands back on paper; in the dark a deep one does.
/** @param {string} hex */
export function standsBack(hex) {
  const [hue, full, light] = toHsl(rgbShares(hex));
  return hex.length === 7 && full < 0.2 && light > 0.75 ? hexOf(fromHsl([hue, full, 1.17 - light])) : lifted(hex);
}

/** @param {string[]} colours @param {Legend} given */
export function shadesOf(colours, { kind, ordered, items }) {
  const kinds = colours.slice(0, items.length);
  if (!ordered) return [...kinds.map(kind === "categories" ? standsBack : lifted), NO_DATA_DARK];
  const hollow = kinds.filter((one) => one.length > 7).length; // a class without a fill keeps its place
  return [...kinds.slice(0, hollow), ...kinds.slice(hollow).reverse(), NO_DATA_DARK];
}

export function shadeLayers() {
  const dark = isDark();
  for (const layer of LAYERS.filter((one) => one.colours && one.legend.items)) {
    layer.onPaper ??= layer.colours;
    layer.colours = dark ? shadesOf(layer.onPaper, layer.legend) : layer.onPaper;
    layer.legend.items.forEach((item, at) => { item.colour = layer.colours[at]; });
  }
  for (const def of PAGE.charts) {
    for (const one of def.series) {
      one.onPaper ??= one.colour;
      one.colour = dark ? standsBack(one.onPaper) : one.onPaper;
    }
    if (!def.tones) continue;
    def.onPaper ??= def.tones;
    def.tones = dark ? def.onPaper.map(standsBack) : def.onPaper;
  }
  emit("shades");
}
