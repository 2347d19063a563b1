// The steps of time, and seeing the page as if it stood at another one.

import { STATE } from "../page/state.js";

// The slider of time: all steps, and what the page's slider can do once it is there.
/** @type {{steps: string[], go: any, stop: any, first: number | null}} */
export const SLIDER = { steps: [], go: null, stop: null, first: null };

// Do something as if the slider stood at another step.
/** @param {number | null} step @param {() => any} action */
export function atStep(step, action) {
  const before = STATE.step;
  STATE.step = step;
  try {
    return action();
  } finally {
    STATE.step = before;
  }
}
