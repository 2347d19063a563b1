// Rows of a chart and features of the map: pointing at one and choosing some, both ways.

function rowWords(def, i) {
  // of kinds that exclude each other only the one that is there is said
  const there = def.series.filter((one) => one.values[i] !== null);
  const values = (there.length ? there : def.series.slice(0, 1)).map((one) => {
    const value = there.length ? withUnit(number(one.values[i], def.y.decimals), def.y.unit) : "—";
    return def.series.length > 1 ? `${T(one.label)} ${value}` : value;
  });
  if (def.size && def.size.values[i] !== null) values.push(`${T(def.size.label)} ${withUnit(number(def.size.values[i], def.size.decimals), def.size.unit)}`);
  return `${withUnit(placeWords(def, i), def.x.unit)}: ${values.join(" · ")}`;
}

const MOST_NAMED = 4;

// What is said of the chosen rows: the numbers of one, the names of a few, the ends of a range.
function rowsWords(def, rows) {
  if (rows.length === 1) return rowWords(def, rows[0]);
  const ends = [rows[0], rows.at(-1)];
  if (def.numeric) return `${placeWords(def, ends[0])} – ${withUnit(placeWords(def, ends[1]), def.x.unit)}`;
  const named = rows.slice(0, MOST_NAMED).map((i) => placeWords(def, i)).join(STATE.lang === "en" ? ", " : "、");
  return rows.length > MOST_NAMED ? `${named}… (${number(rows.length)})` : named;
}

const rangeOf = (a, b) => Array.from({ length: Math.abs(b - a) + 1 }, (_, k) => Math.min(a, b) + k);

function standBack(state, rows) {
  const chosen = rows && new Set(rows);
  state.marks.forEach((marks, at) => marks.forEach((mark) => mark.classList.toggle("back", chosen !== null && !chosen.has(at))));
}

function pointRow(state, i) {
  if (state.rows) return;
  state.at = i;
  state.say.textContent = i === null ? sayNothing(state) : rowWords(state.def, i);
  standBack(state, i === null ? null : [i]);
  singleOut(state, i === null ? null : [i]);
}

function chooseRows(state, rows) {
  state.rows = rows?.length ? rows : null;
  state.zone?.(state.rows);
  standBack(state, state.rows);
  singleOut(state, state.rows);
  saySelection(state);
}

const sayNothing = (state) => (state.layer ? W(state.def.kind === "ternary" ? "ternary_hint" : "chart_hint") : "");

function saySelection(state) {
  const { def, rows, say, layer } = state;
  if (!rows) {
    say.textContent = sayNothing(state);
    return;
  }
  const clear = el("button", { type: "button", class: "clear", on: { click: () => chooseRows(state, null) } }, W("clear"));
  const count = layer ? ` · ${countWords(keysOf(def, rows).size)} ` : " ";
  say.replaceChildren(rowsWords(def, rows) + count, clear);
}

const countWords = (n) => `${number(n)} ${W(n === 1 ? "of_feature" : "of_features")}`;

function keysOf(def, rows) {
  return new Set(rows.flatMap((row) => def.link.keys[row]));
}

async function singleOut(state, rows) {
  const { layer, def } = state;
  if (!layer) return;
  if (!rows) STATE.marked = null;
  else {
    const places = await Promise.all([...keysOf(def, rows)].map((key) => layer.placeOf(key)));
    STATE.marked = { layer, set: new Set(places) };
  }
  layer.redraw();
}

// A feature under the pointer makes its row stand out.
function linkFeatures(state) {
  if (!state.layer) return;
  on("hover", async (hit) => {
    if (state.rows) return;
    const rows = hit && hit.layer === state.layer ? await rowsOf(state, hit.i) : null;
    standBack(state, rows);
  });
}

async function rowsOf(state, i) {
  await state.layer.table();
  const key = state.layer.key(i);
  const rows = [];
  state.def.link.keys.forEach((keys, at) => { if (keys.includes(key)) rows.push(at); });
  return rows;
}

// One stop of the tab key: arrows go from row to row, with Shift they choose, Escape lets go.
function listenKeys(drawing, state) {
  const n = state.def.x.values.length;
  drawing.setAttribute("tabindex", "0");
  drawing.addEventListener("blur", () => pointRow(state, null));
  drawing.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = state.at ?? (by < 0 ? n : -1);
    if (by && event.shiftKey) {
      const start = state.anchor ?? Math.max(0, Math.min(n - 1, at));
      state.anchor = start;
      state.at = Math.max(0, Math.min(n - 1, at + by));
      chooseRows(state, rangeOf(start, state.at));
    } else if (by) {
      if (state.rows) chooseRows(state, null);
      state.anchor = null;
      pointRow(state, (at + by + n) % n);
    } else if ((event.key === "Enter" || event.key === " ") && state.at !== null) chooseRows(state, state.rows ? null : [state.at]);
    else if (event.key === "Escape") chooseRows(state, null);
    else return;
    event.preventDefault();
  });
}
