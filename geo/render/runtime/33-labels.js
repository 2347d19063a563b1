// Names on the map. All label layers share one canvas, so that no name covers another.

const LONGEST_LABEL = 28;

function paintLabels(ctx, view, layers) {
  const taken = [];
  for (const layer of layers) {
    if (!layer.on || !layer.ready || view.zoom < layer.style.from_zoom) continue;
    const { size, strong } = layer.style;
    ctx.font = `${strong ? 600 : 400} ${size}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (let i = 0; i < layer.n; i++) {
      const px = layer.x[i] * view.scale - view.left, py = layer.y[i] * view.scale - view.top;
      if (px < -60 || py < -20 || px > view.width + 60 || py > view.height + 20) continue;
      const text = shortened(layer.name(i), LONGEST_LABEL);
      if (!text) continue;
      const half = ctx.measureText(text).width / 2 + 3;
      const box = [px - half, py - size * 0.7, px + half, py + size * 0.7];
      if (taken.some((one) => one[0] < box[2] && one[2] > box[0] && one[1] < box[3] && one[3] > box[1])) continue;
      taken.push(box);
      ctx.strokeStyle = INK.halo;
      ctx.lineWidth = 3;
      ctx.strokeText(text, px, py);
      ctx.fillStyle = strong ? INK.ink : INK.muted;
      ctx.fillText(text, px, py);
    }
  }
}

function shortened(text, most) {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}
