// Two layers, or two times, side by side: where the handle stands and what each side shows.

/** @type {{x: any, sides: any, steps: any, picks: any[], share?: any}} */
export const SWIPE = { x: null, sides: null, steps: null, picks: [] };
