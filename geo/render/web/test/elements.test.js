import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage, textOf } from "./page.js";

const document = openPage({ lang: "zh", title: { zh: "图", en: "Map" }, words: { close: { zh: "关闭", en: "Close" } } });
const { el, icon, svg } = await import("../src/page/elements.js");
const { emit, on } = await import("../src/page/events.js");
const { feature, register } = await import("../src/features.js");
const { setLanguage } = await import("../src/page/language.js");
const { announce, toast } = await import("../src/page/announce.js");
const { openDialog } = await import("../src/page/dialog.js");
const { T, W } = await import("../src/text/words.js");

const HOSTILE = [
  "<img src=x onerror=alert(1)>", "</script><script>1</script>", "<!--", "&lt;b&gt;", "javascript:alert(1)", "${1}", "{{ 7*7 }}", "\" onclick=\"x", "'`\\",
];

test("children are nodes and texts, never markup", () => {
  for (const text of HOSTILE) {
    const node = el("p", {}, text, el("b", {}, text), () => text);
    assert.equal(node.querySelectorAll("img, script").length, 0, text);
    assert.equal(node.firstChild.nodeType, 3);
    assert.equal(node.querySelector("b").textContent, text);
    assert.equal(node.querySelector("span").textContent, text);
  }
});

test("attributes hold hostile words as words", () => {
  for (const text of HOSTILE) {
    const node = el("a", { title: text, "data-x": text });
    assert.equal(node.getAttribute("title"), text);
    assert.equal(node.attributes.length, 2);
  }
});

test("nothing is no attribute, true is an empty one", () => {
  const node = el("input", { a: null, b: undefined, c: false, d: true, e: 0, f: "" });
  assert.deepEqual([...node.attributes].map((one) => `${one.name}=${one.value}`).sort(), ["d=", "e=0", "f="]);
});

test("missing children are left out", () => assert.equal(el("p", {}, null, "a", undefined, "b").childNodes.length, 2));

test("an action hears its event", () => {
  const heard = [];
  const node = el("button", { on: { click: () => heard.push("click"), keydown: ({ key }) => heard.push(key) } });
  fire(node, "click");
  fire(node, "keydown", { key: "Enter" });
  assert.deepEqual(heard, ["click", "Enter"]);
});

test("texts and labels change with the language, in the page and its title", () => {
  const node = el("button", { label: () => W("close"), say: () => T({ zh: "一", en: "one" }) });
  document.body.append(node);
  assert.deepEqual([node.textContent, node.getAttribute("aria-label"), node.title], ["一", "关闭", "关闭"]);
  const heard = [];
  on("language", () => heard.push(document.documentElement.lang));
  setLanguage("en");
  assert.deepEqual([node.textContent, node.getAttribute("aria-label"), node.title], ["one", "Close", "Close"]);
  assert.deepEqual(heard, ["en"]);
  assert.equal(document.title, "Map");
  setLanguage("zh");
  assert.equal(document.documentElement.lang, "zh-CN");
});

test("what is only named, or is large, has no words beside the pointer", () => {
  assert.equal(el("button", { named: () => "x" }).title, "");
  assert.equal(el("div", { label: () => "x" }).title, "");
  assert.equal(el("div", { label: () => "x" }).getAttribute("aria-label"), "x");
});

test("drawings are of SVG, and icons are not read aloud", () => {
  const node = svg("circle", { cx: 1, r: null, fill: undefined });
  assert.match(node.tagName.toLowerCase(), /circle/);
  assert.equal(node.hasAttribute("r"), false);
  assert.equal(icon("M0 0", "M1 1").querySelectorAll("path").length, 2);
  assert.equal(icon("M0 0").getAttribute("aria-hidden"), "true");
});

test("who listens is told in order, and others are not", () => {
  const heard = [];
  on("x", (value) => heard.push(["a", value]));
  on("x", (value) => heard.push(["b", value]));
  on("y", () => heard.push("never"));
  emit("x", 1);
  emit("nobody listens");
  assert.deepEqual(heard, [["a", 1], ["b", 1]]);
});

test("a feature is there once it registers itself", () => {
  assert.equal(feature("time"), undefined);
  const time = { make: () => null };
  register("time", time);
  assert.equal(feature("time"), time);
});

test("an announcement and a note are text", () => {
  announce("<b>x</b>");
  const live = document.getElementById("live");
  assert.equal(live.textContent, "<b>x</b>");
  assert.equal(live.children.length, 0);
  toast("<i>saved</i>");
  assert.equal(document.querySelector(".toast").textContent, "<i>saved</i>");
});

test("a dialog has its name and a button that closes it", () => {
  const element = Object.getPrototypeOf(document.createElement("dialog"));
  element.showModal = function showModal() { this.shown = true; };
  element.close = function close() { fire(this, "close"); };
  openDialog("close", el("p", {}, "body"));
  const dialog = document.querySelector("dialog");
  assert.equal(textOf(dialog), "关闭×body");
  assert.equal(dialog.shown, true);
  fire(dialog.querySelector("button"), "click");
  assert.equal(document.querySelector("dialog"), null);
});
