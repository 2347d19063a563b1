// Areas and lines on a canvas, and which of them lies under the pointer.

const MIN_STEP = 0.6; // pixels: shorter steps of an outline cannot be seen

function trace(ctx, layer, i, view, closed) {
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

function inView(layer, i, view, slack = 0) {
  const b = layer.boxes, at = i * 4, more = slack / view.scale;
  return b[at] <= view.east + more && b[at + 2] >= view.west - more &&
    b[at + 1] <= view.south + more && b[at + 3] >= view.north - more;
}

const hatches = new Map();

function hatch(ctx, colour) {
  if (!hatches.has(colour)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
    }
    pen.stroke();
    hatches.set(colour, tile);
  }
  return ctx.createPattern(hatches.get(colour), "repeat");
}

function paintAreas(ctx, view, layer) {
  const style = layer.style;
  ctx.lineJoin = "round";
  for (let i = 0; i < layer.n; i++) {
    if (!inView(layer, i, view) || !layer.seen(i)) continue;
    const colour = layer.colour(i);
    const quiet = layer.faded(i) ? 0.18 : 1;
    ctx.beginPath();
    trace(ctx, layer, i, view, true);
    if (style.fill) {
      ctx.globalAlpha = style.opacity * quiet;
      ctx.fillStyle = style.fill === "hatch" ? hatch(ctx, colour) : tone(style.fill, colour);
      ctx.fill("evenodd");
    }
    if (!style.line) continue;
    ctx.globalAlpha = quiet;
    ctx.strokeStyle = tone(style.line, colour);
    ctx.lineWidth = style.width;
    ctx.setLineDash(style.dash ?? []);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function paintLines(ctx, view, layer) {
  const style = layer.style;
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.setLineDash(style.dash ?? []);
  for (let i = 0; i < layer.n; i++) {
    if (!inView(layer, i, view, 8) || !layer.seen(i)) continue;
    ctx.globalAlpha = layer.faded(i) ? 0.15 : 1;
    ctx.strokeStyle = layer.colour(i);
    ctx.lineWidth = layer.radius ? layer.radius[i] / 4 : style.width;
    ctx.beginPath();
    trace(ctx, layer, i, view, false);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

// wx, wy are world pixels; reach is the tolerance in world pixels.
function hitAreas(layer, wx, wy) {
  const found = [];
  for (let i = layer.n - 1; i >= 0; i--) {
    const b = layer.boxes, at = i * 4;
    if (wx < b[at] || wx > b[at + 2] || wy < b[at + 1] || wy > b[at + 3] || !layer.seen(i)) continue;
    if (insideArea(layer, i, wx, wy)) found.push(i);
  }
  return found;
}

function insideArea(layer, i, wx, wy) {
  const { x, y, runs } = layer;
  let inside = false;
  for (let r = layer.first[i]; r < layer.first[i + 1]; r++) {
    for (let v = runs[r], u = runs[r + 1] - 1; v < runs[r + 1]; u = v++) {
      if (y[v] > wy !== y[u] > wy && wx < ((x[u] - x[v]) * (wy - y[v])) / (y[u] - y[v]) + x[v]) {
        inside = !inside;
      }
    }
  }
  return inside;
}

function hitLines(layer, wx, wy, reach) {
  const found = [];
  for (let i = 0; i < layer.n; i++) {
    const b = layer.boxes, at = i * 4;
    if (wx < b[at] - reach || wx > b[at + 2] + reach || wy < b[at + 1] - reach || wy > b[at + 3] + reach) continue;
    if (!layer.seen(i)) continue;
    const far = distanceToRuns(layer, i, wx, wy);
    if (far <= reach) found.push([far, i]);
  }
  return found.sort((a, b) => a[0] - b[0]).map(([, i]) => i);
}

function distanceToRuns(layer, i, wx, wy) {
  const { x, y, runs } = layer;
  let best = Infinity;
  for (let r = layer.first[i]; r < layer.first[i + 1]; r++) {
    for (let v = runs[r] + 1; v < runs[r + 1]; v++) {
      const dx = x[v] - x[v - 1], dy = y[v] - y[v - 1];
      const share = ((wx - x[v - 1]) * dx + (wy - y[v - 1]) * dy) / (dx * dx + dy * dy || 1);
      const t = Math.max(0, Math.min(1, share));
      best = Math.min(best, Math.hypot(wx - x[v - 1] - t * dx, wy - y[v - 1] - t * dy));
    }
  }
  return best;
}

KINDS.area = { paint: paintAreas, hit: hitAreas };
KINDS.line = { paint: paintLines, hit: hitLines };
