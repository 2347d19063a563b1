import assert from "node:assert/strict";
import { test } from "node:test";
import { block } from "./encode.js";
import { layerDef, openPage } from "./page.js";

openPage({ lang: "en", version: "1.2.3", sources: [{ title: { zh: "表", en: "Table" }, licence: "CC BY 4.0" }] });
const { DataLayer } = await import("../src/data/layer.js");
const { csvCell, defused, fileName, geometryOf, nested, signedArea, toCsv, toGeojson } = await import("../src/tools/download.js");

const cells = [["=1+1", "Plant \"A\"", null], ["x\ny", "a,b", "-5"]];
async function points() {
  const data = block([
    ["c0", "text", ["甲", "=HYPERLINK(\"http://x\")", "丙"]], ["c1", "d32", [1005, -250, 0]], ["c1-", "u32", [2]],
    ["c2", "json", ["true", "false"]], ["c2#", "u32", [1, 2, 0]], ["c3", "json", ["s1", "s2", "s3"]],
  ]);
  const made = new DataLayer(layerDef({
    n: 3, data, sources: [0], title: { zh: "企业", en: "Firms" },
    shapes: block([["x", "d32", [11639123, 11720000, 11590000]], ["y", "d32", [3990723, 3910000, 3900000]], ["class", "u32", [0, 1, 1]]]),
    columns: [{ kind: "text" }, { kind: "number", scale: 2, missing: true }, { kind: "flag", coded: true }, { kind: "text" }],
    names: { zh: 0 }, name_headers: { zh: "name_zh" }, key_column: 3,
    fields: [{ header: "staff, total", column: 1 }, { header: "open", column: 2 }],
  }), 0);
  await made.load();
  return made;
}

test("a cell that a spreadsheet would run gets an apostrophe", () => {
  for (const text of ["=1+1", "+1+1", "-cmd", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\u200b=1", "＝1+1", "＋1", "－x", "＠x", "﹦1"]) {
    assert.equal(defused(text), `'${text}`, JSON.stringify(text));
  }
});

test("signed numbers, words and numbers stay as they are", () => {
  for (const value of ["-5", "+3.25", "-.5", "1e-7", "-1.5E+10", " -5 ", "a=b", "", "京津冀", "5-3", -5, 0, true, null]) assert.equal(defused(value), value);
});

test("a cell with a comma, a quote or an end of line is quoted", () => {
  assert.equal(csvCell("a,b"), "\"a,b\"");
  assert.equal(csvCell("say \"no\""), "\"say \"\"no\"\"\"");
  assert.equal(csvCell("a\nb"), "\"a\nb\"");
  assert.equal(csvCell("a\rb"), "\"a\rb\"");
  assert.equal(csvCell("plain"), "plain");
});

test("what is missing is empty, zero is not", () => {
  assert.equal(csvCell(null), "");
  assert.equal(csvCell(undefined), "");
  assert.equal(csvCell(0), "0");
  assert.equal(csvCell(false), "false");
});

test("a formula with a comma is both defused and quoted", () => assert.equal(csvCell("=A1,B1"), "\"'=A1,B1\""));

test("a sign that ends a text in other programs is replaced", () => assert.equal(csvCell("a\0b"), "a\ufffdb"));

test("no cell can leave its place in the row", () => {
  for (const text of [...cells.flat(), "\",=1", "\r\n=1,2", "\"\"", ","]) {
    const line = `${csvCell(text)},end`;
    let inside = false, commas = 0;
    for (const sign of line) {
      if (sign === "\"") inside = !inside;
      else if (sign === "," && !inside) commas++;
      else if (/[\r\n]/.test(sign)) assert.ok(inside);
    }
    assert.equal(commas, 1, JSON.stringify(text));
  }
});

test("a table of points has a head, places and the mark for Excel", async () => {
  assert.equal(await toCsv(await points()), [
    "\ufeffid,name_zh,\"staff, total\",open,lon,lat", "s1,甲,10.05,true,116.39123,39.90723",
    "s2,\"'=HYPERLINK(\"\"http://x\"\")\",-2.5,false,117.2,39.1", "s3,丙,,,115.9,39", "",
  ].join("\r\n"));
});

test("what is hidden is left out, unless all is asked for", async () => {
  const made = await points();
  made.hidden = new Set([1]);
  assert.equal((await toCsv(made)).trim().split("\r\n").length, 2);
  assert.equal((await toCsv(made, true)).trim().split("\r\n").length, 4);
});

test("GeoJSON has types, nulls, places and where the data are from", async () => {
  const made = JSON.parse(await toGeojson(await points()));
  assert.equal(made.type, "FeatureCollection");
  assert.deepEqual(made.features[0], {
    type: "Feature", properties: { id: "s1", name_zh: "甲", "staff, total": 10.05, open: true }, geometry: { type: "Point", coordinates: [116.39123, 39.90723] },
  });
  assert.deepEqual(made.features[2].properties, { id: "s3", name_zh: "丙", "staff, total": null, open: null });
  assert.equal(made.features[1].properties.name_zh, "=HYPERLINK(\"http://x\")", "JSON runs nothing: as it is");
  assert.deepEqual(made.provenance, { title: { zh: "企业", en: "Firms" }, sources: [{ title: "Table", licence: "CC BY 4.0" }], package: "jingjinji 1.2.3" });
});

const square = (x, y, d) => [[x, y], [x + d, y], [x + d, y + d], [x, y + d]];
const turned = (ring) => [...ring].reverse();

test("the sign of an area tells which way a ring turns", () => {
  assert.equal(signedArea(square(0, 0, 2)), 8, "twice the area, counter-clockwise");
  assert.equal(signedArea(turned(square(0, 0, 2))), -8);
});

test("outer rings turn left and holes right, whichever way they came (RFC 7946)", () => {
  for (const rings of [[square(0, 0, 10), turned(square(2, 2, 3))], [turned(square(0, 0, 10)), square(2, 2, 3)]]) {
    const made = nested(rings);
    assert.equal(made.length, 1);
    assert.equal(made[0].length, 2);
    assert.ok(signedArea(made[0][0].slice(0, -1)) > 0);
    assert.ok(signedArea(made[0][1].slice(0, -1)) < 0);
    for (const ring of made[0]) assert.deepEqual(ring[0], ring.at(-1), "closed");
  }
});

test("rings that turn as the first are polygons of their own", () => {
  const made = nested([square(0, 0, 10), turned(square(1, 1, 1)), turned(square(3, 3, 1)), square(20, 0, 5)]);
  assert.deepEqual(made.map((one) => one.length), [3, 1]);
});

test("lines are one line or several, and areas are always several", () => {
  const layer = { kind: "line", x: Float64Array.of(128, 129, 130, 131), y: Float64Array.of(128, 128, 128, 128), runs: [0, 2, 4], first: [0, 1, 2] };
  assert.equal(geometryOf(layer, 0).type, "LineString");
  assert.equal(geometryOf({ ...layer, first: [0, 2] }, 0).type, "MultiLineString");
  assert.equal(geometryOf({ ...layer, kind: "area" }, 0).type, "MultiPolygon");
});

test("a name of a file has no sign that a system takes for a way", () => {
  assert.equal(fileName("../../etc/passwd"), "_etc_passwd");
  assert.equal(fileName("京津冀 2024: map?"), "京津冀_2024_map_");
  assert.equal(fileName("gpj\u202eexe"), "gpjexe");
  assert.equal(fileName(""), "map");
  assert.equal(fileName("x".repeat(500)).length, 80);
});
