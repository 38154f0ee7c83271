// Runs before the page is painted: wide screens get the grid, so that the table below it never flashes up.
"use strict";
if (matchMedia("(min-width: 761px)").matches && !new URLSearchParams(location.search).has("as")) {
  document.documentElement.classList.add("has-grid");
}
