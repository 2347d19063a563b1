// What the page holds, as geo/render/map.py gathers it, and what the modules make of it. Types only.

type Leaflet = typeof import("leaflet");
type LatLng = import("leaflet").LatLng;
type Point = import("leaflet").Point;
type Pen = CanvasRenderingContext2D;

/** A text in three languages, or words that have none. */
type Words = string | number | Record<string, string> | null | undefined;

/** West, south, east, north in degrees, or left, top, right, bottom in pixels. */
type Box = number[];
type Pair = [number, number];
type Rgb = number[];

interface Packed {
  z: string;
  parts: [name: string, kind: string, count: number][];
}

/** Columns by name: numbers, texts, or whatever stood in a column of JSON. */
type Columns = Record<string, any>;

interface Item {
  colour: string;
  n: number;
  label?: Words;
  from?: number;
  to?: number;
}

interface Legend {
  kind: "plain" | "categories" | "classes" | "none";
  items: Item[];
  ordered?: boolean;
  title?: Words;
  unit?: Words;
  decimals?: number | null;
  missing?: number;
  missing_label?: Words;
}

interface Sizes {
  title: Words;
  unit: Words;
  items: { value: number; radius: number }[];
}

interface Field {
  column: any;
  header?: string;
  label: Words;
  unit: Words;
  decimals: number | null;
  words: Record<string, Words>;
  grouped?: boolean;
  lang?: string;
  made?: boolean;
}

interface Column {
  kind: string;
  coded?: boolean;
  by_class?: number[];
  scale?: number;
  base?: number;
  missing?: boolean;
}

interface Style {
  base?: boolean;
  fill?: string | null;
  line?: string | null;
  width: number;
  opacity: number;
  dash?: number[] | null;
  radius: number;
  directed?: boolean;
  size: number;
  strong?: boolean;
  from_zoom: number;
  beside?: boolean | number;
}

/** A layer as the page holds it. */
interface LayerDef {
  id: string;
  kind: "area" | "line" | "point" | "label" | "flow" | "image";
  title: Words;
  group: Words;
  shown: boolean;
  sources: number[];
  bounds: Box;
  n: number;
  dropped?: number;
  thinned_m?: number;
  grid?: number;
  style: Style;
  shapes: Packed | null;
  data: Packed;
  image?: string;
  colours: string[];
  legend: Legend;
  sizes: Sizes;
  weights: number[];
  columns: Column[];
  names: Record<string, number>;
  name_headers: Record<string, string>;
  key_column: number | null;
  fields: Field[];
  time?: any; // {steps, until, missing, alone}
}

/** What the page notes on a layer beside what its class declares. */
interface LayerState {
  at: number;
  on: boolean;
  /** Switched off for an online basemap. */
  away?: boolean;
  folded?: string[];
  sheet: Sheet | any;
  twin: Sheet | any;
  picture: HTMLImageElement;
  onPaper?: string[];
  counted?: { step: number; by: number[] };
  stepNow?: { now: string; own: Set<number> };
  stale?(): boolean;
  says?(i: number): string;
  from: Uint32Array;
  to: Uint32Array;
  places: Places;
  levels: Map<number, Groups>;
  tops: Map<string, number>;
  views: Map<string, FlowView>;
  bundled: FlowView | any;
  rows?: number[][];
}

type Layer = import("./data/layer.js").DataLayer;

/** Places that flows join: n of them, the heaviest first in ranked. */
interface Places {
  n: number;
  x: Float64Array;
  y: Float64Array;
  ranked: number[];
  names: Record<string, string[]>;
}

/** The leader of each place, and how many places each leader has. */
interface Groups {
  of: Uint32Array;
  size: Uint32Array;
}

interface Bundle {
  at: number;
  sum: number;
  rows: number[];
}

interface Bundles {
  signature: string;
  groups: Groups;
  inside: Map<number, Bundle>;
  top: number;
  slim: number;
}

type FlowView = Layer & Bundles & { rows: number[][]; as_points?: FlowView };

/** How world pixels become pixels of a canvas: x · scale − left, y · scale − top. */
interface View {
  zoom: number;
  scale: number;
  ratio: number;
  left: number;
  top: number;
  width: number;
  height: number;
  west: number;
  north: number;
  east: number;
  south: number;
}

/** A canvas of the map. */
type Sheet = import("leaflet").Layer & { step?: number | null; redraw(): void };

type Paint = (ctx: Pen, view: View, layer: any) => boolean | void;

/** A feature of a layer. */
interface Hit {
  layer: Layer | any;
  i: number;
}

type Hits = Hit[] & { more?: boolean };

