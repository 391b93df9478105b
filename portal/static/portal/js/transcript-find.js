// Finding in the transcript: the server looks, this marks what it found on the lines that are there, and steps.
import { send } from "./portal.js";

const PAUSE = 300; // ms after the last key
export class Find {
  constructor(form, url, leaves) {
    this.url = url;
    this.leaves = leaves;
    this.field = form.querySelector("#find-text");
    this.count = form.querySelector("#find-count");
    this.previous = form.querySelector("#find-previous");
    this.next = form.querySelector("#find-next");
    this.hits = new Map(); // line -> [[start, end]]
    this.order = []; // [line, place]
    this.at = -1;
    this.asked = 0;
    let timer = 0;
    this.field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => this.look(), PAUSE); });
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); if (this.order.length && this.looked === this.field.value) this.step(1); else this.look({ jump: true }); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); this.step(-1); }
      if (event.key === "Escape") { this.field.value = ""; this.look(); this.field.blur(); }
    });
    this.previous.addEventListener("click", () => this.step(-1));
    this.next.addEventListener("click", () => this.step(1));
    leaves.addEventListener("loaded", (event) => this.mark(event.detail));
  }

  async look({ jump = false } = {}) {
    const text = this.field.value.trim();
    const turn = ++this.asked;
    let found = { hits: [], total: 0, shown: 0 };
    if (text) {
      try { found = await send(this.url, { body: { text } }); } catch (error) { if (turn === this.asked) this.count.textContent = error.message; return; }
    }
    if (turn !== this.asked) return;
    this.looked = this.field.value;
    this.hits = new Map(found.hits.map((hit) => [hit.n, hit.spans]));
    this.order = found.hits.flatMap((hit) => hit.spans.map((_, place) => [hit.n, place]));
    this.at = -1;
    this.total = found.total;
    for (const leaf of this.leaves.all) if (leaf.dataset.loaded) this.mark(leaf);
    this.previous.disabled = this.next.disabled = this.order.length === 0;
    this.#tell(text);
    if (jump && this.order.length) await this.step(1);
  }

  async again() { if (this.field.value.trim()) await this.look(); }

  #tell(text = this.field.value.trim()) {
    if (!text) this.count.textContent = "";
    else if (!this.order.length) this.count.textContent = "No hits";
    else this.count.textContent = this.at < 0 ? `${this.total} hit${this.total === 1 ? "" : "s"}` : `${this.at + 1} of ${this.total}`;
  }

  /** Marks the hits of a leaf's lines: words are elements, so a class is enough and nothing moves. */
  mark(leaf) {
    for (const marked of leaf.querySelectorAll(".hit")) marked.classList.remove("hit", "current");
    for (const line of leaf.querySelectorAll(".line")) {
      const spans = this.hits.get(Number(line.dataset.n));
      if (!spans) continue;
      let place = 0;
      for (const node of line.querySelector(".text").childNodes) {
        // A revealed part stands for its label: positions count the label.
        const length = (node.dataset?.label ?? node.textContent).length;
        if (node.nodeType === Node.ELEMENT_NODE && node.classList.contains("w")) {
          const hit = spans.findIndex(([start, end]) => place < end && start < place + length);
          if (hit >= 0) {
            node.classList.add("hit");
            const now = this.order[this.at];
            if (now && now[0] === Number(line.dataset.n) && now[1] === hit) node.classList.add("current");
          }
        }
        place += length;
      }
    }
  }

  async step(by) {
    if (!this.order.length) return;
    if (this.at < 0) {
      // Begin at what is on the screen, not at the beginning.
      const visible = this.order.findIndex(([n]) => { const line = this.leaves.line(n); return line && line.getBoundingClientRect().bottom > 60; });
      this.at = by > 0 ? Math.max(0, visible) : (Math.max(0, visible) - 1 + this.order.length) % this.order.length;
    } else this.at = (this.at + by + this.order.length) % this.order.length;
    const line = await this.leaves.show(this.order[this.at][0]);
    for (const marked of document.querySelectorAll(".hit.current")) marked.classList.remove("current");
    if (line) this.mark(line.closest(".leaf"));
    this.#tell();
  }
}
