// Web Mercator: degrees to pixels of the world and back.

export const WORLD = 256; // pixels of the whole world at zoom 0, Web Mercator

/** @param {number} lon */
export const worldX = (lon) => ((lon + 180) / 360) * WORLD;
/** @param {number} lat */
export const worldY = (lat) =>
  (0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)) * WORLD;

/** @param {number} x */
export const lonOf = (x) => Number(((x > WORLD ? x / WORLD - 1 : x / WORLD) * 360 - 180).toFixed(5));
/** @param {number} y */
export const latOf = (y) => Number(((Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * 180) / Math.PI).toFixed(5));
