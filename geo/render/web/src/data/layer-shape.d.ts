// A layer has all that the page holds of it, and what is noted on it later.

export {};

declare module "./layer.js" {
  interface DataLayer extends Omit<LayerDef, "shapes">, LayerState {}
}
