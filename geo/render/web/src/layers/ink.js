// Colours of the present theme, from the style sheet.

/** @type {Record<string, string>} */
export const INK = {}; // colours of the present theme, from the style sheet

export function readInk() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["land", "neighbour", "border", "ink", "paper", "sea", "halo", "accent", "muted", "rule", "void", "beyond"]) {
    INK[name] = style.getPropertyValue(`--${name}`).trim();
  }
}

/** @param {string} token @param {string} classColour */
export function tone(token, classColour) {
  return token === "class" ? classColour : INK[token] ?? token;
}
