// What a page may hold beside its core: the module of a feature registers itself, the core asks by name.

/** @type {any} */
const registered = {};

/**
 * @template {keyof Features} Name
 * @param {Name} name @param {Features[Name]} feature
 */
export function register(name, feature) {
  registered[name] = feature;
}

// Undefined on a page without the feature.
/**
 * @template {keyof Features} Name
 * @param {Name} name
 * @returns {Features[Name] | undefined}
 */
export const feature = (name) => registered[name];
