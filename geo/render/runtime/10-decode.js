// From one text of 85 signs back to columns: the counterpart of geo/render/encode.py.

const SIGN_VALUES = new Uint8Array(128);
[...PAGE.signs].forEach((sign, at) => { SIGN_VALUES[sign.charCodeAt(0)] = at; });

// Five signs are four bytes; a rest of k + 1 signs is k bytes.
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

async function gunzip(bytes) {
  if (typeof DecompressionStream !== "function") return inflateGzip(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// First bytes of all values, then second bytes, and so on.
function unshuffled(bytes, at, count) {
  const values = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    values[i] =
      bytes[at + i] |
      (bytes[at + count + i] << 8) |
      (bytes[at + 2 * count + i] << 16) |
      (bytes[at + 3 * count + i] << 24);
  }
  return values;
}

function unshuffledFloats(bytes, at, count) {
  const joined = new Uint8Array(count * 8);
  for (let b = 0; b < 8; b++) for (let i = 0; i < count; i++) joined[i * 8 + b] = bytes[at + b * count + i];
  return new Float64Array(joined.buffer);
}

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

// Words from the ranks of their signs in an alphabet: the commonest 192 are one byte, others two.
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

const WIDTHS = { d32: 4, u32: 4, f64: 8, json: 1, text: 1 };

function cut(bytes, parts) {
  const found = {};
  let at = 0;
  for (const [name, kind, count] of parts) {
    if (kind === "json") found[name] = JSON.parse(new TextDecoder().decode(bytes.subarray(at, at + count)));
    else if (kind === "text") found[name] = textsOf(bytes.subarray(at, at + count), found[`${name}@`]);
    else if (kind === "f64") found[name] = unshuffledFloats(bytes, at, count);
    else if (kind === "u32") found[name] = unshuffled(bytes, at, count);
    else found[name] = summed(unshuffled(bytes, at, count));
    at += count * WIDTHS[kind];
  }
  return found;
}

async function decodeBlock(block) {
  return cut(await gunzip(fromSigns(block.z)), block.parts);
}
