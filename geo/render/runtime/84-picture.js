// The map as a picture: headline, finding, map, legends and credits drawn on one canvas.

async function savePicture() {
  const size = MAP.getSize();
  const ratio = 2;
  const font = getComputedStyle(document.body).fontFamily;
  const canvas = document.createElement("canvas");
  const ctx = canvas.getContext("2d");
  const width = size.x;
  const head = wrapped(ctx, T(PAGE.title), `700 24px ${font}`, width - 48);
  const finding = wrapped(ctx, T(PAGE.finding), `400 15px ${font}`, width - 48);
  const credits = wrapped(ctx, document.getElementById("credits").textContent, `400 11px ${font}`, width - 48);
  const notes = PAGE.caveats.flatMap((one) => wrapped(ctx, `! ${T(one)}`, `400 11px ${font}`, width - 48));
  const top = 24 + head.length * 32 + finding.length * 23 + 10;
  const bottom = 12 + (credits.length + notes.length) * 17 + 8;
  canvas.width = width * ratio;
  canvas.height = (top + size.y + bottom) * ratio;
  ctx.scale(ratio, ratio);
  ctx.fillStyle = INK.paper;
  ctx.fillRect(0, 0, width, top + size.y + bottom);
  ctx.fillStyle = INK.ink;
  writeLines(ctx, head, 24, 24 + 20, 32, `700 24px ${font}`);
  writeLines(ctx, finding, 24, 24 + head.length * 32 + 12, 23, `400 15px ${font}`);
  ctx.save();
  ctx.translate(0, top);
  ctx.beginPath();
  ctx.rect(0, 0, size.x, size.y);
  ctx.clip();
  paintWhole(ctx, size, ratio);
  paintLegends(ctx, size, font);
  ctx.restore();
  ctx.fillStyle = INK.muted;
  writeLines(ctx, [...notes, ...credits], 24, top + size.y + 20, 17, `400 11px ${font}`);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  handOut(`${fileName(T(PAGE.title))}.png`, blob, "image/png");
}

function pictureView(size, ratio) {
  const corner = MAP.getPixelOrigin().add(MAP.containerPointToLayerPoint([0, 0]));
  return viewOf(MAP.getZoom(), corner, size, ratio);
}

function paintWhole(ctx, size, ratio) {
  const view = pictureView(size, ratio);
  ctx.fillStyle = INK.sea;
  ctx.fillRect(0, 0, size.x, size.y);
  for (const layer of LAYERS) {
    if (layer.on && layer.sheet) (SWIPE.paint ?? KINDS[layer.kind].paint)(ctx, view, layer);
  }
  paintLabels(ctx, view, [...LABELS].reverse(), "#scale, #overview");
  if (PAGE.notes.length) paintNotes(ctx, view, null, false);
  paintScale(ctx, size);
  SWIPE.paintBar?.(ctx, size, getComputedStyle(document.body).fontFamily);
}

// Scale bar and north, as they stand on the map.
function paintScale(ctx, size) {
  const { wide, words } = scaleOf(), [x, y] = [40, size.y - 18];
  const font = `400 12px ${getComputedStyle(document.body).fontFamily}`;
  ctx.lineJoin = "miter";
  for (const [colour, width] of [[INK.halo, 4], [INK.ink, 1.5]]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x, y - 5);
    ctx.lineTo(x, y);
    ctx.lineTo(x + wide, y);
    ctx.lineTo(x + wide, y - 5);
    ctx.stroke();
  }
  ctx.fillStyle = ctx.strokeStyle = INK.ink;
  writeLines(ctx, [words], x + wide + 8, y, 0, font);
  ctx.beginPath();
  [[22, -26], [27, -12], [22, -16], [17, -12]].forEach(([px, py], at) => (at ? ctx.lineTo(px, y + py) : ctx.moveTo(px, y + py)));
  ctx.fill();
  ctx.textAlign = "center";
  ctx.fillText(W("north"), 22, y + 2);
}

function writeLines(ctx, lines, x, y, step, font) {
  ctx.font = font;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  lines.forEach((line, at) => ctx.fillText(line, x, y + at * step));
}

function paintLegends(ctx, size, font) {
  const rows = [];
  for (const layer of [...LAYERS].reverse()) {
    if (!layer.on || layer.kind === "label" || layer.style?.base) continue;
    const { legend } = layer;
    rows.push([null, shortened(T(layer.title), 40), true]);
    if (legend.kind === "classes" || legend.kind === "categories") {
      legend.items.forEach((item, code) => layer.hidden.has(code) || rows.push([item.colour, shortened(itemWords(legend, item), 34), false]));
      if (legend.missing) rows.push([layer.colours.at(-1), shortened(T(legend.missing_label) || W("no_data"), 34), false]);
    } else if (legend.items?.length) rows.at(-1)[0] = legend.items[0].colour;
  }
  const shown = rows.slice(0, Math.floor((size.y - 60) / 18));
  const height = shown.length * 18 + 16, width = 250;
  const [x, y] = [size.x - width - 14, size.y - height - 14];
  ctx.globalAlpha = 0.92;
  ctx.fillStyle = INK.paper;
  ctx.fillRect(x, y, width, height);
  ctx.globalAlpha = 1;
  shown.forEach(([colour, text, strong], at) => {
    const line = y + 20 + at * 18;
    if (colour) {
      ctx.fillStyle = colour;
      ctx.fillRect(x + 12, line - 9, 14, 10);
    }
    ctx.fillStyle = strong ? INK.ink : INK.muted;
    writeLines(ctx, [text], colour ? x + 34 : x + 12, line, 0, `${strong ? 600 : 400} 12px ${font}`);
  });
}
