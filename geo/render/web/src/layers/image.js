// A raster already in the projection of the map: one picture, stretched between its corners.

import { worldX, worldY } from "../data/mercator.js";
import { KINDS } from "./kinds.js";

/** @param {Layer} layer */
function loadPicture(layer) {
  return new Promise((done, fail) => {
    layer.picture = new Image();
    layer.picture.onload = done;
    layer.picture.onerror = () => fail(new Error("picture cannot be read"));
    layer.picture.src = layer.image ?? "";
  });
}

/** @param {Pen} ctx @param {View} view @param {Layer} layer */
function paintImage(ctx, view, layer) {
  const [west, south, east, north] = layer.bounds;
  const x = worldX(west) * view.scale - view.left, y = worldY(north) * view.scale - view.top;
  ctx.imageSmoothingEnabled = false;
  ctx.globalAlpha = layer.style.opacity;
  ctx.drawImage(layer.picture, x, y, (worldX(east) - worldX(west)) * view.scale, (worldY(south) - worldY(north)) * view.scale);
  ctx.globalAlpha = 1;
  ctx.imageSmoothingEnabled = true;
}

KINDS.image = { lay: loadPicture, paint: paintImage };
