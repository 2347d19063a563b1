// Search over the names of all layers, in all their languages at once.

const MOST_MATCHES = 40;

// Signs that nobody sees part no word.
const folded = (text) => text.normalize("NFKC").replace(/\p{Cf}/gu, "").toLowerCase();

function makeFinder(parent) {
  const searchable = LAYERS.filter((layer) => layer.kind !== "label" && !layer.style?.base && Object.keys(layer.names ?? {}).length && layer.n);
  if (!searchable.length) return;
  const field = el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", role: "combobox", "aria-expanded": "false", "aria-controls": "found", label: () => W("search") });
  const list = el("ul", { id: "found", label: () => W("search"), hidden: true });
  const hint = () => { field.placeholder = W("search_hint"); };
  on("language", hint);
  hint();
  let timer = null;
  let turn = 0;
  field.addEventListener("focus", () => isPhone() && setSheet("full"));
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++turn;
      const matches = await search(searchable, field.value);
      if (mine === turn) showMatches(list, field, matches);
    }, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; showMatches(list, field, null); }
    if (event.key === "ArrowDown" || event.key === "Enter") { list.querySelector("button")?.focus(); event.preventDefault(); }
  });
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "ArrowDown") buttons[Math.min(at + 1, buttons.length - 1)].focus();
    else if (event.key === "ArrowUp") (at > 0 ? buttons[at - 1] : field).focus();
    else if (event.key === "Escape") field.focus();
    else return;
    event.preventDefault();
  });
  parent.append(field, list);
}

// Names of a layer, folded once.
async function namesOf(layer) {
  await layer.table();
  if (!layer.folded) {
    const columns = Object.values(layer.names);
    layer.folded = Array.from({ length: layer.n }, (_, i) => folded(columns.map((one) => layer.cell(one, i) ?? "").join("\n")));
  }
  return layer.folded;
}

async function search(layers, text) {
  const wanted = folded(text.trim());
  if (!wanted) return null;
  const starts = [], inside = [];
  for (const layer of layers) {
    const names = await namesOf(layer);
    for (let i = 0; i < names.length && starts.length < MOST_MATCHES; i++) {
      const at = names[i].indexOf(wanted);
      if (at < 0) continue;
      const first = at === 0 || names[i][at - 1] === "\n" || names[i][at - 1] === " ";
      if (first) starts.push({ layer, i });
      else if (inside.length < MOST_MATCHES) inside.push({ layer, i });
    }
  }
  return [...starts, ...inside].slice(0, MOST_MATCHES);
}

function showMatches(list, field, matches) {
  list.hidden = matches === null;
  field.setAttribute("aria-expanded", String(matches !== null));
  if (!matches) return;
  const entry = ({ layer, i }) => el("li", {},
    el("button", { type: "button", on: { click: () => goTo(layer, i) } },
      el("b", { dir: "auto" }, shortened(layer.name(i), 60) || W("unnamed")), el("small", { say: () => T(layer.title) })));
  list.replaceChildren(...(matches.length ? matches.map(entry) : [el("li", { class: "hint", say: () => W("no_match") })]));
  announce(`${number(matches.length)} ${W("matches")}`);
}

function goTo(layer, i) {
  if (!layer.on) switchLayer(layer, true);
  const extent = layer.extent(i);
  if (isPhone()) setSheet("peek");
  MAP.fitBounds(extent, { ...margins(), maxZoom: Math.max(11, Math.min(13, MAP.getZoom() + 2)), animate: false });
  openCard([{ layer, i }], layer.anchor(i), true);
}
