// Flows: curved lines as wide as what they carry, with a head that tells their direction.

function paintFlows(ctx, view, layer) {
  ctx.lineCap = "round";
  for (let i = 0; i < layer.n; i++) {
    if (!inView(layer, i, view, 12) || !layer.seen(i)) continue;
    const width = layer.radius[i] / 4;
    ctx.globalAlpha = layer.faded(i) ? 0.1 : 0.72;
    ctx.strokeStyle = ctx.fillStyle = layer.colour(i);
    ctx.lineWidth = width;
    ctx.beginPath();
    trace(ctx, layer, i, view, false);
    ctx.stroke();
    if (layer.style.directed) paintHead(ctx, view, layer, i, width);
  }
  ctx.globalAlpha = 1;
}

// An arrow head two thirds along, where neighbouring ends do not cover it.
function paintHead(ctx, view, layer, i, width) {
  const from = layer.runs[layer.first[i]], to = layer.runs[layer.first[i] + 1];
  const at = Math.round(from + (to - from - 1) * 0.66);
  const px = (v) => [layer.x[v] * view.scale - view.left, layer.y[v] * view.scale - view.top];
  const [x, y] = px(at), [bx, by] = px(at - 1);
  const far = Math.hypot(x - bx, y - by);
  if (!far) return;
  const size = 4 + width * 1.5;
  const [ux, uy] = [((x - bx) / far) * size, ((y - by) / far) * size];
  ctx.beginPath();
  ctx.moveTo(x + ux, y + uy);
  ctx.lineTo(x - ux * 0.6 - uy * 0.75, y - uy * 0.6 + ux * 0.75);
  ctx.lineTo(x - ux * 0.6 + uy * 0.75, y - uy * 0.6 - ux * 0.75);
  ctx.fill();
}

// The least weight to be seen: a slider over the ranks, since weights are far from even.
function thresholdOf(layer) {
  const ranked = [...layer.weights].sort((a, b) => a - b);
  const range = el("input", { type: "range", min: 0, max: Math.max(0, ranked.length - 1), value: 0, label: () => W("threshold") });
  const shown = el("output", {});
  const say = () => { shown.textContent = withUnit(number(ranked[Number(range.value)] ?? 0), layer.sizes?.unit); };
  range.addEventListener("input", () => {
    layer.least = Number(range.value) ? ranked[Number(range.value)] : null;
    say();
    layer.sheet?.redraw();
    emit("filter");
  });
  on("language", say);
  say();
  return el("div", { class: "threshold" }, el("span", { say: () => W("threshold") }), range, shown);
}
