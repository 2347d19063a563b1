import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./page.js";

openPage({
  lang: "zh",
  words: { colon: { zh: "：", en: ": ", ja: "：" }, licence: { zh: "许可", en: "Licence", ja: "ライセンス" }, matches: { zh: "{n} 个结果", en: "Matches: {n}", ja: "{n}件" } },
});
const { filled, FROM_RIGHT, labelled, legible, T, W } = await import("../src/text/words.js");
const { STATE } = await import("../src/page/state.js");

function inLanguage(code, action) {
  STATE.lang = code;
  try { action(); } finally { STATE.lang = "zh"; }
}

test("a text speaks the present language", () => {
  const text = { zh: "北京", en: "Beijing", ja: "ペキン" };
  for (const code of ["zh", "en", "ja"]) inLanguage(code, () => assert.equal(T(text), text[code]));
});

test("a language that a text lacks is spoken in Chinese, then in English", () => {
  inLanguage("ja", () => {
    assert.equal(T({ zh: "北京", en: "Beijing" }), "北京");
    assert.equal(T({ en: "Beijing" }), "Beijing");
    assert.equal(T({ fr: "Pékin" }), "");
  });
});

test("words without a language, numbers and nothing are said as they are", () => {
  assert.equal(T("Beijing"), "Beijing");
  assert.equal(T(0), "0");
  assert.equal(T(null), "");
  assert.equal(T(undefined), "");
  assert.equal(T(""), "");
});

test("a text in one language may be empty, and is not another one then", () => {
  assert.equal(T({ zh: "", en: "unit" }), "");
});

test("words of the catalogue, one it does not have", () => {
  assert.equal(W("licence"), "许可");
  assert.equal(W("not_there"), "");
});

test("a label and its text are joined by the colon of the language", () => {
  assert.equal(labelled("licence", "MIT"), "许可：MIT");
  inLanguage("en", () => assert.equal(labelled("licence", "MIT"), "Licence: MIT"));
});

test("gaps are filled by name, and what fills them is not read again", () => {
  assert.equal(filled("{n} of {of}", { n: "{of}", of: 7 }), "{of} of 7");
  assert.equal(filled("no gap", {}), "no gap");
  assert.equal(filled("{n}", { n: "$&" }), "$&");
});

test("control signs are shown as signs", () => {
  assert.equal(legible("a\0b\x07c\x1bd\x7f\x9f"), "a\ufffdb\ufffdc\ufffdd\ufffd\ufffd");
});

test("tabs and ends of lines stay", () => assert.equal(legible("a\tb\nc\rd"), "a\tb\nc\rd"));

test("signs that turn the direction are taken out of the way", () => {
  for (const sign of ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2069"]) {
    assert.equal(legible(`gpj${sign}exe`), "gpj\ufffdexe");
  }
});

test("writing from the right is closed in, so that its neighbours keep their places", () => {
  for (const text of ["שלום", "مرحبا 12", "a\u200fb", "\u{1e900}"]) {
    assert.ok(FROM_RIGHT.test(text));
    assert.equal(legible(text), `\u2068${text}\u2069`);
  }
});

test("a text cannot leave its own isolation", () => {
  const shown = legible("שלום\u2069 evil");
  assert.equal(shown, "\u2068שלום\ufffd evil\u2069");
  assert.equal([...shown].filter((one) => one === "\u2069").length, 1);
});

test("Chinese, Japanese, marks and emoji are left alone", () => {
  for (const text of ["雄安新区", "つくば", "Xiong’an", "§ 4", "🏭", "é"]) assert.equal(legible(text), text);
});

test("markup is no more than its signs", () => {
  const text = "<img src=x onerror=alert(1)>";
  assert.equal(T(text), text);
  assert.equal(T({ zh: text }), text);
});
