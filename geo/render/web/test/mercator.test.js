import assert from "node:assert/strict";
import { test } from "node:test";

const { latOf, lonOf, WORLD, worldX, worldY } = await import("../src/data/mercator.js");

const near = (a, b, by = 1e-9) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

test("the world is a square of 256 pixels with the middle at 0, 0", () => {
  assert.equal(WORLD, 256);
  assert.equal(worldX(-180), 0);
  assert.equal(worldX(0), 128);
  assert.equal(worldX(180), 256);
  near(worldY(0), 128);
});

test("the edge of the square lies at 85.0511 degrees", () => {
  near(worldY(85.0511287798066), 0, 1e-6);
  near(worldY(-85.0511287798066), 256, 1e-6);
});

test("45 degrees lie where the formula of Mercator has them", () => {
  // ln tan(67.5°) = 0.881373587; 128 − 256 · 0.881373587 / 2π = 92.0894
  near(worldY(45), 128 - (256 * 0.881373587019543) / (2 * Math.PI), 1e-9);
  near(worldY(45) + worldY(-45), 256);
});

test("what goes out as a place comes back to the fifth decimal", () => {
  for (const [lon, lat] of [[116.39123, 39.90723], [-179.99999, -84.5], [0, 0], [117.2, 39.1], [151.2, -33.86789]]) {
    assert.equal(lonOf(worldX(lon)), lon);
    assert.equal(latOf(worldY(lat)), lat === 0 ? latOf(128) : lat);
  }
  assert.equal(Math.abs(latOf(128)), 0);
});

test("east of the world's edge the western half stands once more", () => {
  // on a page that crosses 180° a place at −170° is drawn at 256 pixels more
  assert.equal(lonOf(worldX(-170) + WORLD), -170);
  assert.equal(lonOf(WORLD), 180);
});
