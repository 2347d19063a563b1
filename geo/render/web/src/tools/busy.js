// Whether a tool has the pointer.

export const TOOLS = { busy: false };
