// Outlines of areas and lines on a canvas.

const MIN_STEP = 0.6; // pixels: shorter steps of an outline cannot be seen

/** @param {Pen | Path2D} ctx @param {Layer} layer @param {number} i @param {{scale: number, left: number, top: number}} view @param {boolean} closed */
export function trace(ctx, layer, i, view, closed) {
  const { x, y, runs } = layer;
  const { scale, left, top } = view;
  for (let r = layer.first[i]; r < layer.first[i + 1]; r++) {
    let px = x[runs[r]] * scale - left, py = y[runs[r]] * scale - top;
    ctx.moveTo(px, py);
    for (let v = runs[r] + 1; v < runs[r + 1]; v++) {
      const qx = x[v] * scale - left, qy = y[v] * scale - top;
      if (Math.abs(qx - px) + Math.abs(qy - py) < MIN_STEP && v + 1 < runs[r + 1]) continue;
      ctx.lineTo(qx, qy);
      px = qx;
      py = qy;
    }
    if (closed) ctx.closePath();
  }
}

/** @param {Layer} layer @param {number} i @param {View} view @param {number} [slack] */
export function inView(layer, i, view, slack = 0) {
  const b = layer.boxes, at = i * 4, more = slack / view.scale;
  return b[at] <= view.east + more && b[at + 2] >= view.west - more &&
    b[at + 1] <= view.south + more && b[at + 3] >= view.north - more;
}
