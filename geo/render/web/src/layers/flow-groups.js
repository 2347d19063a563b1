// Flows between places. Zoomed out, places that fall together on the screen become one group, and
// the flows between two groups are summed. Nothing is lost: flows within a group are counted.

import { flowWords, listed, placeName, wayWords } from "./flow-words.js";
import { INK } from "./ink.js";
import { emit } from "../page/events.js";
import { PAGE } from "../page/page.js";
import { STATE } from "../page/state.js";
import { number } from "../text/numbers.js";
import { filled, W } from "../text/words.js";

const MERGE_PIXELS = 20; // places nearer than this on the screen are one group
const DEEPEST = 18 * 4; // levels are quarter zooms; here every place stands alone
const BEND = 0.36; // how far the control point of a curve stands off its chord, by its length
const CURVE_STEPS = 20;

/** @param {number} zoom */
const levelOf = (zoom) => Math.min(DEEPEST, Math.floor(zoom * 4 + 1e-6));

/** @param {Layer} layer @param {Columns} found */
export function layFlows(layer, found) {
  const [x, y] = layer.placed(found.px, found.py);
  const n = x.length, load = new Float64Array(n);
  layer.from = found.from;
  layer.to = found.to;
  for (let i = 0; i < layer.n; i++) {
    load[found.from[i]] += layer.weight[i];
    load[found.to[i]] += layer.weight[i];
  }
  // the heaviest place leads its group and gives it its name, whatever is filtered
  const ranked = [...load.keys()].sort((a, b) => load[b] - load[a] || a - b);
  layer.places = { n, x, y, ranked, names: found.pnames };
  // put together here, so that no name turns the way of the flow round
  layer.name = (i) => wayWords(layer, placeName(layer, layer.from[i]), placeName(layer, layer.to[i]));
  layer.levels = new Map([[DEEPEST, { of: Uint32Array.from(load.keys()), size: new Uint32Array(n).fill(1) }]]);
  layer.tops = new Map();
  layer.views = new Map();
  curve(layer, layer.from, layer.to);
}

// The groups at a level: the leader of each place, and the places of each leader. A level is made
// from the next finer one, so that a group only grows as the map zooms out.
/** @param {Layer} layer @param {number} level */
function groupsAt(layer, level) {
  const { levels, places } = layer;
  let known = level;
  while (!levels.has(known)) known++;
  for (; known > level; known--) levels.set(known - 1, merged(places, /** @type {Groups} */ (levels.get(known)), MERGE_PIXELS / 2 ** ((known - 1) / 4)));
  return /** @type {Groups} */ (levels.get(level));
}

// Heaviest first, a leader joins the nearest heavier one within reach, or stays.
/** @param {Places} given @param {Groups} finer @param {number} reach */
function merged({ n, x, y, ranked }, finer, reach) {
  const cells = new Map(), into = new Uint32Array(n);
  /** @param {number} cx @param {number} cy */
  const cellOf = (cx, cy) => cx * 2 ** 26 + cy;
  for (const p of ranked) {
    if (finer.of[p] !== p) continue;
    const cx = Math.floor(x[p] / reach), cy = Math.floor(y[p] / reach);
    let best = p, least = reach;
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const q of cells.get(cellOf(cx + dx, cy + dy)) ?? []) {
          const far = Math.hypot(x[q] - x[p], y[q] - y[p]);
          if (far < least) [least, best] = [far, q];
        }
      }
    }
    into[p] = best;
    if (best !== p) continue;
    const mine = cellOf(cx, cy);
    cells.has(mine) ? cells.get(mine).push(p) : cells.set(mine, [p]);
  }
  const of = finer.of.map((leader) => into[leader]), size = new Uint32Array(n);
  for (const leader of of) size[leader]++;
  return { of, size };
}

// What is drawn of a layer: one line a pair of groups with the sum of its rows, the heaviest last.
// The view stands in for the layer where lines are painted, pointed at and read.
/** @param {Layer} layer @param {number} zoom */
export function bundlesOf(layer, zoom) {
  const level = levelOf(zoom);
  const key = [level, STATE.step, layer.least, ...layer.hidden].join();
  if (layer.bundled?.signature === key) return layer.bundled;
  // two are kept: the swipe paints two years in turn
  const { views } = layer;
  layer.bundled = views.get(key) ?? bundled(layer, level, key);
  views.set(key, layer.bundled);
  if (views.size > 2) views.delete(/** @type {string} */ ([...views.keys()].find((one) => one !== key)));
  emit("flows", layer);
  return layer.bundled;
}

