// Printing: the map as a picture of the present view, in light colours, since paper has another
// width than the screen and canvases do not flow.

function preparePrint() {
  document.getElementById("printed")?.remove();
  document.documentElement.dataset.theme = "light";
  readInk();
  const size = MAP.getSize(), ratio = 2;
  const canvas = el("canvas", { id: "printed" });
  canvas.width = size.x * ratio;
  canvas.height = size.y * ratio;
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  paintWhole(ctx, size, ratio);
  document.getElementById("stage").prepend(canvas);
}

function watchPrint() {
  window.addEventListener("beforeprint", preparePrint);
  window.addEventListener("afterprint", () => {
    document.getElementById("printed")?.remove();
    applyTheme();
  });
}
