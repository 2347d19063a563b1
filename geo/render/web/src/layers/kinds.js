// What each kind of layer can do: lay its shapes out, paint, tell what lies at a place. The module of a
// kind fills it in; a page without such a layer goes without the module.
/** @type {Record<string, Kind>} */
export const KINDS = {};
