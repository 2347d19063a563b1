import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { block, deltas, folded, ranked, toSigns } from "./encode.js";
import { openPage, SIGNS } from "./page.js";

openPage();
const { decodeBlock, fromCurve } = await import("../src/data/decode.js");

const decoded = (columns, aside) => decodeBlock(block(columns), aside);

// The same numbers each time, evenly spread.
function numbers(n, below, seed = 7) {
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  });
}

test("the encoder of these tests is that of Python, by its own examples", () => {
  assert.deepEqual(deltas([5, 4, 6, 6]), [10, 1, 4, 0]);
  assert.deepEqual(folded([0, -1, 1, -2]), [0, 1, 2, 3]);
  assert.equal(SIGNS.length, 85);
  assert.equal(ranked(["京津", null, "津"]).bytes.length, 6);
});

test("whole numbers come back from their differences, negative ones too", async () => {
  const values = [11639123, 11639120, 11639120, -5, 0, 2 ** 30 - 1, -(2 ** 30)];
  const { x } = await decoded([["x", "d32", values]]);
  assert.ok(x instanceof Int32Array);
  assert.deepEqual([...x], values);
});

test("whole numbers of 32 bits come back as they are", async () => {
  const values = [0, 1, 255, 256, 65536, 2 ** 31, 2 ** 32 - 1];
  const { code } = await decoded([["code", "u32", values]]);
  assert.ok(code instanceof Uint32Array);
  assert.deepEqual([...code], values);
});

test("numbers with a fraction come back to the last bit, with what is no number", async () => {
  const values = [0.1, -1e300, 5e-324, Math.PI, NaN, Infinity, -0];
  const { v } = await decoded([["v", "f64", values]]);
  assert.ok(v instanceof Float64Array);
  values.forEach((one, i) => assert.ok(Object.is(v[i], one), `${one}`));
});

test("numbers that climb come back up to 53 bits", async () => {
  const values = [0, 0, 1, 2 ** 24, 2 ** 24 + 1, 2 ** 48, 2 ** 52 + 12345];
  const { z } = await decoded([["z", "z56", values]]);
  assert.deepEqual([...z], values);
});

test("JSON stands beside columns, in any language", async () => {
  const value = { zh: "京津冀", n: [1, null], "</script>": "<!--" };
  const found = await decoded([["a", "u32", [1, 2, 3]], ["how", "json", value], ["b", "d32", [-1, -2]]]);
  assert.deepEqual(found.how, value);
  assert.deepEqual([...found.a], [1, 2, 3]);
  assert.deepEqual([...found.b], [-1, -2]);
});

test("words come back, the missing ones as null and the empty ones empty", async () => {
  const words = ["北京市", null, "", "天津市", "Xiong'an", null];
  const { name } = await decoded([["name", "text", words]]);
  assert.deepEqual(name, words);
});

test("signs beyond the commonest 192 take two bytes, and those beyond 16 bits two places", async () => {
  const many = Array.from({ length: 700 }, (_, i) => String.fromCodePoint(0x4e00 + i));
  const words = [...many, "𠮷野", "🗺️", many.join("")];
  assert.ok(ranked(words).bytes.length > 1400);
  const { name } = await decoded([["name", "text", words]]);
  assert.deepEqual(name, words);
});

test("a byte order mark in a word stays", async () => {
  const { name } = await decoded([["name", "text", ["\ufeffa", "b\ufeff"]]]);
  assert.deepEqual(name, ["\ufeffa", "b\ufeff"]);
});

test("markup and templates in words stay words", async () => {
  const words = ["</script><script>1</script>", "${x}`", "{{ 7*7 }}", "\u2028", "'\"\\"];
  const { name } = await decoded([["name", "text", words]]);
  assert.deepEqual(name, words);
});

test("blocks of every length are read, whatever is left of the last five signs", async () => {
  for (let n = 0; n < 12; n++) {
    const values = numbers(n, 1000, n + 1);
    const { v } = await decoded([["v", "u32", values]]);
    assert.deepEqual([...v], values, `${n} values`);
  }
});

test("signs hold no mark that could end a string, a tag or a template", () => {
  for (const bad of "\"'\\<>&`${") assert.ok(!SIGNS.includes(bad), bad);
  const text = toSigns(Uint8Array.from(numbers(1000, 256)));
  assert.ok([...text].every((one) => SIGNS.includes(one)));
});

test("a long table is decoded column by column, and comes out the same", async () => {
  const values = numbers(30_000, 2 ** 20);
  let turns = 0;
  const ticking = setInterval(() => { turns++; });
  const found = await decoded([["a", "u32", values], ["b", "d32", values]], true);
  clearInterval(ticking);
  assert.deepEqual([...found.a], values);
  assert.deepEqual([...found.b], values);
  assert.ok(turns >= 0);
});

test("without the browser's own decompression the same comes out", async () => {
  const own = globalThis.DecompressionStream;
  globalThis.DecompressionStream = undefined;
  try {
    const values = numbers(5000, 2 ** 16), words = values.map((one) => (one % 7 ? `站${one % 50}` : null));
    const found = await decoded([["v", "d32", values], ["w", "text", words]]);
    assert.deepEqual([...found.v], values);
    assert.deepEqual(found.w, words);
  } finally {
    globalThis.DecompressionStream = own;
  }
});

test("a block whose bytes were changed is an error, not a wrong map", async () => {
  const made = block([["v", "u32", numbers(500, 2 ** 30)]]);
  const middle = Math.floor(made.z.length / 2);
  const spoilt = { ...made, z: `${made.z.slice(0, middle)}${made.z[middle] === "!" ? "#" : "!"}${made.z.slice(middle + 1)}` };
  await assert.rejects(() => decodeBlock(spoilt));
  await assert.rejects(() => decodeBlock({ ...made, z: toSigns(gzipSync(Buffer.alloc(3))).slice(0, 12) }));
});

// Bits of x and y in turns, x first, as geo/render/shapes.py lays them.
function along(x, y) {
  let z = 0n;
  for (let bit = 0n; bit < 26n; bit++) {
    z |= ((BigInt(x) >> bit) & 1n) << (2n * bit);
    z |= ((BigInt(y) >> bit) & 1n) << (2n * bit + 1n);
  }
  return Number(z);
}

test("places on the Z-shaped curve come back, up to 26 bits a side", () => {
  const places = [[0, 0], [1, 0], [0, 1], [3, 5], [8191, 8192], [2 ** 26 - 1, 2 ** 26 - 1], [2 ** 25, 1], [12345678, 7654321]];
  const [x, y] = fromCurve(Float64Array.from(places, ([a, b]) => along(a, b)), [-100, 7]);
  assert.deepEqual([...x], places.map(([a]) => a - 100));
  assert.deepEqual([...y], places.map(([, b]) => b + 7));
});
