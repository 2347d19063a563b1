import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { layerDef, openPage, recordingPen } from "./page.js";

openPage({
  lang: "en",
  words: {
    unnamed: "unnamed", group_of: "{name} and {more} more", flows_summed: "of {n} flows", n_places: "{n} places", places: "Places",
    flows_within: "Flows within", sum_within: "Sum within", flows_in_sum: "Flows", largest_flows: "Largest",
  },
});
const { DataLayer } = await import("../src/data/layer.js");
const { KINDS } = await import("../src/layers/kinds.js");
const { oneDigit } = await import("../src/layers/flows.js");
const { listed, wayWords } = await import("../src/layers/flow-words.js");
const { register } = await import("../src/features.js");
const { STATE } = await import("../src/page/state.js");

const OUT = 3, CLOSE = 18; // zooms

// A and B are a hundredth of a degree apart, C is ten degrees away.
async function layer(more = {}, columns = []) {
  const shapes = block([
    ["px", "d32", [11600000, 11601000, 12600000]], ["py", "d32", [3900000, 3900000, 3900000]],
    ["from", "u32", [0, 2, 0, 1]], ["to", "u32", [2, 1, 1, 2]], ["weight", "f64", [10, 4, 7, 5]],
    ["class", "u32", [0, 1, 0, 1]], ["pnames", "json", { any: ["Alpha", "Beta", "Gamma"] }], ...columns,
  ]);
  const made = new DataLayer(layerDef({
    kind: "flow", n: 4, shapes, style: { line: "class", width: 2, directed: true }, colours: ["#111111", "#222222", "#000000"],
    sizes: { title: "Flow", unit: "people", items: [] }, weights: [4, 5, 7, 10], ...more,
  }), 0);
  await made.load();
  return made;
}

const sums = (view) => Array.from({ length: view.n }, (_, b) => [view.from[b], view.to[b], view.weight[b]]);

test("near by every place stands alone and every flow is a line", async () => {
  const view = KINDS.flow.bundles(await layer(), CLOSE);
  assert.deepEqual([...view.groups.size], [1, 1, 1]);
  assert.deepEqual(sums(view), [[2, 1, 4], [1, 2, 5], [0, 1, 7], [0, 2, 10]], "the heaviest last, so that it lies above");
  assert.equal(view.inside.size, 0);
});

test("far out near places are one group, flows between groups are summed and those within counted", async () => {
  const view = KINDS.flow.bundles(await layer(), OUT);
  assert.deepEqual([...view.groups.of], [0, 0, 2], "Alpha carries more than Beta and leads");
  assert.deepEqual(sums(view), [[2, 0, 4], [0, 2, 15]]);
  assert.deepEqual([...view.inside.values()].map(({ sum, rows }) => [sum, rows]), [[7, [2]]]);
});

test("nothing is lost at any zoom: what is drawn and what stays within add up", async () => {
  const made = await layer();
  for (let zoom = 0; zoom <= 18; zoom += 0.25) {
    const view = KINDS.flow.bundles(made, zoom);
    const within = [...view.inside.values()].reduce((all, { sum }) => all + sum, 0);
    assert.equal(view.weight.reduce((a, b) => a + b, 0) + within, 26, `zoom ${zoom}`);
    assert.equal(view.groups.size.reduce((a, b) => a + b, 0), 3);
  }
});

test("groups only grow as the map zooms out", async () => {
  const made = await layer();
  let before = 4;
  for (let zoom = 18; zoom >= 0; zoom -= 0.25) {
    const count = KINDS.flow.bundles(made, zoom).groups.size.filter((one) => one > 0).length;
    assert.ok(count <= before, `zoom ${zoom}`);
    before = count;
  }
});

test("without a direction both ways are one line", async () => {
  const made = await layer({ style: { line: "class", width: 2, directed: false } });
  assert.deepEqual(sums(KINDS.flow.bundles(made, CLOSE)), [[0, 1, 7], [1, 2, 9], [0, 2, 10]]);
});

test("a sum below the threshold is not drawn, one above is though its rows are below", async () => {
  const made = await layer();
  made.least = 12;
  assert.deepEqual(sums(KINDS.flow.bundles(made, OUT)), [[0, 2, 15]]);
  assert.deepEqual(sums(KINDS.flow.bundles(made, CLOSE)), []);
});

test("a hidden class is not summed", async () => {
  const made = await layer();
  made.hidden = new Set([1]);
  assert.deepEqual(sums(KINDS.flow.bundles(made, OUT)), [[0, 2, 10]]);
});

test("the class that carries most of a sum colours its line", async () => {
  const view = KINDS.flow.bundles(await layer(), OUT);
  assert.equal(view.colour(1), "#111111", "10 of 15");
  assert.equal(view.colour(0), "#222222");
});

test("widths are told by the largest sum whatever is filtered", async () => {
  const made = await layer();
  const { top } = KINDS.flow.bundles(made, OUT);
  assert.equal(top, 15);
  made.hidden = new Set([0]);
  assert.equal(KINDS.flow.bundles(made, OUT).top, 15);
});

