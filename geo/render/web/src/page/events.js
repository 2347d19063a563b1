// Who wants to hear of a change, and telling them.

const listeners = new Map();

export function on(event, action) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event).push(action);
}

export function emit(event, value) {
  for (const action of listeners.get(event) ?? []) action(value);
}
