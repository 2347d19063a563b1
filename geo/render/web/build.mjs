// Make dist/ from src/: one minified chunk of script and of style for each module, with what it
// imports, so that geo/render/bundle.py can join a page from the modules it uses and no others.
//
// All modules go through esbuild together and share one scope, in which every name is given once.
// A mark before each module shows where it begins; a chunk refers to another by such names alone,
// so that any set of chunks that is closed under imports works.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CORE = "src/main.js";

// What a page holds only if it has such a part; the names are those of geo/render/page.py.
const FEATURES = {
  basemaps: "src/basemaps/basemaps.js",
  charts: "src/charts/charts.js",
  density: "src/layers/density.js",
  flow: "src/layers/flows.js",
  image: "src/layers/image.js",
  notes: "src/callouts/callouts.js",
  overview: "src/overview/overview.js",
  swipe: "src/tools/swipe.js",
  time: "src/time/slider.js",
};

// What a page holds of others; their licences go with the wheel, and the page names them.
const PACKAGES = { leaflet: { title: "Leaflet", licence: "BSD-2-Clause" }, fflate: { title: "fflate", licence: "MIT" } };

// The page makes its own controls, popups and tooltips, and asks for no picture.
const LEAFLET_STYLE = "node_modules/leaflet/dist/leaflet.css";
const NOT_USED = /leaflet-(?:control|popup|tooltip|bar|oldie|attribution|marker|shadow|div-icon|vml)/;

const MARK = /\/\*! module (\S+) \*\//;
const read = (file) => readFileSync(path.join(HERE, file), "utf8").replaceAll("\r\n", "\n");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

const marked = {
  name: "mark where each module begins",
  setup(made) {
    made.onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      const name = path.relative(HERE, file).split(path.sep).join("/");
      return { contents: `/*! module ${name} */\n${read(name)}`, loader: "js" };
    });
  },
};

async function bundled() {
  // what a page has comes before the core, which starts the page when it is run
  const entry = ["src/page/page.js", ...Object.values(FEATURES), CORE].map((one) => `import "./${one}";`).join("\n");
  const made = await build({
    absWorkingDir: HERE,
    stdin: { contents: entry, resolveDir: HERE, sourcefile: "entry" },
    bundle: true, write: false, metafile: true, minify: true,
    format: "esm", platform: "browser", target: "es2022", charset: "utf8", legalComments: "inline",
    plugins: [marked], logLevel: "warning",
  });
  return { text: made.outputFiles[0].text, inputs: made.metafile.inputs };
}

// What esbuild puts before all modules, and the chunks in the order in which they run.
function cut(text) {
  const [helpers, ...parts] = text.split(MARK);
  const lean = (code) => code.replace(/\/\*![\s\S]*?\*\//g, "").trim();
  return { helpers: lean(helpers), chunks: parts.flatMap((name, at) => (at % 2 ? [] : [[name, lean(parts[at + 1])]])) };
}

const needsOf = (inputs, name) => inputs[name].imports.map((one) => one.path).filter((one) => one !== "<runtime>");

const lean = async (css) => (await transform(css, { loader: "css", minify: true, target: "es2022", charset: "utf8" })).code.trim();

function leafletStyle() {
  const bare = read(LEAFLET_STYLE).replace(/\/\*[\s\S]*?\*\//g, "").replace(/[^{}]*\{[^{}]*url\([^{}]*\}/g, "");
  return bare.replace(/([^{}]+)\{[^{}]*\}/g, (rule, selectors) => {
    const kept = selectors.split(",").filter((one) => !NOT_USED.test(one)).join(",");
    return kept.trim() && rule.replace(selectors, kept);
  });
}

async function styleOf(name) {
  if (name === "src/leaflet/core.js") return lean(leafletStyle());
  const file = name.replace(/\.js$/, ".css");
  return name.startsWith("src/") && existsSync(path.join(HERE, file)) ? lean(read(file)) : "";
}

// Keys of the catalogue that a module says, so that a page holds these words and no others.
const [, CONTROLS] = /** @type {RegExpMatchArray} */ (read("../words.py").match(/^CONTROLS: Final = \{\n(.*?)^\}$/ms));
const catalogue = new Set([...CONTROLS.matchAll(/^ {4}"([a-z_]+)": tr/gm)].map(([, key]) => key));

function wordsOf(name) {
  if (!name.startsWith("src/")) return [];
  const said = read(name).match(/(?<=")[a-z_]+(?=")|(?<=words\.)[a-z_]+/g) ?? [];
  return [...new Set(said)].filter((key) => catalogue.has(key)).sort();
}

function filesUnder(folder) {
  return readdirSync(path.join(HERE, folder), { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? filesUnder(`${folder}/${one.name}`) : [`${folder}/${one.name}`]).sort();
}

async function made() {
  const { text, inputs } = await bundled();
  const { helpers, chunks } = cut(text);
  const modules = {};
  for (const [name, script] of chunks) {
    modules[name] = { needs: needsOf(inputs, name), words: wordsOf(name), script, style: await styleOf(name) };
  }
  const guard = (await transform(read("src/guard/trusted.js"), { minify: true, target: "es2022" })).code.trim();
  return `${JSON.stringify({ core: CORE, features: FEATURES, guard, helpers, modules }, null, 1)}\n`;
}

function packages() {
  return Object.fromEntries(Object.entries(PACKAGES).map(([name, { title, licence }]) => {
    const { version } = JSON.parse(read(`node_modules/${name}/package.json`));
    const copyright = read(`node_modules/${name}/LICENSE`).match(/^Copyright .*$/gm).join(" ");
    return [name, { title, version, licence, copyright }];
  }));
}

async function write(folder) {
  const sources = [...filesUnder("src"), "build.mjs", "package.json", "package-lock.json"];
  const outputs = { "modules.json": await made() };
  for (const name of Object.keys(PACKAGES)) outputs[`LICENSE-${name}`] = read(`node_modules/${name}/LICENSE`);
  const hashes = (files, text) => Object.fromEntries(files.map((file) => [file, sha256(text(file))]));
  const manifest = {
    packages: packages(),
    outputs: hashes(Object.keys(outputs), (file) => outputs[file]),
    sources: hashes(sources, read),
  };
  outputs["manifest.json"] = `${JSON.stringify(manifest, null, 2)}\n`;
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(outputs)) writeFileSync(path.join(folder, file), text);
}

await write(path.resolve(HERE, process.argv[2] ?? "dist"));
