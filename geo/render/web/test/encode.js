// The counterpart of src/data/decode.js, written from geo/render/encode.py: a block of columns.

import { gzipSync } from "node:zlib";
import { SIGNS } from "./page.js";

export function toSigns(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4) {
    const four = [...bytes.subarray(i, i + 4)], kept = four.length;
    while (four.length < 4) four.push(0);
    let value = ((four[0] * 256 + four[1]) * 256 + four[2]) * 256 + four[3], signs = "";
    for (let k = 0; k < 5; k++) {
      signs = SIGNS[value % 85] + signs;
      value = Math.floor(value / 85);
    }
    text += signs.slice(0, kept + 1);
  }
  return text;
}

/** First bytes of all values, then second bytes, and so on. */
export function shuffled(values, width, write) {
  const out = new Uint8Array(values.length * width), view = new DataView(new ArrayBuffer(8));
  values.forEach((value, i) => {
    write(view, value);
    for (let b = 0; b < width; b++) out[b * values.length + i] = view.getUint8(b);
  });
  return out;
}

export const folded = (steps) => steps.map((step) => (step < 0 ? -2 * step - 1 : 2 * step));

export function deltas(values) {
  return folded(values.map((value, i) => value - (i ? values[i - 1] : 0)));
}

function bytesOf(kind, values) {
  if (kind === "json") return new TextEncoder().encode(JSON.stringify(values));
  if (kind === "d32") return shuffled(deltas(values), 4, (view, value) => view.setUint32(0, value, true));
  if (kind === "u32") return shuffled(values, 4, (view, value) => view.setUint32(0, value, true));
  if (kind === "f64") return shuffled(values, 8, (view, value) => view.setFloat64(0, value, true));
  if (kind === "z56") {
    const steps = values.map((value, i) => BigInt(value) - (i ? BigInt(values[i - 1]) : 0n));
    return shuffled(steps, 7, (view, value) => view.setBigUint64(0, value, true));
  }
  throw new Error(kind);
}

/** Words by the rank of their signs: the commonest 192 are one byte, others two. */
export function ranked(cells) {
  const joined = cells.map((one) => one ?? "\0").join("\x1f");
  const counts = new Map();
  for (const sign of joined) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  const alphabet = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a.codePointAt(0) - b.codePointAt(0));
  const rank = new Map(alphabet.map((sign, at) => [sign, at]));
  const bytes = [];
  for (const sign of joined) {
    const at = rank.get(sign);
    if (at < 192) bytes.push(at);
    else bytes.push(192 + Math.floor((at - 192) / 256), (at - 192) % 256);
  }
  return { alphabet: alphabet.join(""), bytes: Uint8Array.from(bytes) };
}

/** A block of [name, kind, values] columns, as the page holds it. */
export function block(columns) {
  const parts = [], pieces = [];
  const put = (name, kind, count, bytes) => { parts.push([name, kind, count]); pieces.push(Buffer.from(bytes)); };
  for (const [name, kind, values] of columns) {
    if (kind === "text") {
      const { alphabet, bytes } = ranked(values);
      const letters = new TextEncoder().encode(JSON.stringify(alphabet));
      put(`${name}@`, "json", letters.length, letters);
      put(name, "text", bytes.length, bytes);
      continue;
    }
    const bytes = bytesOf(kind, values);
    put(name, kind, kind === "json" ? bytes.length : values.length, bytes);
  }
  return { parts, z: toSigns(gzipSync(Buffer.concat(pieces))) };
}
