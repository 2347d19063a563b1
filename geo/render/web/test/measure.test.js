import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, recordingPen } from "./page.js";

const document = openPage({ lang: "en", words: { area: "area", measure_hint: "Click points", measure_keys: "Enter takes the centre" } });
const { MARKS } = await import("../src/map/mark.js");
const map = await import("../src/map/map.js");
const sheets = await import("../src/map/sheets.js");
const { areaWords, ellipsoidal, enclosed, lengthWords, MEASURE, measureByKey, measured, measureWords, toggleMeasure, wayTo } = await import("../src/tools/measure.js");
const { TOOLS } = await import("../src/tools/busy.js");

const at = (lat, lng) => ({ lat, lng });
const near = (found, wanted, share) => assert.ok(Math.abs(found - wanted) <= wanted * share, `${found} is not ${wanted}`);

test("a degree of longitude on the equator is a part of its circle", () => near(ellipsoidal(at(0, 0), at(0, 1)), (2 * Math.PI * 6378137) / 360, 1e-9));

test("a degree of latitude is shorter at the equator than at the pole", () => {
  // meridian arcs of GRS 80: 110,574.4 m from 0° to 1°, 111,693.9 m from 89° to 90°
  near(ellipsoidal(at(0, 0), at(1, 0)), 110574.4, 1e-5);
  near(ellipsoidal(at(89, 0), at(90, 0)), 111693.9, 1e-5);
});

test("a quarter of the meridian is 10,001,965.7 m", () => near(ellipsoidal(at(0, 30), at(90, 30)), 10001965.7, 1e-5));

test("from New York to London it is as GeographicLib has it", () => near(ellipsoidal(at(40.6, -73.8), at(51.6, -0.5)), 5551759.4, 1e-5));

test("on the way across 180° the short way counts", () => near(ellipsoidal(at(0, 179.5), at(0, -179.5)), ellipsoidal(at(0, 0), at(0, 1)), 1e-9));

test("there and back are equally long, and nowhere is no length", () => {
  const a = at(39.9, 116.4), b = at(39.1, 117.2);
  near(ellipsoidal(a, b), ellipsoidal(b, a), 1e-12);
  assert.equal(ellipsoidal(a, a), 0);
  assert.equal(ellipsoidal(a, at(39.9, 116.4 + 1e-15)), 0);
});

test("a way is as long as its stretches", () => {
  const points = [at(39.9, 116.4), at(39.5, 116.7), at(39.1, 117.2)];
  near(measured(points), ellipsoidal(points[0], points[1]) + ellipsoidal(points[1], points[2]), 1e-12);
  assert.equal(measured(points.slice(0, 1)), 0);
});

test("lengths are said in metres, then in kilometres with fewer decimals", () => {
  for (const [metres, said] of [[0.4, "0 m"], [999.4, "999 m"], [1000, "1.00 km"], [9994, "9.99 km"], [10_000, "10.0 km"], [113_456, "113.5 km"]]) assert.equal(lengthWords(metres), said);
});

test("areas are said in square metres, then in square kilometres", () => {
  for (const [metres, said] of [[4000, "4000 m²"], [99_999, "99,999 m²"], [1e5, "0.10 km²"], [1770e6, "1770 km²"], [218_000e6, "218,000 km²"]]) assert.equal(areaWords(metres), said);
});

test("points between two places lie on the shortest way", () => {
  const way = wayTo(at(0, 0), at(0, 90), 9);
  assert.equal(way.length, 9);
  assert.ok(way.every(({ lat }) => Math.abs(lat) < 1e-12));
  way.slice(1).forEach(({ lng }, k) => assert.ok(lng > way[k].lng));
  const north = wayTo(at(60, 0), at(60, 90), 2)[1];
  assert.ok(north.lat > 65, "north of the circle of latitude");
});

test("a field of one degree at the equator has 12,308.8 km², whichever way it is walked", () => {
  const ring = [at(0, 0), at(0, 1), at(1, 1), at(1, 0)];
  near(enclosed(ring), 12308.8e6, 1e-4);
  near(enclosed([...ring].reverse()), enclosed(ring), 1e-12);
});

test("an eighth of the globe has an eighth of its area", () => {
  // surface of GRS 80: 510,065,621.7 km²
  near(enclosed([at(0, 0), at(0, 90), at(90, 0)]), 510065621.7e6 / 8, 2e-3);
});

test("a field far north is smaller than the same one on a plane", () => {
  const small = enclosed([at(60, 0), at(60, 1), at(61, 1), at(61, 0)]);
  assert.ok(small < 0.52 * enclosed([at(0, 0), at(0, 1), at(1, 1), at(1, 0)]));
});

function onMap() {
  const node = document.createElement("div");
  for (const [name, value] of [["clientWidth", 400], ["clientHeight", 300]]) Object.defineProperty(node, name, { value });
  document.getElementById("stage").append(node);
  const tool = document.createElement("button");
  tool.id = "measure";
  document.body.append(tool);
  map.makeMap(node);
  sheets.makeSheets();
}

test("the tool says what to do, then the length, then the area", () => {
  onMap();
  toggleMeasure();
  assert.equal(TOOLS.busy, true);
  assert.equal(document.getElementById("measured").textContent, "Click points · Enter takes the centre");
  measureByKey("Enter");
  assert.equal(MEASURE.points.length, 1);
  MEASURE.points = [at(0, 0), at(0, 1)];
  assert.equal(measureWords(), "111.3 km");
  MEASURE.points.push(at(1, 0));
  assert.match(measureWords(), /^268\.\d km · area 615\d km²$/);
});

test("what is measured is drawn: a line, its points, and the field from three on", () => {
  const pen = recordingPen(), view = { scale: 1, left: 0, top: 0 };
  assert.equal(MARKS[0](pen, view), true);
  assert.equal(pen.calls.filter(([name]) => name === "arc").length, 3);
  assert.equal(pen.calls.filter(([name]) => name === "stroke").length, 2);
  MEASURE.points.length = 2;
  const line = recordingPen();
  MARKS[0](line, view);
  assert.equal(line.calls.filter(([name]) => name === "fill").length, 2, "its points alone");
});

test("Backspace takes the last point back, Escape ends", () => {
  MEASURE.points = [map.MAP.getCenter()];
  measureByKey("Backspace");
  assert.equal(MEASURE.points.length, 0);
  measureByKey("Backspace");
  measureByKey("Escape");
  assert.equal(MEASURE.points, null);
  assert.equal(TOOLS.busy, false);
  assert.equal(document.getElementById("measured"), null);
  assert.equal(MARKS[0](recordingPen(), {}), false);
});

test("the second click of a double one is no point", () => {
  toggleMeasure();
  measureByKey("Enter");
  measureByKey("Enter");
  assert.equal(MEASURE.points.length, 1);
  toggleMeasure();
});
