// Hiding what was selected: words that a selection touches, in one line, go to the dialog as their places.
export function watchSelection(box, button, base, open) {
  let chosen = null;

  function look() {
    chosen = null;
    button.hidden = true;
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const text = (range.startContainer.parentElement ?? box).closest(".line .text");
    if (!text || !box.contains(text)) return;
    const words = [...text.querySelectorAll("[data-i]")].filter((word) => range.intersectsNode(word) && touches(range, word));
    const places = [...new Set(words.map((word) => word.dataset.i))];
    if (!places.length) return;
    chosen = { n: text.closest(".line").dataset.n, places };
    const area = range.getBoundingClientRect();
    button.hidden = false;
    button.style.top = `${scrollY + area.top - button.offsetHeight - 8}px`;
    button.style.left = `${Math.max(8, Math.min(innerWidth - button.offsetWidth - 8, area.left))}px`;
  }

  function touches(range, word) {
    const inside = document.createRange();
    inside.selectNodeContents(word);
    return range.compareBoundaryPoints(Range.END_TO_START, inside) < 0 && range.compareBoundaryPoints(Range.START_TO_END, inside) > 0;
  }

  document.addEventListener("selectionchange", () => { clearTimeout(look.timer); look.timer = setTimeout(look, 150); });
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!chosen) return;
    const query = chosen.places.map((place) => `w=${place}`).join("&");
    button.hidden = true;
    open(`${base}lines/${chosen.n}/hide?${query}`, box.querySelector(`#n${chosen.n} .line-acts button`));
    getSelection().removeAllRanges();
  });
}
