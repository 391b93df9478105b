// A long transcript as leaves: those near the window are fetched, those far away are let go again.
const NEAR = "1500px 0px";
const FAR = 9000; // px; beyond this a leaf is emptied, keeping its height
const ROUGH_LINE = 64; // px; a guess for lines that were never seen

export class Leaves extends EventTarget {
  constructor(box) {
    super();
    this.box = box;
    this.all = [...box.querySelectorAll(".leaf")];
    this.loading = new Map();
    for (const leaf of this.all) if (!leaf.dataset.loaded) leaf.style.minHeight = `${Number(leaf.dataset.lines) * ROUGH_LINE}px`;
    this.watch = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) this.load(entry.target);
    }, { rootMargin: NEAR });
    for (const leaf of this.all) this.watch.observe(leaf);
    let pending = 0;
    window.addEventListener("scroll", () => { clearTimeout(pending); pending = setTimeout(() => this.release(), 400); }, { passive: true });
  }

  /** Fetches a leaf unless it is there. `passive`: the player asks, nobody touched anything. */
  load(leaf, { again = false, passive = false } = {}) {
    if (leaf.dataset.loaded && !again) return Promise.resolve(leaf);
    if (this.loading.has(leaf)) return this.loading.get(leaf);
    const fetched = htmx.ajax("GET", leaf.dataset.url, { target: leaf, swap: "innerHTML", headers: passive ? { "X-Passive": "1" } : {} })
      .then(() => {
        leaf.dataset.loaded = "yes";
        leaf.style.minHeight = "";
        this.dispatchEvent(new CustomEvent("loaded", { detail: leaf }));
        return leaf;
      })
      .finally(() => this.loading.delete(leaf));
    this.loading.set(leaf, fetched);
    return fetched;
  }

  release() {
    for (const leaf of this.all) {
      if (!leaf.dataset.loaded) continue;
      const place = leaf.getBoundingClientRect();
      if (place.bottom > -FAR && place.top < innerHeight + FAR) continue;
      if (leaf.contains(document.activeElement)) continue;
      leaf.style.minHeight = `${place.height}px`;
      delete leaf.dataset.loaded;
      leaf.replaceChildren();
    }
  }

  async reload() {
    await Promise.all(this.all.filter((leaf) => leaf.dataset.loaded).map((leaf) => this.load(leaf, { again: true })));
  }

  holding(n) { return this.all.find((leaf) => n >= Number(leaf.dataset.first) && n < Number(leaf.dataset.first) + Number(leaf.dataset.lines)); }

  line(n) { return document.getElementById(`n${n}`); }

  /** Scrolls to line `n`, fetching its leaf; the line, or null. */
  async show(n, options = {}) {
    const leaf = this.holding(n);
    if (!leaf) return null;
    await this.load(leaf, options);
    const line = this.line(n);
    line?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "instant" });
    return line;
  }

  /** The line that is spoken at `ms`, among those loaded. */
  lineAt(ms) {
    const leaf = this.leafAt(ms);
    if (!leaf?.dataset.loaded) return null;
    let found = null;
    for (const line of leaf.querySelectorAll(".line[data-start]")) {
      if (Number(line.dataset.start) > ms) break;
      found = line;
    }
    return found;
  }

  leafAt(ms) {
    let found = null;
    for (const leaf of this.all) {
      if (found && Number(leaf.dataset.from) > ms) break;
      found = leaf;
    }
    return found;
  }
}
