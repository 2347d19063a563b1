// What every script of a page keeps to: names that exist, nothing unused, and no text as code.

import js from "@eslint/js";
import globals from "globals";

const NO_MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "createContextualFragment", "srcdoc"];
const SAY = "texts become text nodes: page/elements.js";

export default [
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "error",
      "no-unused-vars": ["error", { args: "after-used", argsIgnorePattern: "^_", caughtErrors: "none" }],
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-control-regex": "off", // control signs are looked for, so that they can be shown
    },
  },
  {
    files: ["src/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-restricted-globals": ["error", ...["fetch", "XMLHttpRequest", "WebSocket", "EventSource"].map((name) => ({ name, message: "a page asks no host for anything" }))],
      "no-restricted-properties": [
        "error",
        ...NO_MARKUP.map((property) => ({ property, message: SAY })),
        { object: "document", property: "write", message: SAY },
        { object: "document", property: "writeln", message: SAY },
        { object: "navigator", property: "sendBeacon", message: "a page asks no host for anything" },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='DOMParser']", message: SAY },
        { selector: "NewExpression[callee.name='Function']", message: "no text is code" },
        { selector: "CallExpression[callee.name='Function']", message: "no text is code" },
        { selector: "ImportExpression", message: "a page holds all its modules" },
        { selector: "CallExpression[callee.property.name='setAttribute'][arguments.0.value=/^(on|srcdoc|style$)/]", message: "handlers and styles are set by name, not by text" },
      ],
    },
  },
  {
    files: ["*.mjs", "test/**/*.js"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
];
