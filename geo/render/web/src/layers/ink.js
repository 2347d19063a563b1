// Colours of the present theme, from the style sheet.

export const INK = {}; // colours of the present theme, from the style sheet

export function readInk() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["land", "neighbour", "border", "ink", "paper", "sea", "halo", "accent", "muted", "rule", "void", "beyond"]) {
    INK[name] = style.getPropertyValue(`--${name}`).trim();
  }
}

export function tone(token, classColour) {
  return token === "class" ? classColour : INK[token] ?? token;
}
