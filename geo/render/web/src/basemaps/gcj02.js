// The datum of some tiles of China.

const GCJ = { a: 6378245, ee: 0.006693421622965943 };

// GCJ-02 from WGS 84, the public formula; used to shift tiles, never data.
/** @param {number} lat @param {number} lng */
export function gcj02(lat, lng) {
  const x = lng - 105, y = lat - 35, { sin, cos, sqrt, abs, PI } = Math;
  const waves = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves;
  north += (20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2 / 3 + (160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2 / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves;
  east += (20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2 / 3 + (150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2 / 3;
  const rad = (lat * PI) / 180;
  const magic = 1 - GCJ.ee * sin(rad) ** 2;
  return [
    lat + (north * 180) / (((GCJ.a * (1 - GCJ.ee)) / (magic * sqrt(magic))) * PI),
    lng + (east * 180) / ((GCJ.a / sqrt(magic)) * cos(rad) * PI),
  ];
}
