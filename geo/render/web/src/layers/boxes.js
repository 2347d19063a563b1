// Where a name may stand: boxes [left, top, right, bottom] that keep clear of each other.

// Where a name may stand, the best first: upon its place or a line away, or beside the mark of its point.
/** @param {{size: number, beside?: boolean | number}} given @param {number} wide */
export function placesOf({ size, beside }, wide) {
  if (!beside) return [[0, 0], [0, -1.3 * size], [0, 1.3 * size]];
  const gap = beside === true ? 9 : beside;
  const aside = wide / 2 + gap, above = size * 0.5 + gap - 1;
  return [[aside, 0], [-aside, 0], [0, -above], [0, above], [aside, -above], [-aside, above]];
}

/** @param {Box[]} taken @param {number} x @param {number} y @param {number} wide @param {number} size */
export function isFree(taken, x, y, wide, size) {
  const box = nameBox(x, y, wide, size);
  if (isTaken(taken, box)) return false;
  taken.push(box);
  return true;
}

/** @param {number} x @param {number} y @param {number} wide @param {number} size */
export const nameBox = (x, y, wide, size) => [x - wide / 2 - 3, y - size * 0.7, x + wide / 2 + 3, y + size * 0.7];
/** @param {Box} a @param {Box} b */
export const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
/** @param {Box[]} taken @param {Box} box */
export const isTaken = (taken, box) => taken.some((one) => overlap(one, box));

// Half a name at the edge of the frame misleads; what lies beyond it waits for the map to be moved.
/** @param {Box} frame @param {Box} box */
export const isCut = (frame, box) => overlap(frame, box) && !(box[0] >= frame[0] && box[1] >= frame[1] && box[2] <= frame[2] && box[3] <= frame[3]);
