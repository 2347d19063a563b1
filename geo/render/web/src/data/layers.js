// The layers of the page, the lowest first.

import { DataLayer } from "./layer.js";
import { PAGE } from "../page/page.js";

export const LAYERS = PAGE.layers.map((def, at) => new DataLayer(def, at));
export const LABELS = LAYERS.filter((layer) => layer.kind === "label");
