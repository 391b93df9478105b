// Search across matters: errors of a search come as fragments and are shown where the results would be.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("X-Fragment")) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
// A new search must not be joined by the rest of the one before.
document.getElementById("search").addEventListener("submit", () => {
  for (const form of document.querySelectorAll(".more-search")) form.remove();
});