test("by years the largest sum is that of one year", async () => {
  const made = await layer({ time: { steps: ["2000", "2010"], until: false } }, [["time", "u32", [1, 1, 2, 2]]]);
  register("time", { place: () => new Set([STATE.step + 1]) });
  STATE.step = 0;
  const view = KINDS.flow.bundles(made, CLOSE);
  assert.deepEqual(sums(view), [[2, 1, 4], [0, 2, 10]]);
  assert.equal(view.top, 10);
  STATE.step = null;
});

test("the same question has the same answer, without the work", async () => {
  const made = await layer();
  const view = KINDS.flow.bundles(made, OUT);
  assert.equal(KINDS.flow.bundles(made, OUT), view);
  KINDS.flow.bundles(made, CLOSE);
  assert.equal(KINDS.flow.bundles(made, OUT), view, "two are kept");
  assert.equal(view.stale(), false);
  KINDS.flow.bundles(made, CLOSE);
  assert.equal(view.stale(), true);
});

test("a line begins and ends at its places and bends to the right of its way", async () => {
  const made = await layer();
  const last = made.runs[1] - 1;
  assert.equal(made.x[0], made.places.x[0]);
  assert.equal(made.x[last], made.places.x[2]);
  const middle = made.y[Math.round(last / 2)];
  assert.ok(middle > made.places.y[0], "eastward: south is right");
});

test("two ways between two places part", async () => {
  const made = await layer();
  const there = made.y.slice(made.runs[3], made.runs[4]), back = made.y.slice(made.runs[1], made.runs[2]);
  assert.ok(Math.max(...there) > made.places.y[1]);
  assert.ok(Math.min(...back) < made.places.y[1]);
});

test("a flow is named by its places, in the order of its way", async () => {
  const made = await layer();
  assert.equal(made.name(0), "Alpha → Gamma");
  made.style.directed = false;
  assert.equal(made.name(1), "Gamma – Beta");
});

test("a name from the right does not turn the arrow", () => {
  const words = wayWords({ style: { directed: true } }, "\u2068שלום\u2069", "Beijing");
  assert.equal(words, "\u200e\u2068שלום\u2069 → Beijing");
});

test("a sum says how many flows it is of, and lists the largest", async () => {
  const view = KINDS.flow.bundles(await layer(), OUT);
  assert.equal(KINDS.flow.says(view, 1), "15 people · of 2 flows");
  assert.equal(view.cell("sum", 1), 15);
  assert.equal(view.cell("n", 1), 2);
  assert.equal(view.cell("largest", 1), "Alpha → Gamma (10), Beta → Gamma (5)");
  assert.equal(view.name(1), "Alpha and 1 more → Gamma");
  assert.equal(view.key(1), null);
});

test("pointing hits a group first, then a row or a sum", async () => {
  const made = await layer();
  const [x, y] = [made.places.x[0], made.places.y[0]];
  const [group] = KINDS.flow.hit(made, x, y, 0.5, OUT);
  assert.equal(group.layer.name(group.i), "Alpha and 1 more");
  assert.equal(group.layer.says(group.i), "2 places");
  assert.equal(group.layer.cell("places", group.i), "Alpha, Beta");
  assert.deepEqual([group.layer.cell("n", group.i), group.layer.cell("sum", group.i)], [1, 7]);
  const view = made.bundled, mid = view.runs[1] + 10;
  const [sum] = KINDS.flow.hit(made, view.x[mid], view.y[mid], 0.1, OUT);
  assert.equal(sum.layer, view);
  KINDS.flow.bundles(made, CLOSE);
  const row = KINDS.flow.hit(made, made.x[10], made.y[10], 1e-6, CLOSE)[0];
  assert.deepEqual([row.layer, row.i], [made, 0]);
});

test("directed lines have heads, and merged places say how many they are", async () => {
  const made = await layer(), pen = recordingPen();
  const scale = 2 ** OUT, left = 200 * scale, top = 80 * scale;
  KINDS.flow.paint(pen, { zoom: OUT, scale, ratio: 1, left, top, width: 400, height: 400, west: 200, north: 80, east: 256, south: 120 }, made);
  assert.equal(pen.calls.filter(([name]) => name === "stroke").length, 3, "two lines and the ring of a group");
  assert.deepEqual(pen.calls.filter(([name]) => name === "fillText").map(([, text]) => text), ["2"]);
});

test("legends of widths round down to one digit", () => {
  for (const [value, said] of [[1234, 1000], [15, 10], [0.037, 0.03], [10, 10], [9.99, 9], [0, 0], [-3, 0], [NaN, 0], [3e-7, 3e-7]]) assert.ok(Math.abs(oneDigit(value) - said) < 1e-12, `${value}`);
});

test("at most eight names are listed", () => {
  assert.equal(listed(["a", "b"]), "a, b");
  assert.equal(listed([..."abcdefghij"]), "a, b, c, d, e, f, g, h …");
  STATE.lang = "zh";
  assert.equal(listed(["甲", "乙"]), "甲、乙");
  STATE.lang = "en";
});
