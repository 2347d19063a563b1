// What the screen is like: small, dark, calm.

import { STATE } from "./state.js";

export const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches; // things jump instead of gliding

export const isPhone = () => window.innerWidth < 720;

export function isDark() {
  if (STATE.theme !== "auto") return STATE.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