interface Kind {
  lay?(layer: Layer, found?: Columns): unknown;
  paint: Paint;
  hit?(layer: Layer, wx: number, wy: number, reach: number, zoom: number): (number | Hit)[];
  says?(layer: Layer, i: number): string;
  bundles?(layer: Layer, zoom: number): FlowView;
  legend?(layer: Layer): (Node | string)[];
}

interface AxisDef {
  label: Words;
  unit: Words;
  decimals: number | null;
  values: any[];
  marks?: { at: number; text: Words }[];
  ends?: Pair[];
}

interface Series {
  label: Words;
  colour: string;
  values: (number | null)[];
  onPaper?: string;
}

interface ChartDef {
  kind: "bar" | "line" | "area" | "ternary";
  title: Words;
  note: Words;
  x: AxisDef;
  numeric: boolean;
  y: AxisDef;
  series: Series[];
  link: { layer: string; keys: any[][] } | null;
  total: number;
  tones?: string[] | null;
  onPaper?: string[];
  size?: { label: Words; unit: Words; decimals: number | null; values: (number | null)[]; most: number } | null;
  reference?: { label: Words; values: number[] } | null;
}

/** A chart of the page: rows are those chosen, at the one pointed at, marks the shapes of each row. */
interface ChartState {
  def: ChartDef;
  holder: HTMLElement;
  layer: Layer | null;
  rows: number[] | null;
  at: number | null;
  anchor: number | null;
  marks: Element[][];
  zone?: ((rows: number[] | null) => void) | null;
  say?: any;
}

type Scale = (value: number) => number;

interface NoteDef {
  text: Words;
  short: Words;
  lon: number;
  lat: number;
  side: string | null;
}

interface NoteForm {
  lines: string[] | null;
  wide: number;
  high: number;
  most: number;
}

interface Spot {
  cost: number;
  box: Box;
  turn: number;
  gap: number;
}

interface Note {
  def: NoteDef;
  number: string;
  key?: any;
  placed: (Spot & { form: NoteForm; anchor: XY }) | null;
}

interface XY {
  x: number;
  y: number;
}

/** What callouts have to keep clear of. */
interface Ground {
  size: XY;
  busy: { at(column: number, row: number): number };
  names: { box: Box; weight: number }[];
  taken: Box[];
}

interface BasemapDef {
  title: Words;
  urls: string[];
  servers: string;
  attribution: string;
  datum: string;
  max_zoom: number;
  needs_key: boolean;
}

interface Place {
  lat: number;
  lng: number;
}

type LanguageDef = [code: string, name: string, tag: string, list: string];

/** All that stands in the JSON element of a page. */
interface PageData {
  lang: string;
  languages: LanguageDef[];
  title: Words;
  kicker: Words;
  finding: Words;
  box: Box;
  ground: Box | null;
  layers: LayerDef[];
  charts: ChartDef[];
  notes: NoteDef[];
  sources: Record<string, any>[];
  caveats: Words[];
  leads: boolean;
  review: Words;
  basemaps: BasemapDef[];
  turned: boolean;
  overview: boolean;
  version: string;
  packages: string[];
  words: Record<string, Words>;
  signs: string;
}

interface State {
  lang: string;
  theme: "auto" | "light" | "dark" | any;
  step: number | null;
  card: { hits: Hits; at: number; latlng: LatLng; back: HTMLElement | SVGElement | null } | null;
  hovered: Hit | null;
  marked: { layer: Layer; set: Set<number> } | null;
}

/** What features offer to the core; undefined on a page without them. */
interface Features {
  basemaps: { make(): HTMLElement; shown(): BasemapDef | null; gcj02(lat: number, lng: number): number[] };
  charts: { make(lead: any, rest: any): void };
  density: { paint(ctx: Pen, view: View, layer: Layer, shown: Uint32Array, count: number): boolean };
  notes: { list(): HTMLElement; paint: any; boxes(): Box[]; placed: Note[] };
  overview: { make(): HTMLElement | null; paint(): void; drawn: object };
  swipe: {
    toggle(): void;
    watch(): void;
    restore(text: string | null): void;
    paint: Paint;
    paintBar(ctx: Pen, size: XY, font: string): void;
  };
  time: { make(): HTMLElement | null; place(layer: Layer): any; words(step: string): string };
}

interface Element {
  setAttribute(name: string, value: string | number): void;
  /** Says its text again, in the present language. */
  _say(): void;
  _sayLabel(): void;
}

interface ChildNode {
  _say(): void;
}

interface Window {
  jjj: object;
  trustedTypes?: { createPolicy(name: string, rules: object): unknown };
}
