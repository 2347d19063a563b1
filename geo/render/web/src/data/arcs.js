// Rings put together again from the arcs they share: the counterpart of geo/render/arcs.py.

/** @param {Columns} found */
export function joinArcs(found) {
  const { ax, ay, alen, ref, rlen } = found;
  const begin = new Uint32Array(alen.length + 1);
  for (let a = 0; a < alen.length; a++) begin[a + 1] = begin[a] + alen[a];
  let total = 0;
  for (const one of ref) total += alen[one >> 1] - 1;
  const x = new Int32Array(total), y = new Int32Array(total);
  const len = new Uint32Array(rlen.length);
  let to = 0, at = 0;
  rlen.forEach((/** @type {number} */ count, /** @type {number} */ ring) => {
    const from = to;
    for (let k = 0; k < count; k++, at++) {
      const arc = ref[at] >> 1, n = alen[arc] - 1;
      // the last vertex of an arc is the first of the next
      for (let v = 0; v < n; v++, to++) {
        const source = ref[at] & 1 ? begin[arc] + n - v : begin[arc] + v;
        x[to] = ax[source];
        y[to] = ay[source];
      }
    }
    len[ring] = to - from;
  });
  Object.assign(found, { x, y, len });
}