/** @param {Layer} layer @param {number} level @param {string} signature */
function bundled(layer, level, signature) {
  const groups = groupsAt(layer, level);
  const pairs = new Map(), inside = new Map();
  for (let i = 0; i < layer.n; i++) {
    if (!layer.chosen(i)) continue;
    const pair = pairOf(layer, groups, i);
    const kept = pair < 0 ? inside : pairs;
    const at = pair < 0 ? groups.of[layer.from[i]] : pair;
    const one = kept.get(at) ?? { at, sum: 0, rows: [] };
    one.sum += layer.weight[i];
    one.rows.push(i);
    kept.set(at, one);
  }
  const drawn = [...pairs.values()].filter((one) => layer.least === null || one.sum >= layer.least);
  drawn.sort((a, b) => a.sum - b.sum || a.at - b.at);
  const top = topOf(layer, groups, level);
  // far out the lines are short, and thick ones would hide each other
  const slim = Math.min(1, Math.max(0.4, 2 ** ((level / 4 - 6.5) / 1.5)));
  return viewOfBundles(layer, drawn, { signature, groups, inside, top, slim });
}

// The two groups of a row as one number; -1 when they are one. Undirected, both ways are one pair.
/** @param {Layer} layer @param {Groups} groups @param {number} i */
function pairOf(layer, groups, i) {
  const a = groups.of[layer.from[i]], b = groups.of[layer.to[i]], { n } = layer.places;
  if (a === b) return -1;
  return layer.style.directed || a < b ? a * n + b : b * n + a;
}

// The largest sum that can be drawn at a level, in any year: widths do not change with the filters.
/** @param {Layer} layer @param {Groups} groups @param {number} level */
function topOf(layer, groups, level) {
  const yearly = STATE.step !== null && layer.stepOf && !layer.time.until;
  const key = `${level} ${yearly}`;
  if (!layer.tops.has(key)) {
    const sums = new Map();
    for (let i = 0; i < layer.n; i++) {
      const pair = pairOf(layer, groups, i);
      if (pair < 0) continue;
      const one = yearly ? `${pair} ${layer.stepOf?.[i]}` : pair;
      sums.set(one, (sums.get(one) ?? 0) + layer.weight[i]);
    }
    layer.tops.set(key, [...sums.values()].reduce((a, b) => Math.max(a, b), 0));
  }
  return /** @type {number} */ (layer.tops.get(key));
}

/** @param {Layer} layer @param {Bundle[]} drawn @param {Bundles} found */
function viewOfBundles(layer, drawn, found) {
  const { n } = layer.places;
  const view = Object.assign(Object.create(layer), {
    ...found,
    n: drawn.length,
    rows: drawn.map((one) => one.rows),
    weight: Float64Array.from(drawn, (one) => one.sum),
    class: Uint32Array.from(drawn, (one) => heaviestClass(layer, one.rows)),
    names: {},
    fields: bundleFields(layer),
    /** @param {number} b */
    says: (b) => flowWords(view, b),
    table: () => layer.table(),
    seen: () => true,
    stale: () => layer.bundled !== view,
    key: () => null,
    /** @param {number} b */
    faded: (b) => STATE.marked !== null && STATE.marked.layer === layer && !view.rows[b].some((/** @type {number} */ i) => STATE.marked?.set.has(i)),
    /** @param {number} b */
    name: (b) => wayWords(layer, groupName(view, view.from[b]), groupName(view, view.to[b])),
    /** @param {string} column @param {number} b */
    cell: (column, b) => bundleCell(view, column, b),
  });
  view.from = Uint32Array.from(drawn, (one) => Math.floor(one.at / n));
  view.to = Uint32Array.from(drawn, (one) => one.at % n);
  curve(view, view.from, view.to);
  return view;
}

