// The legends of a picture, in columns below the map, with the signs that stand beside the map.

import { LAYERS } from "../data/layers.js";
import { hatch } from "../layers/hatch.js";
import { INK, tone } from "../layers/ink.js";
import { bareWords, unitWords } from "../panel/class-words.js";
import { wrapped, writeLines } from "../text/lines.js";
import { number } from "../text/numbers.js";
import { T, W } from "../text/words.js";

const KEY = { wide: 240, gap: 26, sign: 30 };

// Rows of each layer that is on: its name, what its colours and its sizes mean.
/** @param {Pen} ctx @param {Layer} layer @param {number} wide @param {string} font */
function keyRows(ctx, layer, wide, font) {
  const { legend, sizes } = layer;
  /** @type {any[]} */
  const rows = [{ words: T(layer.title), strong: true, colour: legend.kind === "plain" ? legend.items?.[0]?.colour : null }];
  if (legend.kind === "classes" || legend.kind === "categories") {
    const title = T(legend.title) + unitWords(legend.unit);
    if (title !== rows[0].words) rows.push({ words: title });
    legend.items.forEach((item, code) => layer.hidden.has(code) || rows.push({ words: bareWords(legend, item), colour: item.colour }));
    if (legend.missing && !layer.hidden.has(legend.items.length)) rows.push({ words: T(legend.missing_label) || W("no_data"), colour: layer.colours.at(-1) });
  }
  if (sizes?.items?.length) rows.push({ words: T(sizes.title) + unitWords(sizes.unit) }, { sizes: sizes.items });
  return rows.map((row) => {
    if (row.sizes) return { ...row, layer, high: tallest(layer) + 22 };
    const own = `${row.strong ? 600 : 400} 12px ${font}`;
    const lines = wrapped(ctx, row.words, own, wide - (row.colour ? KEY.sign : 0)).slice(0, 3);
    return { ...row, layer, lines, font: own, high: 2 + 16 * lines.length };
  });
}

// Of the signs of sizes: discs have a radius, lines a width.
/** @param {Layer} layer */
const tallest = (layer) => Math.max(...layer.sizes.items.map((one) => (layer.kind === "point" ? 2 * one.radius : one.radius)));

// Blocks stay whole; a column ends where the next block would stand more out of it than in it.
/** @param {Pen} ctx @param {number} width @param {string} font */
export function makeKey(ctx, width, font) {
  const shown = [...LAYERS].reverse().filter((one) => one.on && one.n && one.kind !== "label" && !one.style?.base);
  const column = Math.min(KEY.wide, width);
  const blocks = shown.map((layer) => keyRows(ctx, layer, column, font));
  /** @param {any[]} rows */
  const highOf = (rows) => rows.reduce((sum, one) => sum + one.high, 8);
  const most = Math.max(1, Math.floor((width + KEY.gap) / (KEY.wide + KEY.gap)));
  const target = blocks.reduce((sum, one) => sum + highOf(one), 0) / most;
  /** @type {any[][]} */
  const columns = [];
  let high = Infinity;
  for (const rows of blocks) {
    if (columns.length < most && high + highOf(rows) / 2 > target) {
      columns.push([]);
      high = 0;
    }
    columns[columns.length - 1].push(...rows, { high: 8 });
    high += highOf(rows);
  }
  const heights = columns.map((rows) => rows.reduce((sum, one) => sum + one.high, 0));
  return { columns, font, high: Math.max(0, ...heights) };
}

/** @param {Pen} ctx @param {{columns: any[][], font: string}} given @param {number} x @param {number} top */
export function paintKey(ctx, { columns, font }, x, top) {
  for (const rows of columns) {
    let y = top;
    for (const row of rows) {
      if (row.sizes) paintSizes(ctx, row, x, y, font);
      else if (row.lines) paintRow(ctx, row, x, y);
      y += row.high;
    }
    x += KEY.wide + KEY.gap;
  }
}

/** @param {Pen} ctx @param {any} given @param {number} x @param {number} y */
function paintRow(ctx, { lines, font, strong, colour, layer }, x, y) {
  if (colour) drawSwatch(ctx, layer, colour, x, y + 2);
  ctx.fillStyle = strong ? INK.ink : INK.muted;
  writeLines(ctx, lines, x + (colour ? KEY.sign : 0), y + 13, 16, font);
}

// The sign of a class, as the legend beside the map has it: 22 by 14 pixels.
/** @param {Pen} ctx @param {Layer} given @param {string} colour @param {number} x @param {number} y */
function drawSwatch(ctx, { kind, style }, colour, x, y) {
  ctx.save();
  ctx.translate(x, y);
  ctx.beginPath();
  if (kind === "point") ctx.arc(11, 7, 5, 0, 7);
  else if (kind === "line" || kind === "flow") {
    ctx.moveTo(1, 7);
    ctx.lineTo(21, 7);
  } else ctx.rect(1.5, 1.5, 19, 11);
  const isLine = kind === "line" || kind === "flow";
  const fill = kind === "point" ? "class" : isLine ? null : style?.fill ?? (kind === "image" ? "class" : null);
  if (fill) {
    ctx.globalAlpha = kind === "point" ? 1 : style?.opacity ?? 1;
    ctx.fillStyle = fill === "hatch" ? hatch(ctx, colour) : tone(fill, colour);
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  const line = isLine ? "class" : kind === "point" ? null : style?.line;
  if (line) {
    ctx.strokeStyle = line === "paper" ? INK.border : tone(line, colour);
    ctx.lineWidth = isLine ? Math.min(4, Math.max(1.6, style.width ?? 2)) : 1.2;
    ctx.setLineDash(style.dash ? (isLine ? [5, 3] : [3, 2]) : []);
    ctx.stroke();
  }
  ctx.restore();
}

/** @param {Pen} ctx @param {{sizes: Sizes["items"], layer: Layer}} given @param {number} x @param {number} y @param {string} font */
function paintSizes(ctx, { sizes, layer }, x, y, font) {
  const tall = tallest(layer);
  ctx.strokeStyle = INK.muted;
  ctx.fillStyle = INK.muted;
  for (const { value, radius } of sizes) {
    const isPoint = layer.kind === "point", half = isPoint ? radius : 15;
    ctx.lineWidth = isPoint ? 1.2 : radius;
    ctx.beginPath();
    if (isPoint) ctx.arc(x + half, y + 3 + tall - radius, radius, 0, 7);
    else {
      ctx.moveTo(x, y + 3 + tall / 2);
      ctx.lineTo(x + 30, y + 3 + tall / 2);
    }
    ctx.stroke();
    writeLines(ctx, [number(value)], x, y + tall + 17, 0, `400 11px ${font}`);
    x += Math.max(2 * half, ctx.measureText(number(value)).width) + 14;
  }
}
