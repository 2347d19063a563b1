// Names on the map. All label layers share one canvas, so that no name covers another.

const LONGEST_LABEL = 28;

const labelFont = ({ size, strong }) => `${strong ? 600 : 400} ${size}px ${getComputedStyle(document.body).fontFamily}`;

function paintLabels(ctx, view, layers) {
  const taken = PAGE.notes.length ? boxesOfNotes(view) : [];
  for (const layer of layers) {
    if (!layer.on || !layer.ready || view.zoom < layer.style.from_zoom) continue;
    const { size, strong } = layer.style;
    ctx.font = labelFont(layer.style);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (let i = 0; i < layer.n; i++) {
      const px = layer.x[i] * view.scale - view.left, py = layer.y[i] * view.scale - view.top;
      if (px < -60 || py < -20 || px > view.width + 60 || py > view.height + 20) continue;
      const text = shortened(layer.name(i), LONGEST_LABEL);
      if (!text) continue;
      const wide = ctx.measureText(text).width;
      const spot = placesOf(layer.style, wide).map(([dx, dy]) => [px + dx, py + dy]).find(([x, y]) => isFree(taken, x, y, wide, size));
      if (!spot) continue;
      const [x, y] = spot;
      ctx.strokeStyle = INK.halo;
      ctx.lineWidth = 3;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = strong ? INK.ink : INK.muted;
      ctx.fillText(text, x, y);
    }
  }
}

// Where a name may stand, the best first: upon its place, or beside the mark of its point.
function placesOf({ size, beside }, wide) {
  if (!beside) return [[0, 0]];
  const gap = beside === true ? 9 : beside;
  const aside = wide / 2 + gap, above = size * 0.5 + gap - 1;
  return [[aside, 0], [-aside, 0], [0, -above], [0, above], [aside, -above], [-aside, above]];
}

function isFree(taken, x, y, wide, size) {
  const half = wide / 2 + 3;
  const box = [x - half, y - size * 0.7, x + half, y + size * 0.7];
  if (taken.some((one) => one[0] < box[2] && one[2] > box[0] && one[1] < box[3] && one[3] > box[1])) return false;
  taken.push(box);
  return true;
}
