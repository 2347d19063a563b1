import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, recordingPen } from "./page.js";

openPage();
document.documentElement.lang = "zh-CN";
const { balanced, shortened, wrapped, writeLines } = await import("../src/text/lines.js");

const pen = recordingPen(); // seven pixels a sign
const lines = (text, signs) => wrapped(pen, text, "12px sans", 7 * signs);

test("what fits stands on one line", () => assert.deepEqual(lines("short", 10), ["short"]));

test("lines end between words", () => assert.deepEqual(lines("the quick brown fox", 10), ["the quick", "brown fox"]));

test("no line is wider than it may be, unless a sign is", () => {
  for (const text of ["the quick brown fox jumps", "北京天津河北协同发展二十年", "Xiong'an 雄安新区 2024 年"]) {
    for (let signs = 3; signs < 20; signs++) for (const line of lines(text, signs)) assert.ok([...line].length <= signs, `${line} of ${signs}`);
  }
  assert.deepEqual(lines("北京", 0), ["北", "京"]);
});

test("a word longer than a line is cut sign by sign", () => assert.deepEqual(lines("abcdefghij", 4), ["abcd", "efgh", "ij"]));

test("nothing is lost but spaces at the ends of lines", () => {
  const text = "Coupling coordination of 京津冀, 2005–2024 (three circles)";
  for (let signs = 4; signs < 30; signs++) assert.equal(lines(text, signs).join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
});

test("no line begins with a mark that ends a phrase", () => {
  for (let signs = 4; signs < 12; signs++) {
    for (const line of lines("北京、天津、河北，三地协同。", signs)) assert.ok(!/^[、，。]/u.test(line), line);
  }
});

test("no line ends with a bracket that opens", () => {
  for (let signs = 5; signs < 12; signs++) {
    for (const line of lines("通州（北三县）一体化（试点）", signs)) assert.ok(!/（$/u.test(line), line);
  }
});

test("white space of any kind is one space", () => assert.deepEqual(lines("a\n\n b\t c", 20), ["a b c"]));

test("no text is no line", () => assert.deepEqual(lines("", 10), []));

test("balanced lines are as few as are needed, and about as long", () => {
  const text = "one two three four five six", font = "12px sans";
  const plain = wrapped(pen, text, font, 7 * 20), even = balanced(pen, text, font, 7 * 20);
  assert.equal(even.length, plain.length);
  const spread = (all) => Math.max(...all.map((one) => one.length)) - Math.min(...all.map((one) => one.length));
  assert.ok(spread(even) <= spread(plain));
  assert.deepEqual(even, ["one two three", "four five six"]);
});

test("without the browser's segmenter the same rules hold", () => {
  const own = Intl.Segmenter;
  Intl.Segmenter = undefined;
  try {
    assert.deepEqual(lines("the quick brown fox", 10), ["the quick", "brown fox"]);
    assert.deepEqual(lines("北京、天津", 3), ["北京、", "天津"]);
  } finally {
    Intl.Segmenter = own;
  }
});

test("a short text stays whole", () => {
  assert.equal(shortened("Beijing", 10), "Beijing");
  assert.equal(shortened("  a \n b ", 10), "a b");
  assert.equal(shortened("", 3), "");
});

test("a long text is cut and says so", () => {
  assert.equal(shortened("Shijiazhuang", 6), "Shiji…");
  assert.equal(shortened("Shijiazhuang", 12), "Shijiazhuang");
});

test("an isolation that is cut is closed", () => {
  assert.equal(shortened("\u2068שלום שלום\u2069", 6), "\u2068שלום…\u2069");
  assert.equal(shortened("\u2068של\u2069 abcdefgh", 8).endsWith("…"), true);
});

test("lines are written one below the other", () => {
  const own = recordingPen();
  writeLines(own, ["a", "b", "c"], 10, 20, 15, "12px sans");
  assert.deepEqual(own.calls, [["fillText", "a", 10, 20], ["fillText", "b", 10, 35], ["fillText", "c", 10, 50]]);
  assert.equal(own.textAlign, "left");
});
