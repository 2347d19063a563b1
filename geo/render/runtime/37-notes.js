// Callouts: a sentence on the map, tied to its place by a short line.

function makeNotes() {
  for (const one of PAGE.notes) {
    const body = el("p", { class: "callout-text", dir: "auto", say: () => T(one.text) });
    const html = el("div", { class: `callout-box ${one.side}` }, el("i"), body);
    L.marker([one.lat, one.lon], {
      icon: L.divIcon({ html, className: "callout", iconSize: null }), interactive: false, keyboard: false,
    }).addTo(MAP);
    const fit = () => fitNote(one, body);
    MAP.on("moveend resize", fit);
    fit();
  }
}

// A text becomes narrower before the edge of the map would cut it, or the tools cover it.
function fitNote(one, body) {
  const { x } = MAP.latLngToContainerPoint([one.lat, one.lon]);
  const room = (one.side.endsWith("e") ? MAP.getSize().x - 50 - x : x) - 31;
  body.style.maxWidth = room > 0 && room < (isPhone() ? 130 : 200) ? `${Math.max(48, room)}px` : "";
}

// The same on the canvas of a picture.
function paintNotes(ctx, view, font) {
  for (const one of PAGE.notes) {
    const x = worldX(one.lon) * view.scale - view.left, y = worldY(one.lat) * view.scale - view.top;
    const [sx, sy] = [one.side.endsWith("e") ? 1 : -1, one.side.startsWith("s") ? 1 : -1];
    const lines = wrapped(ctx, T(one.text), `600 13px ${font}`, 190);
    ctx.strokeStyle = INK.ink;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x + sx * 22, y + sy * 22);
    ctx.stroke();
    ctx.font = `600 13px ${font}`;
    const wide = Math.max(...lines.map((line) => ctx.measureText(line).width));
    const left = Math.max(6, Math.min(sx > 0 ? x + 26 : x - 26 - wide, view.width - wide - 6));
    const top = sy > 0 ? y + 32 : y - 22 - (lines.length - 1) * 18;
    lines.forEach((line, at) => {
      ctx.strokeStyle = INK.halo;
      ctx.lineWidth = 4;
      ctx.strokeText(line, left, top + at * 18);
      ctx.fillStyle = INK.ink;
      ctx.fillText(line, left, top + at * 18);
    });
  }
}
