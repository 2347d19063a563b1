// A page without a browser: the data element, a document that linkedom keeps, and a pen that writes
// down what is drawn. Import what is tested after openPage has been called, since modules read the
// page when they are loaded.

import { parseHTML } from "linkedom";

export const SIGNS = "!#%()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz|}~";

const NOTHING = {
  lang: "en", languages: [["zh", "中文", "zh-CN", "、"], ["en", "English", "en", ", "], ["ja", "日本語", "ja", "、"]], title: "Map", kicker: null, finding: null, box: [115, 38, 118, 41], ground: null,
  layers: [], charts: [], notes: [], sources: [], caveats: [], leads: false, review: null,
  basemaps: [], turned: false, overview: false, version: "0", packages: ["Leaflet 1"], words: {}, signs: SIGNS,
};

/** What a canvas was told, one entry a call: [method, ...arguments]; signs are seven pixels wide. */
export function recordingPen() {
  const calls = [];
  const state = { globalAlpha: 1, calls, measureText: (text) => ({ width: 7 * [...text].length }), createPattern: (tile) => ({ tile }) };
  return new Proxy(state, {
    get: (target, name) => (name in target ? target[name] : (...given) => { calls.push([name, ...given, target.fillStyle, target.strokeStyle].slice(0, given.length + 1)); }),
  });
}

/** Make globals of a browser for a page that holds these data. */
export function openPage(data = {}, { width = 1200, height = 800, dark = false, coarse = false } = {}) {
  const html = "<!DOCTYPE html><html><head></head><body><script type=\"application/json\" id=\"jjj-data\"></script>"
    + "<div id=\"app\"><main id=\"stage\"></main><div id=\"live\"></div><div id=\"charts\"></div><div id=\"lead-chart\"></div></div></body></html>";
  const { window, document } = parseHTML(html);
  document.getElementById("jjj-data").textContent = JSON.stringify({ ...NOTHING, ...data });
  const pens = new Map();
  const canvas = Object.getPrototypeOf(document.createElement("canvas"));
  canvas.getContext = function getContext() {
    if (!pens.has(this)) pens.set(this, recordingPen());
    return pens.get(this);
  };
  const select = Object.getPrototypeOf(document.createElement("select"));
  Object.defineProperty(select, "value", { configurable: true, get() { return this.picked ?? ""; }, set(value) { this.picked = String(value); } });
  const element = window.HTMLElement.prototype;
  element.getClientRects = function getClientRects() { return this.hidden ? [] : [1]; };
  element.getBoundingClientRect = () => ({ left: 0, top: 0, right: 340, bottom: 190, width: 340, height: 190 });
  element.setPointerCapture = () => {};
  element.hasPointerCapture = () => true;
  element.focus = function focus() { document.focused = this; };
  window.SVGElement.prototype.getBoundingClientRect = element.getBoundingClientRect;
  window.SVGElement.prototype.setPointerCapture = () => {};
  const matches = (query) => (query.includes("dark") ? dark : query.includes("coarse") ? coarse : query.includes("hover"));
  const known = {
    window: globalThis, document, navigator: { userAgent: "node", platform: "", clipboard: { writeText: async () => {} } },
    HTMLElement: window.HTMLElement, Element: window.Element, Node: window.Node, SVGElement: window.SVGElement,
    innerWidth: width, innerHeight: height, devicePixelRatio: 1,
    matchMedia: (query) => ({ matches: Boolean(matches(query)), addEventListener() {} }),
    getComputedStyle: () => ({ fontFamily: "sans", getPropertyValue: (name) => `ink of ${name.slice(2)}` }),
    requestAnimationFrame: (action) => setTimeout(action), cancelAnimationFrame: clearTimeout,
    location: { hash: "", href: "file:///map.html" }, history: { replaceState() {} },
    localStorage: { getItem: () => null, setItem() {} },
    ImageData: class { constructor(wide, high) { Object.assign(this, { width: wide, height: high, data: new Uint8ClampedArray(4 * wide * high) }); } },
    Path2D: class { constructor() { this.calls = []; } moveTo(...at) { this.calls.push(at); } lineTo(...at) { this.calls.push(at); } closePath() {} },
  };
  for (const [name, value] of Object.entries(known)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  globalThis.addEventListener ??= () => {};
  const { setTimeout: later } = globalThis;
  globalThis.setTimeout = (action, wait, ...given) => { // no test waits for a note to go
    const timer = later(action, wait, ...given);
    return wait > 1000 ? timer.unref() : timer;
  };
  return document;
}

/** What an element says, its white space made single. */
export const textOf = (node) => node.textContent.replace(/\s+/g, " ").trim();

export function fire(node, type, more = {}) {
  const event = new (node.ownerDocument.defaultView.Event)(type, { bubbles: true, cancelable: true });
  Object.assign(event, more);
  node.dispatchEvent(event);
  return event;
}

/** The definition of a layer of points or labels; more overrides. */
export function layerDef(more = {}) {
  return {
    id: "a", kind: "point", title: "A", group: null, shown: true, sources: [], bounds: [115, 38, 118, 41], n: 0, dropped: 0,
    style: { radius: 4.5 }, shapes: null, data: { z: "", parts: [] }, colours: ["#0072b2", "#d9d6d0"],
    legend: { kind: "plain", items: [{ colour: "#0072b2", n: 0 }] }, columns: [], names: {}, name_headers: {}, key_column: null, fields: [],
    ...more,
  };
}
