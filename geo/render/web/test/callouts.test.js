import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, recordingPen, textOf } from "./page.js";

const notes = [
  { text: "Half of the firms stand within an hour of the new station", short: "Half within an hour", lat: 39.3, lon: 116.5, side: "ne" },
  { text: "<b>The corridor</b>", short: null, lat: 39.3, lon: 116.5, side: null },
  { text: "Far away", short: null, lat: -30, lon: -60, side: null },
];
openPage({ lang: "en", notes });
const { feature } = await import("../src/features.js");
await import("../src/callouts/callouts.js");
const { bestSpot, costOf, crosses, NOTES, onSide, placeNotes } = await import("../src/callouts/placement.js");
const { overlap } = await import("../src/layers/boxes.js");
const map = await import("../src/map/map.js");

const node = document.createElement("div");
for (const [name, value] of [["clientWidth", 900], ["clientHeight", 700]]) Object.defineProperty(node, name, { value });
document.body.append(node);
map.makeMap(node);
const key = feature("notes").list();
document.body.append(key);

const ground = (more = {}) => ({ size: { x: 900, y: 700 }, busy: { at: () => 0 }, names: [], taken: [], ...more });
const form = { lines: ["text"], wide: 100, high: 30, most: 40 };
const middle = { x: 450, y: 350 };

test("a line crosses a box that it runs through, not one beside it or at its ends", () => {
  assert.equal(crosses({ x: 0, y: 0 }, { x: 100, y: 0 }, [30, -5, 50, 5]), true);
  assert.equal(crosses({ x: 0, y: 0 }, { x: 100, y: 0 }, [30, 5, 50, 15]), false);
  assert.equal(crosses({ x: 0, y: 0 }, { x: 100, y: 0 }, [-10, -5, 5, 5]), false);
});

test("a side is a half of the sky, with some slack", () => {
  assert.equal(onSide("ne", 0.7, -0.7), true);
  assert.equal(onSide("ne", -0.7, 0.7), false);
  assert.equal(onSide("sw", -0.7, 0.7), true);
  assert.equal(onSide("ne", 1, 0.3), true);
  assert.equal(onSide(null, -1, 1), true);
});

test("no callout leaves the map or lies upon what is taken", () => {
  assert.equal(costOf(ground(), [-5, 10, 95, 40], middle, 20, Infinity), null);
  assert.equal(costOf(ground(), [820, 10, 920, 40], middle, 20, Infinity), null);
  assert.equal(costOf(ground({ taken: [[400, 300, 500, 340]] }), [450, 310, 550, 340], middle, 20, Infinity), null);
  assert.equal(typeof costOf(ground(), [500, 300, 600, 330], middle, 20, Infinity), "number");
});

test("a long line, a hidden name and busy land cost, in this order of weight", () => {
  const box = [500, 300, 600, 330];
  const free = costOf(ground(), box, middle, 22, Infinity);
  const far = costOf(ground(), box, middle, 250, Infinity);
  const busy = costOf(ground({ busy: { at: () => 0.22 } }), box, middle, 22, Infinity);
  const named = costOf(ground({ names: [{ box: [520, 310, 560, 320], weight: 40 }] }), box, middle, 22, Infinity);
  assert.ok(free < far && free < busy && busy < named);
});

test("the best spot is near, free and on the side that is asked for", () => {
  const spot = bestSpot(ground(), { side: "ne" }, middle, form, null);
  assert.equal(spot.gap, 22);
  assert.ok(spot.box[0] + 50 > middle.x - 40 && spot.box[1] + 15 < middle.y + 40);
});

test("a spot where the callout stood before is preferred", () => {
  const first = bestSpot(ground(), { side: null }, middle, form, null);
  const other = { turn: (first.turn + 8) % 16, gap: first.gap };
  const kept = bestSpot(ground(), { side: null }, middle, form, other);
  assert.equal(kept.turn, other.turn);
});

test("where there is no room at all there is no spot", () => {
  assert.equal(bestSpot(ground({ taken: [[0, 0, 900, 700]] }), { side: null }, middle, form, null), null);
});

test("callouts are placed clear of each other and of both places; those beyond the map are not", () => {
  placeNotes(recordingPen());
  const [a, b, c] = NOTES.map((one) => one.placed);
  assert.ok(a && b);
  assert.equal(c, null);
  assert.equal(overlap(a.box, b.box), false);
  for (const { box } of [a, b]) {
    assert.ok(box[0] >= 8 && box[1] >= 8 && box[2] <= 892 && box[3] <= 692);
    assert.equal(overlap(box, [a.anchor.x - 7, a.anchor.y - 7, a.anchor.x + 7, a.anchor.y + 7]), false);
  }
});

test("names are told where callouts stand", () => {
  assert.deepEqual(feature("notes").boxes(), NOTES.filter((one) => one.placed).map((one) => one.placed.box));
});

test("the same sentences stand as a list for readers, markup as text", () => {
  assert.equal(key.querySelectorAll("li").length, 3);
  assert.equal(textOf(key.querySelectorAll("li")[1]), "<b>The corridor</b>");
  assert.ok(key.classList.contains("for-reader"), "no callout is a number here");
});

test("callouts are drawn as plates with a line to their place", () => {
  const pen = recordingPen();
  const view = { left: map.MAP.getPixelOrigin().x, top: map.MAP.getPixelOrigin().y };
  feature("notes").paint(pen, view, null, false);
  const said = pen.calls.filter(([name]) => name === "fillText").map(([, text]) => text).join(" ");
  assert.ok(said.includes("Half of the firms"));
  assert.ok(said.includes("<b>The corridor</b>"));
  assert.equal(pen.calls.filter(([name]) => name === "arc").length, 4, "a ring a place, in two strokes");
});

test("where the text has no room a number stands for it, and its key is seen", () => {
  const [note] = NOTES;
  note.placed = { ...note.placed, form: { lines: null, wide: 22, high: 22, most: Infinity } };
  const pen = recordingPen();
  note.number = "1";
  feature("notes").paint(pen, { left: 0, top: 0 }, null, false);
  assert.ok(pen.calls.some(([name, text]) => name === "fillText" && text === "1"));
});
