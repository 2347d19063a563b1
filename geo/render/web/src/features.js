// What a page may hold beside its core: the module of a feature registers itself, the core asks by name.

const registered = {};

export function register(name, feature) {
  registered[name] = feature;
}

// Undefined on a page without the feature.
export const feature = (name) => registered[name];
