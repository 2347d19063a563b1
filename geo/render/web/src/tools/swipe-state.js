// Two layers, or two times, side by side: where the handle stands and what each side shows.

export const SWIPE = { x: null, sides: null, steps: null, picks: [] };
