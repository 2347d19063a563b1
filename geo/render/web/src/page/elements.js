// Elements made from texts and nodes, never from markup.

// Make an element. Children are nodes, or functions that give a text in the present language.
// No markup is ever parsed: texts become text nodes.
/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} [props] @param {...any} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props = {}, ...children) {
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
/** @param {HTMLElement} node @param {() => string} text */
function speak(node, text) {
  node.dataset.say = "";
  node._say = () => { node.textContent = text(); };
  node._say();
}

// A control's "label" is also shown by the browser beside the pointer; what is only "named", or large, is not.
/** @param {HTMLElement} node @param {() => string} text @param {boolean} shown */
function speakLabel(node, text, shown) {
  node.dataset.sayLabel = "";
  node._sayLabel = () => {
    node.setAttribute("aria-label", text());
    if (shown) node.title = text();
  };
  node._sayLabel();
}

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...(Node | string)} children */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** @param {...string} paths */
export function icon(...paths) {
  const drawing = svg("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true", class: "icon" });
  for (const d of paths) drawing.append(svg("path", { d }));
  return drawing;
}

// An element that the page has made.
/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

// What draws on a canvas.
/** @param {HTMLCanvasElement} canvas */
export const penOf = (canvas) => /** @type {Pen} */ (canvas.getContext("2d"));

/** @param {Element} node */
export const isSeen = (node) => node.getClientRects().length > 0;
