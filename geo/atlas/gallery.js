"use strict";
(() => {
  const root = document.documentElement;
  const tags = { zh: "zh-CN", en: "en", ja: "ja" };
  const buttons = [...document.querySelectorAll("[data-set]")];
  const titles = JSON.parse(root.dataset.titles);
  const show = (lang) => {
    root.dataset.lang = lang;
    root.lang = tags[lang];
    document.title = titles[lang];
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.set === lang));
    for (const link of document.querySelectorAll("a.map")) link.hash = `lang=${lang}`;
  };
  for (const one of buttons) {
    one.addEventListener("click", () => {
      show(one.dataset.set);
      history.replaceState(null, "", `#lang=${one.dataset.set}`);
    });
  }
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  const wished = (navigator.language || "zh").slice(0, 2);
  show([asked, wished].find((one) => one in tags) ?? "zh");
  root.dataset.ready = "true";
})();
