import assert from "node:assert/strict";
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import { crc32 } from "./crc32.js";
import { test } from "node:test";

const { inflateGzip } = await import("../src/data/inflate.js");

const same = (bytes, options) => assert.deepEqual(Buffer.from(inflateGzip(new Uint8Array(gzipSync(bytes, options)))), Buffer.from(bytes));

test("nothing, one byte and a little come back", () => {
  for (const text of ["", "a", "京津冀", "\0\0\0"]) same(Buffer.from(text));
});

test("every level of compression is read, stored blocks too", () => {
  const text = Buffer.from("to be or not to be, that is the question; ".repeat(200));
  for (let level = 0; level <= 9; level++) same(text, { level });
});

test("fixed and dynamic codes are read", () => {
  const text = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i) % 251));
  for (const strategy of [constants.Z_FIXED, constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FILTERED]) same(text, { strategy });
});

test("bytes without any order are read, more than one window of them", () => {
  const bytes = Buffer.alloc(200_000);
  let state = 1;
  for (let i = 0; i < bytes.length; i++) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    bytes[i] = state >> 16;
  }
  same(bytes);
});

test("what repeats at the far end of the window is found", () => {
  const far = Buffer.concat([Buffer.from("needle"), Buffer.alloc(32_700, 1), Buffer.from("needle")]);
  same(far, { level: 9 });
});

test("a run that reads what it has just written is read", () => same(Buffer.alloc(100_000, 65)));

// As geo/render/encode.py writes: pieces compressed each by itself, then an empty last block.
function inPieces(pieces) {
  const flush = constants.Z_SYNC_FLUSH;
  const packed = pieces.map((piece, k) => deflateRawSync(piece, { finishFlush: flush, strategy: k % 2 ? constants.Z_RLE : constants.Z_DEFAULT_STRATEGY }));
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]), joined = Buffer.concat(pieces), tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(joined), 0);
  tail.writeUInt32LE(joined.length, 4);
  return [Buffer.concat([head, ...packed, Buffer.from([3, 0]), tail]), joined];
}

test("pieces of several strategies in one stream, as a page holds them, are read", () => {
  const pieces = [Buffer.from("abc".repeat(3000)), Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 31) % 256)), Buffer.from("end")];
  const [stream, joined] = inPieces(pieces);
  assert.deepEqual(Buffer.from(inflateGzip(new Uint8Array(stream))), joined);
});

test("a stream that is cut off or spoilt throws", () => {
  const whole = gzipSync(Buffer.from("that is the question".repeat(50)));
  assert.throws(() => inflateGzip(new Uint8Array(whole.subarray(0, 20))));
  const spoilt = Buffer.from(whole);
  spoilt[10] = 7; // a kind of block that does not exist
  assert.throws(() => inflateGzip(new Uint8Array(spoilt)));
  assert.throws(() => inflateGzip(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20])));
});
