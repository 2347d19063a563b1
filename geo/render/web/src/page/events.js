// Who wants to hear of a change, and telling them.

/** @type {Map<string, ((value: any) => unknown)[]>} */
const listeners = new Map();

/** @param {string} event @param {(value: any) => unknown} action */
export function on(event, action) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event)?.push(action);
}

/** @param {string} event @param {unknown} [value] */
export function emit(event, value) {
  for (const action of listeners.get(event) ?? []) action(value);
}
