// No string may become markup. Leaflet tests once whether SVG works by parsing "<svg/>"; that
// constant is let through, anything else throws.
if (window.trustedTypes && window.trustedTypes.createPolicy) {
  window.trustedTypes.createPolicy("default", { createHTML: (/** @type {string} */ text) => (text === "<svg/>" ? text : null) });
}
