// From one text of 85 signs back to columns: the counterpart of geo/render/encode.py.

import { inflateGzip } from "./inflate.js";
import { PAGE } from "../page/page.js";

const SIGN_VALUES = new Uint8Array(128);
[...PAGE.signs].forEach((sign, at) => { SIGN_VALUES[sign.charCodeAt(0)] = at; });

// Five signs are four bytes; a rest of k + 1 signs is k bytes.
/** @param {string} text */
function fromSigns(text) {
  const whole = Math.ceil(text.length / 5);
  const bytes = new Uint8Array(whole * 4);
  for (let i = 0, to = 0; i < text.length; i += 5, to += 4) {
    let value = 0;
    for (let k = i; k < i + 5; k++) value = value * 85 + (k < text.length ? SIGN_VALUES[text.charCodeAt(k)] : 84);
    bytes[to] = value >>> 24;
    bytes[to + 1] = value >>> 16;
    bytes[to + 2] = value >>> 8;
    bytes[to + 3] = value;
  }
  return bytes.subarray(0, whole * 4 - (whole * 5 - text.length));
}

/** @param {Uint8Array} bytes */
async function gunzip(bytes) {
  if (typeof DecompressionStream !== "function") return inflateGzip(bytes);
  const stream = new Blob([/** @type {any} */ (bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// First bytes of all values, then second bytes, and so on.
/** @param {Uint8Array} bytes @param {number} count */
function unshuffled(bytes, count) {
  const values = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    values[i] = bytes[i] | (bytes[count + i] << 8) | (bytes[2 * count + i] << 16) | (bytes[3 * count + i] << 24);
  }
  return values;
}

/** @param {Uint8Array} bytes @param {number} count */
function unshuffledFloats(bytes, count) {
  const joined = new Uint8Array(count * 8);
  for (let b = 0; b < 8; b++) for (let i = 0; i < count; i++) joined[i * 8 + b] = bytes[b * count + i];
  return new Float64Array(joined.buffer);
}

/** @param {Uint32Array} folded */
function summed(folded) {
  const values = new Int32Array(folded.length);
  let sum = 0;
  for (let i = 0; i < folded.length; i++) {
    const one = folded[i];
    sum += one & 1 ? -((one >>> 1) + 1) : one >>> 1;
    values[i] = sum;
  }
  return values;
}

// Numbers of up to 53 bits that never fall, from their steps of seven bytes.
/** @param {Uint8Array} bytes @param {number} count */
function climbed(bytes, count) {
  const values = new Float64Array(count);
  /** @param {number} i */
  const three = (i) => bytes[i] | (bytes[count + i] << 8) | (bytes[2 * count + i] << 16);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += three(i) + 2 ** 24 * three(3 * count + i) + 2 ** 48 * bytes[6 * count + i];
    values[i] = sum;
  }
  return values;
}

// Coordinates whose bits take turns in the way along a Z-shaped curve.
/** @param {Float64Array} z @param {number[]} given */
export function fromCurve(z, [west, south]) {
  const x = new Int32Array(z.length), y = new Int32Array(z.length);
  for (let i = 0; i < z.length; i++) {
    const high = Math.floor(z[i] / 2 ** 26), low = z[i] % 2 ** 26;
    x[i] = west + (everyOther(high) << 13 | everyOther(low));
    y[i] = south + (everyOther(high >> 1) << 13 | everyOther(low >> 1));
  }
  return [x, y];
}

/** @param {number} bits */
function everyOther(bits) {
  bits &= 0x55555555;
  bits = (bits | (bits >> 1)) & 0x33333333;
  bits = (bits | (bits >> 2)) & 0x0f0f0f0f;
  bits = (bits | (bits >> 4)) & 0x00ff00ff;
  return (bits | (bits >> 8)) & 0xffff;
}

// Words from the ranks of their signs in an alphabet: the commonest 192 are one byte, others two.
/** @param {Uint8Array} bytes @param {string} alphabet */
function textsOf(bytes, alphabet) {
  const places = [...alphabet];
  const out = new Uint16Array(bytes.length * 2);
  let to = 0;
  for (let i = 0; i < bytes.length; i++) {
    const at = bytes[i] < 192 ? bytes[i] : 192 + (bytes[i] - 192) * 256 + bytes[++i];
    const sign = places[at];
    out[to++] = sign.charCodeAt(0);
    if (sign.length > 1) out[to++] = sign.charCodeAt(1);
  }
  const text = new TextDecoder("utf-16le", { ignoreBOM: true }).decode(out.subarray(0, to));
  return text.split("\x1f").map((one) => (one === "\0" ? null : one));
}

/** @type {Record<string, number>} */
const WIDTHS = { d32: 4, u32: 4, z56: 7, f64: 8, json: 1, text: 1 };
const LONG = 20_000; // values; a column of as many is decoded by itself, so that the pointer is not held up

/** @type {Record<string, (bytes: Uint8Array, count: number, alphabet: string) => any>} */
const READERS = {
  json: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
  text: (bytes, count, alphabet) => textsOf(bytes, alphabet),
  f64: unshuffledFloats,
  u32: unshuffled,
  z56: climbed,
  d32: (bytes, count) => summed(unshuffled(bytes, count)),
};

// Columns of a block by name. A table is decoded while the reader goes on, column by column.
/** @param {Packed} block @param {boolean} [aside] */
export async function decodeBlock(block, aside = false) {
  const bytes = await gunzip(fromSigns(block.z));
  /** @type {Columns} */
  const found = {};
  let at = 0;
  for (const [name, kind, count] of block.parts) {
    const end = at + count * WIDTHS[kind];
    found[name] = READERS[kind](bytes.subarray(at, end), count, found[`${name}@`]);
    at = end;
    if (aside && count > LONG) await new Promise((done) => setTimeout(done));
  }
  return found;
}
