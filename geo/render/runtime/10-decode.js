// From one base64 text back to columns: the counterpart of geo/render/encode.py.

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
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

const WIDTHS = { d32: 4, u32: 4, f64: 8, json: 1 };

function cut(bytes, parts) {
  const found = {};
  let at = 0;
  for (const [name, kind, count] of parts) {
    if (kind === "json") found[name] = JSON.parse(new TextDecoder().decode(bytes.subarray(at, at + count)));
    else if (kind === "f64") found[name] = unshuffledFloats(bytes, at, count);
    else if (kind === "u32") found[name] = unshuffled(bytes, at, count);
    else found[name] = summed(unshuffled(bytes, at, count));
    at += count * WIDTHS[kind];
  }
  return found;
}

async function decodeBlock(block) {
  return cut(await gunzip(fromBase64(block.z)), block.parts);
}
