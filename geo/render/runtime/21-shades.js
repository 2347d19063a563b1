// On a dark ground a ramp runs the other way: more is lighter there, as on paper more is darker.

const NO_DATA_DARK = "#4b545b";

function shadesOf(colours, { ordered, items }) {
  const kinds = colours.slice(0, items.length);
  const hollow = kinds.filter((one) => one.length > 7).length; // a class without a fill keeps its place
  const ramp = kinds.slice(hollow);
  return [...kinds.slice(0, hollow), ...(ordered ? ramp.reverse() : ramp), NO_DATA_DARK];
}

function shadeLayers() {
  for (const layer of LAYERS) {
    if (!["classes", "categories"].includes(layer.legend.kind)) continue;
    layer.onPaper ??= layer.colours;
    layer.colours = isDark() ? shadesOf(layer.onPaper, layer.legend) : layer.onPaper;
    layer.legend.items.forEach((item, at) => { item.colour = layer.colours[at]; });
  }
  emit("shades");
}
