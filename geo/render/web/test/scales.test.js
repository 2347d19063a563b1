import assert from "node:assert/strict";
import { test } from "node:test";

const { niceTicks, stacked } = await import("../src/charts/scales.js");

test("ticks are round and inside the range", () => {
  assert.deepEqual(niceTicks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(niceTicks(0, 100, 4), [0, 50, 100]);
  assert.deepEqual(niceTicks(3, 17, 4), [5, 10, 15]);
  assert.deepEqual(niceTicks(2005, 2024, 5), [2005, 2010, 2015, 2020]);
});

test("ticks of fractions carry no noise of the binary", () => {
  assert.deepEqual(niceTicks(0, 1, 4), [0, 0.5, 1]);
  assert.deepEqual(niceTicks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(niceTicks(0, 0.00007, 4), [0, 0.00002, 0.00004, 0.00006]);
});

test("ticks run through zero", () => assert.deepEqual(niceTicks(-10, 10, 4), [-10, -5, 0, 5, 10]));

test("a range without width has ticks all the same", () => {
  const ticks = niceTicks(5, 5, 4);
  assert.equal(ticks[0], 5);
  assert.ok(ticks.length >= 2);
});

test("there are never more ticks than are asked for, but one", () => {
  for (let k = 1; k < 400; k++) {
    const high = k ** 3 / 7, most = 2 + (k % 6);
    const ticks = niceTicks(0, high, most);
    assert.ok(ticks.length <= most + 1, `${high} by ${most}: ${ticks}`);
    assert.ok(ticks.at(-1) <= high * (1 + 1e-9));
    const steps = ticks.slice(1).map((one, i) => one - ticks[i]);
    for (const step of steps) assert.ok(Math.abs(step - steps[0]) <= steps[0] * 1e-6);
  }
});

const series = (...values) => ({ x: { values: values[0].map((_, i) => i) }, series: values.map((one) => ({ values: one })) });

test("series stand on each other", () => {
  assert.deepEqual(stacked(series([1, 2], [3, 4], [5, 6])), [[[0, 1], [0, 2]], [[1, 4], [2, 6]], [[4, 9], [6, 12]]]);
});

test("a value that is missing is no height, and what is above does not fall", () => {
  assert.deepEqual(stacked(series([1, null], [null, 4])), [[[0, 1], [0, 0]], [[1, 1], [0, 4]]]);
});

test("of one series the places are its values", () => assert.deepEqual(stacked(series([3, 0, 7])), [[[0, 3], [0, 0], [0, 7]]]));
