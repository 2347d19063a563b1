import assert from "node:assert/strict";
import { test } from "node:test";

const { joinArcs } = await import("../src/data/arcs.js");

// Columns as geo/render/arcs.py writes them: arcs by length, rings by references, the lowest bit turns one round.
function columns(arcs, rings) {
  return {
    ax: arcs.flatMap((arc) => arc.map(([x]) => x)), ay: arcs.flatMap((arc) => arc.map(([, y]) => y)),
    alen: arcs.map((arc) => arc.length), ref: rings.flat(), rlen: rings.map((ring) => ring.length),
  };
}

function rings({ x, y, len }) {
  let at = 0;
  return [...len].map((n) => Array.from({ length: n }, () => [x[at], y[at++]]));
}

test("one closed arc is one ring without its last vertex", () => {
  const found = columns([[[0, 0], [4, 0], [4, 4], [0, 0]]], [[0]]);
  joinArcs(found);
  assert.deepEqual(rings(found), [[[0, 0], [4, 0], [4, 4]]]);
});

test("a border that two areas share is walked both ways", () => {
  const border = [[2, 0], [2, 1], [2, 2]], left = [[2, 2], [0, 2], [0, 0], [2, 0]], right = [[2, 0], [4, 0], [4, 2], [2, 2]];
  const found = columns([border, left, right], [[0 << 1, 1 << 1], [(0 << 1) | 1, 2 << 1]]);
  joinArcs(found);
  const [west, east] = rings(found);
  assert.deepEqual(west, [[2, 0], [2, 1], [2, 2], [0, 2], [0, 0]]);
  assert.deepEqual(east, [[2, 2], [2, 1], [2, 0], [4, 0], [4, 2]]);
});

test("an arc turned round begins with its last vertex and leaves its first to the next", () => {
  const found = columns([[[0, 0], [1, 0], [1, 1]]], [[1]]);
  joinArcs(found);
  assert.deepEqual(rings(found), [[[1, 1], [1, 0]]]);
});

test("no arcs are no vertices", () => {
  const found = columns([], []);
  joinArcs(found);
  assert.equal(found.x.length, 0);
  assert.equal(found.len.length, 0);
});

test("many rings keep their lengths in order", () => {
  const triangle = (k) => [[k, 0], [k + 1, 0], [k, 1], [k, 0]];
  const found = columns([0, 1, 2, 3].map(triangle), [[0], [2, 4], [6]]);
  joinArcs(found);
  assert.deepEqual([...found.len], [3, 6, 3]);
  assert.deepEqual(rings(found)[2], [[3, 0], [4, 0], [3, 1]]);
});