// The class that carries most of a sum colours its line.
/** @param {Layer} layer @param {number[]} rows */
function heaviestClass(layer, rows) {
  const sums = new Map();
  for (const i of rows) sums.set(layer.class[i], (sums.get(layer.class[i]) ?? 0) + layer.weight[i]);
  return [...sums].reduce((best, one) => (one[1] > best[1] || (one[1] === best[1] && one[0] < best[0]) ? one : best))[0];
}

// Curves between places that bend to the right of their way, so that two ways part; undirected
// ones bend to one side whichever way they were written.
/** @param {Layer} layer @param {Uint32Array} from @param {Uint32Array} to */
function curve(layer, from, to) {
  const { places, n, style } = layer, step = CURVE_STEPS + 1;
  layer.x = new Float64Array(n * step);
  layer.y = new Float64Array(n * step);
  for (let i = 0; i < n; i++) {
    const [ax, ay] = [places.x[from[i]], places.y[from[i]]], [bx, by] = [places.x[to[i]], places.y[to[i]]];
    const side = style.directed || from[i] < to[i] ? BEND : -BEND;
    const cx = (ax + bx) / 2 - (by - ay) * side, cy = (ay + by) / 2 + (bx - ax) * side;
    for (let k = 0; k < step; k++) {
      const t = k / CURVE_STEPS, s = 1 - t;
      layer.x[i * step + k] = s * s * ax + 2 * t * s * cx + t * t * bx;
      layer.y[i * step + k] = s * s * ay + 2 * t * s * cy + t * t * by;
    }
  }
  layer.index({ len: new Uint32Array(n).fill(step), own: new Uint32Array(n).fill(1) });
}

/** @param {FlowView} layer @param {number} leader */
function groupName(layer, leader) {
  const name = placeName(layer, leader), size = layer.groups.size[leader];
  return size === 1 ? name : filled(W("group_of"), { name, n: number(size), more: number(size - 1) });
}

/** @param {FlowView} layer @param {number} leader */
function membersOf(layer, leader) {
  return layer.places.ranked.filter((p) => layer.groups.of[p] === leader);
}

/** @param {string} column @param {Words} label @param {Words} [unit] */
const plainField = (column, label, unit = "") => ({ column, label, unit, decimals: null, words: {}, made: true });

// The table of a line that is a sum: how much, of how many flows, the largest of them.
/** @param {Layer} given */
function bundleFields({ sizes }) {
  return [
    plainField("sum", sizes.title, sizes.unit),
    plainField("n", PAGE.words.flows_in_sum),
    plainField("largest", PAGE.words.largest_flows),
  ];
}

/** @param {FlowView} view @param {string} column @param {number} b */
function bundleCell(view, column, b) {
  const rows = view.rows[b];
  if (column === "sum") return view.weight[b];
  if (column === "n") return rows.length;
  const layer = Object.getPrototypeOf(view);
  const largest = [...rows].sort((a, c) => layer.weight[c] - layer.weight[a] || a - c);
  return listed(largest.map((i) => `${layer.name(i)} (${number(layer.weight[i])})`));
}

// The groups of a view, to be pointed at and read.
/** @param {FlowView} view */
export function groupsView(view) {
  if (view.as_points) return view.as_points;
  const { places, groups, inside, sizes } = view;
  const found = Object.assign(Object.create(view), {
    n: places.n, x: places.x, y: places.y, runs: null, boxes: null,
    radius: Uint32Array.from(groups.size, (size) => discRadius(size) * 4),
    fields: [
      plainField("places", PAGE.words.places),
      plainField("n", PAGE.words.flows_within),
      plainField("sum", PAGE.words.sum_within, sizes.unit),
    ],
    /** @param {number} p */
    name: (p) => groupName(view, p),
    /** @param {number} p */
    says: (p) => filled(W("n_places"), { n: number(groups.size[p]) }),
    colour: () => INK.ink,
    /** @param {string} column @param {number} p */
    cell: (column, p) => {
      if (column === "places") return listed(membersOf(view, p).map((one) => placeName(view, one)));
      return column === "n" ? inside.get(p)?.rows.length ?? 0 : inside.get(p)?.sum ?? 0;
    },
  });
  view.as_points = found;
  return found;
}

/** @param {number} size */
export const discRadius = (size) => (size > 1 ? 7 + 1.6 * Math.log2(size) : 2);
