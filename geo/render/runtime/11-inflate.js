// RFC 1951 and 1952, for browsers without DecompressionStream (before 2023).

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const FAR_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const FAR_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// Canonical Huffman code: how many codes of each length, and the symbols in order of their codes.
function huffman(lengths) {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  const starts = new Uint16Array(16);
  for (let i = 1; i < 16; i++) starts[i] = starts[i - 1] + counts[i - 1];
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => { if (length) symbols[starts[length]++] = symbol; });
  return { counts, symbols };
}

class Bits {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
    this.held = 0;
    this.count = 0;
  }

  take(n) {
    while (this.count < n) {
      this.held |= this.bytes[this.at++] << this.count;
      this.count += 8;
    }
    const value = this.held & ((1 << n) - 1);
    this.held >>>= n;
    this.count -= n;
    return value;
  }

  symbol(code) {
    let value = 0, first = 0, index = 0;
    for (let length = 1; length < 16; length++) {
      value |= this.take(1);
      const count = code.counts[length];
      if (value - count < first) return code.symbols[index + value - first];
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    throw new Error("broken code in compressed data");
  }
}

function codesOf(bits, kind) {
  if (kind === 1) {
    const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
    return [huffman(lengths), huffman(new Array(30).fill(5))];
  }
  const nLiteral = bits.take(5) + 257, nFar = bits.take(5) + 1, nCode = bits.take(4) + 4;
  const sizes = new Array(19).fill(0);
  for (let i = 0; i < nCode; i++) sizes[CODE_ORDER[i]] = bits.take(3);
  const code = huffman(sizes);
  const lengths = [];
  while (lengths.length < nLiteral + nFar) {
    const symbol = bits.symbol(code);
    if (symbol < 16) lengths.push(symbol);
    else {
      const [value, times] =
        symbol === 16 ? [lengths.at(-1), 3 + bits.take(2)]
        : symbol === 17 ? [0, 3 + bits.take(3)]
        : [0, 11 + bits.take(7)];
      for (let i = 0; i < times; i++) lengths.push(value);
    }
  }
  return [huffman(lengths.slice(0, nLiteral)), huffman(lengths.slice(nLiteral))];
}

function inflateGzip(bytes) {
  // our own gzip has a header of ten bytes and states its length in the last four
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  const out = new Uint8Array(size);
  const bits = new Bits(bytes, 10);
  let to = 0;
  for (let last = 0; !last;) {
    last = bits.take(1);
    const kind = bits.take(2);
    if (kind === 0) {
      bits.held = 0;
      bits.count = 0;
      const length = bytes[bits.at] | (bytes[bits.at + 1] << 8);
      out.set(bytes.subarray(bits.at + 4, bits.at + 4 + length), to);
      bits.at += 4 + length;
      to += length;
      continue;
    }
    const [literal, far] = codesOf(bits, kind);
    for (;;) {
      const symbol = bits.symbol(literal);
      if (symbol === 256) break;
      if (symbol < 256) {
        out[to++] = symbol;
        continue;
      }
      const length = LENGTH_BASE[symbol - 257] + bits.take(LENGTH_BITS[symbol - 257]);
      const code = bits.symbol(far);
      let from = to - FAR_BASE[code] - bits.take(FAR_BITS[code]);
      for (let i = 0; i < length; i++) out[to++] = out[from++];
    }
  }
  return out;
}
