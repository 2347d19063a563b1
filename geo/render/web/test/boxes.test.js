import assert from "node:assert/strict";
import { test } from "node:test";

const { isCut, isFree, isTaken, nameBox, overlap, placesOf } = await import("../src/layers/boxes.js");

test("boxes that only touch do not overlap", () => {
  assert.equal(overlap([0, 0, 10, 10], [10, 0, 20, 10]), false);
  assert.equal(overlap([0, 0, 10, 10], [0, 10, 10, 20]), false);
  assert.equal(overlap([0, 0, 10, 10], [9.9, 9.9, 20, 20]), true);
});

test("overlap is the same both ways, and a box overlaps what it holds", () => {
  const boxes = [[0, 0, 10, 10], [5, 5, 15, 15], [2, 2, 3, 3], [20, 20, 30, 30]];
  for (const a of boxes) for (const b of boxes) assert.equal(overlap(a, b), overlap(b, a));
  assert.equal(overlap(boxes[0], boxes[2]), true);
});

test("the box of a name is centred, with three pixels of air beside it", () => {
  assert.deepEqual(nameBox(100, 50, 40, 10), [77, 43, 123, 57]);
});

test("a free place is taken by asking for it", () => {
  const taken = [];
  assert.equal(isFree(taken, 0, 0, 20, 10), true);
  assert.equal(isFree(taken, 5, 0, 20, 10), false);
  assert.equal(taken.length, 1, "what has no room takes none");
  assert.equal(isFree(taken, 100, 0, 20, 10), true);
  assert.equal(isTaken(taken, [99, -1, 101, 1]), true);
  assert.equal(isTaken(taken, [50, 50, 60, 60]), false);
});

test("a name upon its place may move a line up or down", () => {
  assert.deepEqual(placesOf({ size: 10 }, 40), [[0, 0], [0, -13], [0, 13]]);
});

test("a name beside a mark stands right of it first, then left, above, below, at the corners", () => {
  const places = placesOf({ size: 10, beside: true }, 40);
  assert.deepEqual(places.slice(0, 4), [[29, 0], [-29, 0], [0, -13], [0, 13]]);
  assert.equal(places.length, 6);
  assert.deepEqual(placesOf({ size: 10, beside: 5 }, 40)[0], [25, 0]);
});

test("no place beside a mark covers the mark", () => {
  const wide = 40, size = 12, gap = 9;
  for (const [dx, dy] of placesOf({ size, beside: gap }, wide)) {
    const [left, top, right, bottom] = nameBox(dx, dy, wide, size);
    const inside = left < 0 && right > 0 && top < 0 && bottom > 0;
    assert.equal(inside, false, `${dx} ${dy}`);
  }
});

test("a name that the frame cuts is told apart from one inside and one beyond", () => {
  const frame = [0, 0, 100, 100];
  assert.equal(isCut(frame, [10, 10, 20, 20]), false);
  assert.equal(isCut(frame, [90, 10, 110, 20]), true);
  assert.equal(isCut(frame, [200, 10, 210, 20]), false);
  assert.equal(isCut(frame, [0, 0, 100, 100]), false);
});
