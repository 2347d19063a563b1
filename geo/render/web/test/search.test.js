import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { fire, layerDef, openPage, textOf } from "./page.js";

const columns = [{ kind: "text" }, { kind: "text" }, { kind: "text" }];
const named = (id, zh, en) => layerDef({
  id, title: id, n: zh.length, columns, names: { zh: 0, en: 1 }, key_column: 2,
  data: block([["c0", "text", zh], ["c1", "text", en], ["c2", "json", zh.map((_, i) => `${id}${i}`)]]),
});
const document = openPage({
  lang: "en", words: { matches: "Matches: {n}", no_match: "No name matches", unnamed: "unnamed", search: "Search", search_hint: "Search names…" },
  layers: [
    named("cities", ["北京市", "雄安新区", "廊坊市", "北京南站"], ["Beijing", "Xiong'an New Area", "Langfang", "Beijing South Station"]),
    named("firms", ["京东方", "ＢＯＥ科技", "埃菲尔公司"], ["BOE", "BOE Technology", "Société Éiffel (北京)"]),
    layerDef({ id: "base", n: 1, style: { base: true, fill: "land" }, names: { zh: 0 } }),
  ],
});
const { LAYERS } = await import("../src/data/layers.js");
const { fitOf, folded, makeFinder, search } = await import("../src/tools/search.js");

const found = async (text) => (await search(LAYERS.slice(0, 2), text))?.map(({ layer, i }) => layer.key(i)) ?? null;

test("case, width and accents do not count", () => {
  assert.equal(folded("BEIJING"), "beijing");
  assert.equal(folded("ＢＯＥ"), "boe");
  assert.equal(folded("Société Éiffel"), "societe eiffel");
  assert.equal(folded("ﬁrm"), "firm");
});

test("apostrophes and signs that nobody sees do not count", () => {
  for (const text of ["Xiong'an", "Xiong’an", "Xiong‘an", "Xiongʼan", "xiong\u200ban", "xiong\u00adan"]) assert.equal(folded(text), "xiongan", text);
});

test("marks between words are one space", () => {
  assert.equal(folded("Beijing–Tianjin (2024)"), "beijing tianjin 2024");
  assert.equal(folded("  a\t\n b  "), "a b");
  assert.equal(folded("name_zh"), "name_zh");
});

test("a text of nothing but marks stays as it is", () => {
  assert.equal(folded("——"), "——");
  assert.equal(folded(" ? "), "?");
});

test("Chinese, Korean and Japanese signs keep their meaning", () => {
  assert.equal(folded("雄安新区"), "雄安新区");
  assert.equal(folded("한강"), "한강".normalize("NFKC"));
  assert.equal(folded("パーク"), "パーク");
  assert.notEqual(folded("が"), folded("か") + "x");
});

test("how well a name fits: whole, its start, a word's start, somewhere, not at all", () => {
  assert.equal(fitOf("beijing", ["beijing"]), 0);
  assert.equal(fitOf("beijing south", ["beijing"]), 1);
  assert.equal(fitOf("new beijing", ["beijing"]), 2);
  assert.equal(fitOf("xbeijing", ["beijing"]), 3);
  assert.equal(fitOf("tianjin", ["beijing"]), null);
  assert.equal(fitOf("北京市\nbeijing", ["beijing"]), 0, "in any of the languages");
});

test("all words must be there, in any order", () => {
  assert.equal(fitOf("beijing south station", ["station", "beijing"]), 3);
  assert.equal(fitOf("beijing south station", ["station", "north"]), null);
});

test("names are found in every language at once, the best fit first", async () => {
  assert.deepEqual(await found("beijing"), ["cities0", "cities3"]);
  assert.deepEqual(await found("北京"), ["cities0", "cities3", "firms2"]);
  assert.deepEqual(await found("xiongan"), ["cities1"]);
  assert.deepEqual(await found("雄安"), ["cities1"]);
});

test("what is written with other signs is found", async () => {
  assert.deepEqual(await found("boe"), ["firms0", "firms1"]);
  assert.deepEqual(await found("societe"), ["firms2"]);
  assert.deepEqual(await found("ＬＡＮＧＦＡＮＧ"), ["cities2"]);
});

test("nothing asked is nothing found, and not all", async () => {
  assert.equal(await found(""), null);
  assert.equal(await found("   "), null);
  assert.deepEqual(await found("zzz"), []);
});

test("signs of patterns and markup are searched for as signs", async () => {
  for (const text of [".*", "(北京)", "[a-z]+", "<b>", "\\"]) assert.ok(Array.isArray(await found(text)), text);
  assert.deepEqual(await found(".*"), []);
});

test("the list says what was found and how many, as text", async () => {
  const place = document.createElement("div");
  document.body.append(place);
  makeFinder(place);
  const field = place.querySelector("input"), list = place.querySelector("ul");
  assert.equal(list.hidden, true);
  field.value = "boe";
  fire(field, "input");
  await new Promise((done) => setTimeout(done, 200)); // it waits until the writing pauses
  assert.deepEqual([...list.querySelectorAll("button")].map(textOf), ["BOEfirms", "BOE Technologyfirms"]);
  assert.equal(document.getElementById("live").textContent, "Matches: 2");
});

test("keys of a writing that is being composed are not ours", async () => {
  const field = document.querySelector("#search"), list = document.querySelector("#found");
  field.value = "zzz";
  fire(field, "keydown", { key: "Enter", isComposing: true });
  await new Promise((done) => setTimeout(done, 30));
  assert.equal(list.querySelectorAll("button").length, 2, "still the former list");
  fire(field, "keydown", { key: "Escape" });
  await new Promise((done) => setTimeout(done, 30));
  assert.equal(list.hidden, true);
  assert.equal(field.value, "");
});

test("layers of ground have no names to be searched, and a page without names no field", () => {
  const place = document.createElement("div");
  const kept = LAYERS.splice(0, 2);
  makeFinder(place);
  LAYERS.unshift(...kept);
  assert.equal(place.children.length, 0);
});
