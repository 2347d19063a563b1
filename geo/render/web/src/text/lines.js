// Lines of text on a canvas, broken as a printer would: words whole, no mark at the wrong end.

const WIDE = "\\u2e80-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\uff00-\\uffef";
const IS_WIDE = new RegExp(`[${WIDE}]`, "u");
const UNITS = new RegExp(`\\s+|[${WIDE}]|[^\\s${WIDE}]+`, "gu");
const NO_START = /^[\s，。、；：？！）」』》】”’·…％ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:?!)\]%]/u;
const NO_END = /[（「『《【“‘([]$/u;

// Words where the browser knows them, signs where it does not.
/** @param {string} text */
function unitsOf(text) {
  if (!window.Intl?.Segmenter) return text.match(UNITS) ?? [];
  const cutter = new Intl.Segmenter(document.documentElement.lang || "zh", { granularity: "word" });
  return Array.from(cutter.segment(text), (one) => one.segment);
}

// What may not be broken: a line may end after each piece.
/** @param {string} text */
function piecesOf(text) {
  const pieces = [];
  let piece = "";
  for (const unit of unitsOf(text.replace(/\s+/g, " "))) {
    const wide = IS_WIDE.test(piece.at(-1) ?? "") || IS_WIDE.test(unit[0]);
    if (!piece || NO_START.test(unit) || NO_END.test(piece) || !(wide || piece.endsWith(" "))) piece += unit;
    else {
      pieces.push(piece);
      piece = unit;
    }
  }
  return piece ? [...pieces, piece] : pieces;
}

/** @param {Pen} ctx @param {string} text @param {string} font @param {number} width */
export function wrapped(ctx, text, font, width) {
  ctx.font = font;
  /** @param {string} line */
  const fits = (line) => ctx.measureText(line.trimEnd()).width <= width;
  /** @type {string[]} */
  const lines = [];
  let line = "";
  /** @param {string} piece */
  const put = (piece) => {
    if (line && !fits(line + piece)) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  };
  for (const piece of piecesOf(text)) fits(piece) ? put(piece) : [...piece].forEach(put);
  return line ? [...lines, line.trimEnd()] : lines;
}

// As many lines as are needed, about equally long, so that no word stands alone on the last.
/** @param {Pen} ctx @param {string} text @param {string} font @param {number} width */
export function balanced(ctx, text, font, width) {
  let lines = wrapped(ctx, text, font, width);
  for (let less = width - 6; less > width / 3; less -= 6) {
    const next = wrapped(ctx, text, font, less);
    if (next.length > lines.length) break;
    lines = next;
  }
  return lines;
}

/** @param {string} text @param {number} most */
export function shortened(text, most) {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat.length <= most) return flat;
  const cut = flat.slice(0, most - 1);
  return `${cut}…${cut.lastIndexOf("\u2068") > cut.lastIndexOf("\u2069") ? "\u2069" : ""}`;
}

/** @param {Pen} ctx @param {string[]} lines @param {number} x @param {number} y @param {number} step @param {string} font */
export function writeLines(ctx, lines, x, y, step, font) {
  ctx.font = font;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  lines.forEach((line, at) => ctx.fillText(line, x, y + at * step));
}
