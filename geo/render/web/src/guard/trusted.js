// No string may become markup. Leaflet tests once whether SVG works by parsing "<svg/>"; that
// constant is let through, anything else throws.
if (window.trustedTypes && trustedTypes.createPolicy) {
  trustedTypes.createPolicy("default", { createHTML: (text) => (text === "<svg/>" ? text : null) });
}
