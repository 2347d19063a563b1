// What the page holds: the data that stand in its JSON element.

export const PAGE = JSON.parse(document.getElementById("jjj-data").textContent);
