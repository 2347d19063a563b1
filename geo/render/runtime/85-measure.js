// Distance along clicked points, on the ellipsoid.

const MEASURE = { points: null, done: false };

// Lambert's formula: right within some metres over the lengths of a region.
function ellipsoidal(a, b) {
  const flat = 1 / 298.257222101, radius = 6378137;
  const rad = Math.PI / 180;
  const reduced = (lat) => Math.atan((1 - flat) * Math.tan(lat * rad));
  const [p, q] = [reduced(a.lat), reduced(b.lat)];
  const half = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2;
  const angle = 2 * Math.asin(Math.sqrt(half));
  if (angle < 1e-12) return 0;
  const [mean, gap] = [(p + q) / 2, (q - p) / 2];
  const x = (angle - Math.sin(angle)) * (Math.sin(mean) * Math.cos(gap) / Math.cos(angle / 2)) ** 2;
  const y = (angle + Math.sin(angle)) * (Math.cos(mean) * Math.sin(gap) / Math.sin(angle / 2)) ** 2;
  return radius * (angle - (flat / 2) * (x + y));
}

const measured = (points) => points.slice(1).reduce((sum, one, at) => sum + ellipsoidal(points[at], one), 0);

function lengthWords(metres) {
  return metres >= 10_000 ? `${number(metres / 1000, 1)} km` : metres >= 1000 ? `${number(metres / 1000, 2)} km` : `${number(metres, 0)} m`;
}

function toggleMeasure() {
  const going = MEASURE.points === null;
  MEASURE.points = going ? [] : null;
  MEASURE.done = false;
  TOOLS.busy = going;
  document.getElementById("measure").setAttribute("aria-pressed", String(going));
  going ? MAP.doubleClickZoom.disable() : MAP.doubleClickZoom.enable();
  document.getElementById("measured")?.remove();
  if (going) {
    const box = el("output", { id: "measured", class: "toast stay" }, W("measure_hint"));
    document.getElementById("stage").append(box);
    closeCard();
  }
  markSheet.redraw();
}

function addMeasured(latlng) {
  if (MEASURE.points.at(-1)?.equals(latlng)) return; // the second click of a double one
  MEASURE.points.push(latlng);
  document.getElementById("measured").textContent = MEASURE.points.length > 1 ? lengthWords(measured(MEASURE.points)) : W("measure_hint");
  markSheet.redraw();
}

function watchMeasure() {
  MAP.on("click", (event) => MEASURE.points && !MEASURE.done && addMeasured(event.latlng));
  MAP.on("dblclick", () => {
    // the length stays to be read; the next press of the button clears it
    if (!MEASURE.points || MEASURE.points.length < 2) return;
    MEASURE.done = true;
    TOOLS.busy = false;
  });
  on("language", () => {
    const box = document.getElementById("measured");
    if (box) box.textContent = MEASURE.points.length > 1 ? lengthWords(measured(MEASURE.points)) : W("measure_hint");
  });
}

function paintMeasure(ctx, view) {
  if (!MEASURE.points?.length) return;
  const places = MEASURE.points.map((one) => [worldX(one.lng) * view.scale - view.left, worldY(one.lat) * view.scale - view.top]);
  for (const [colour, width] of [[INK.halo, 5], [INK.accent, 2]]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    places.forEach(([x, y], at) => (at ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.stroke();
  }
  ctx.fillStyle = INK.accent;
  for (const [x, y] of places) {
    ctx.beginPath();
    ctx.arc(x, y, 4, 0, 7);
    ctx.fill();
  }
}
