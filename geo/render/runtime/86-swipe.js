// Two layers side by side on one map: one is seen left of the handle, the other right of it.

function canSwipe() {
  return LAYERS.filter((layer) => layer.kind !== "label" && !layer.style?.base).length > 1;
}

function toggleSwipe() {
  const going = SWIPE.x === null;
  document.getElementById("swipe").setAttribute("aria-pressed", String(going));
  document.getElementById("swipe-bar")?.remove();
  document.getElementById("swipe-choice")?.remove();
  SWIPE.x = going ? Math.round(MAP.getSize().x / 2) : null;
  if (going) makeSwipe();
  else for (const layer of LAYERS) layer.side = null;
  clipSwipe();
}

function makeSwipe() {
  const stage = document.getElementById("stage");
  const layers = LAYERS.filter((layer) => layer.kind !== "label" && !layer.style?.base);
  const shown = layers.filter((layer) => layer.on);
  const chosen = [shown.at(-1) ?? layers.at(-1), [...shown, ...layers].find((one) => one !== (shown.at(-1) ?? layers.at(-1)))];
  const pick = (at) => {
    const box = el("select", { label: () => (at ? W("swipe_right") : W("swipe_left")) },
      ...layers.map((layer) => el("option", { value: layer.at, say: () => shortened(T(layer.title), 26) })));
    box.value = String(chosen[at].at);
    box.addEventListener("change", () => { chosen[at] = LAYERS[Number(box.value)]; setSides(chosen); });
    return box;
  };
  const handle = el("button", { type: "button", id: "swipe-bar", role: "slider", "aria-valuemin": 0, "aria-valuemax": 100, label: () => W("swipe") }, "⇔");
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && moveSwipe(event.clientX - stage.getBoundingClientRect().left));
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -20, ArrowRight: 20 }[event.key];
    if (by) moveSwipe(SWIPE.x + by);
  });
  L.DomEvent.disableClickPropagation(handle);
  const choice = el("div", { id: "swipe-choice" }, pick(0), pick(1));
  L.DomEvent.disableClickPropagation(choice);
  stage.append(handle, choice);
  setSides(chosen);
}

function setSides([left, right]) {
  for (const layer of LAYERS) layer.side = layer === left ? "left" : layer === right ? "right" : null;
  for (const layer of [left, right]) if (!layer.on) switchLayer(layer, true);
  clipSwipe();
}

function moveSwipe(x) {
  SWIPE.x = Math.max(0, Math.min(MAP.getSize().x, x));
  clipSwipe();
}

// Panes move with the map, so the cut is given in their own coordinates.
function clipSwipe() {
  const size = MAP.getSize();
  const a = MAP.containerPointToLayerPoint([0, 0]);
  const cut = a.x + (SWIPE.x ?? 0);
  for (const layer of LAYERS) {
    const [from, to] = layer.side === "left" ? [a.x, cut] : [cut, a.x + size.x];
    const [up, down] = [a.y - 50, a.y + size.y + 50];
    MAP.getPane(`layer-${layer.at}`).style.clipPath =
      SWIPE.x === null || !layer.side ? "" : `polygon(${from}px ${up}px, ${to}px ${up}px, ${to}px ${down}px, ${from}px ${down}px)`;
  }
  const handle = document.getElementById("swipe-bar");
  if (handle) {
    handle.style.left = `${SWIPE.x}px`;
    handle.setAttribute("aria-valuenow", String(Math.round((100 * SWIPE.x) / size.x)));
  }
}
