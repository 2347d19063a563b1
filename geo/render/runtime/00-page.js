// What the page holds, what state it is in, and how words change language.

const PAGE = JSON.parse(document.getElementById("jjj-data").textContent);
const LANGUAGES = [["zh", "中文", "zh-CN"], ["en", "English", "en"], ["ja", "日本語", "ja"]];

const STATE = {
  lang: PAGE.lang,
  theme: "auto",
  step: null, // position on the time slider; null shows all times
  card: null, // what the open table is about: {hits, at}
  marked: null, // features that a chart singles out: {layer, set}
};

// What rooms keep in the address: by its name there, how to write it and how to bring it back.
const KEPT = {};

const listeners = new Map();

function on(event, action) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event).push(action);
}

function emit(event, value) {
  for (const action of listeners.get(event) ?? []) action(value);
}

// Control signs, and those that turn the direction of writing: a reader sees that there is one.
const UNSEEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
const FROM_RIGHT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

// A text from data so that it cannot turn round itself, or the words and numbers beside it.
function legible(text) {
  const seen = text.replace(UNSEEN, "\ufffd");
  return FROM_RIGHT.test(seen) ? `\u2068${seen}\u2069` : seen;
}

// A text is {zh, en, ja}, or words that have no language.
function T(text) {
  if (text === null || text === undefined) return "";
  return legible(String(typeof text === "object" ? text[STATE.lang] ?? text.zh ?? text.en ?? "" : text));
}

const W = (key) => T(PAGE.words[key]);

// A text of the catalogue with its gaps filled.
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const formats = new Map(); // the browser takes its time to make one, so whole numbers go without

function number(value, decimals) {
  const small = decimals === null || decimals === undefined;
  if (Number.isSafeInteger(value) && !decimals) {
    const digits = String(value);
    return Math.abs(value) < 10_000 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ",");
  }
  const options = { useGrouping: "min2" };
  if (!small) {
    options.minimumFractionDigits = decimals;
    options.maximumFractionDigits = decimals;
  } else if (value !== 0 && Math.abs(value) < 0.01) {
    options.maximumSignificantDigits = 3;
  } else {
    options.maximumFractionDigits = 3;
  }
  const key = STATE.lang + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(LANGUAGES.find(([code]) => code === STATE.lang)[2], options));
  return formats.get(key).format(value);
}

const withUnit = (text, unit) => (T(unit) ? `${text} ${T(unit)}` : text);

// Make an element. Children are nodes, or functions that give a text in the present language.
// No markup is ever parsed: texts become text nodes.
function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, action] of Object.entries(value)) node.addEventListener(event, action);
    else if (name === "say") speak(node, value);
    else if (name === "label" || name === "named") speakLabel(node, value, name === "label" && node.matches("button, input, select, ul"));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined) continue;
    node.append(typeof child === "function" ? el("span", { say: child }) : child);
  }
  return node;
}

// Let a node say a text, now and after each change of language.
function speak(node, text) {
  node.dataset.say = "";
  node._say = () => { node.textContent = text(); };
  node._say();
}

// A control's "label" is also shown by the browser beside the pointer; what is only "named", or large, is not.
function speakLabel(node, text, shown) {
  node.dataset.sayLabel = "";
  node._sayLabel = () => {
    node.setAttribute("aria-label", text());
    if (shown) node.title = text();
  };
  node._sayLabel();
}

function setLanguage(code) {
  STATE.lang = code;
  document.documentElement.lang = LANGUAGES.find(([one]) => one === code)[2];
  document.title = T(PAGE.title);
  for (const node of document.querySelectorAll("[data-say]")) node._say();
  for (const node of document.querySelectorAll("[data-say-label]")) node._sayLabel();
  emit("language");
}

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function icon(...paths) {
  const drawing = svg("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true", class: "icon" });
  for (const d of paths) drawing.append(svg("path", { d }));
  return drawing;
}
