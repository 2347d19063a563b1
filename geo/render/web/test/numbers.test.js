import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./page.js";

openPage();
const { number, withUnit } = await import("../src/text/numbers.js");
const { STATE } = await import("../src/page/state.js");

function each(action) {
  for (const code of ["zh", "en", "ja"]) {
    STATE.lang = code;
    action(code);
  }
  STATE.lang = "en";
}

test("whole numbers below ten thousand have no groups", () => each(() => {
  for (const [value, said] of [[0, "0"], [7, "7"], [2024, "2024"], [9999, "9999"], [-9999, "-9999"]]) assert.equal(number(value), said);
}));

test("greater whole numbers have groups of three", () => each(() => {
  for (const [value, said] of [[10000, "10,000"], [216166, "216,166"], [1234567890, "1,234,567,890"], [-10000, "-10,000"]]) assert.equal(number(value), said);
}));

test("whole numbers with a number of decimals have them", () => each(() => {
  assert.equal(number(5, 1), "5.0");
  assert.equal(number(12345, 2), "12,345.00");
  assert.equal(number(5, 0), "5");
}));

test("fractions have three decimals at most where none are asked for", () => each(() => {
  for (const [value, said] of [[0.5, "0.5"], [1 / 3, "0.333"], [2.00049, "2"], [1234.5678, "1234.568"], [12345.6, "12,345.6"]]) assert.equal(number(value), said);
}));

test("very small numbers keep three digits that count", () => each(() => {
  for (const [value, said] of [[0.000123456, "0.000123"], [0.0099, "0.0099"], [-0.00001, "-0.00001"]]) assert.equal(number(value), said);
}));

test("decimals that are asked for are kept and rounded", () => each(() => {
  for (const [value, decimals, said] of [[0.125, 2, "0.13"], [99.995, 1, "100.0"], [-1.25, 1, "-1.3"], [3.14159, 0, "3"]]) assert.equal(number(value, decimals), said);
}));

test("null asks for no number of decimals", () => assert.equal(number(0.5, null), "0.5"));

test("what is no number is said, not hidden", () => each(() => {
  assert.equal(number(NaN), "NaN");
  assert.equal(number(Infinity), "∞");
}));

test("numbers beyond the safe ones are grouped too", () => {
  assert.equal(number(2 ** 60).replace(/\D/g, "").length, 19);
});

test("a unit follows after a space, in the present language", () => {
  assert.equal(withUnit("12", { zh: "人", en: "people", ja: "人" }), "12 people");
  STATE.lang = "ja";
  assert.equal(withUnit("12", { zh: "人", en: "people", ja: "人" }), "12 人");
  STATE.lang = "en";
  assert.equal(withUnit("12", "%"), "12 %");
});

test("without a unit nothing follows", () => {
  for (const unit of [null, undefined, ""]) assert.equal(withUnit("12", unit), "12");
});
