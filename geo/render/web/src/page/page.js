// What the page holds: the data that stand in its JSON element.

/** @type {PageData} */
export const PAGE = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("jjj-data")).textContent);
