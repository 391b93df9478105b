// Hearing the view: recordings in order as one timeline, the words lit as they are spoken, a strip that shows what is silent.
import { send } from "./portal.js";
import { Picture } from "./transcript-picture.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const clockOf = (ms) => {
  const s = Math.max(0, Math.floor(ms / 1000));
  const rest = `${String(s % 60).padStart(2, "0")}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${rest}` : `${Math.floor(s / 60)}:${rest}`;
};

export class Player {
  constructor(box, root, leaves) {
    this.base = root.dataset.base;
    this.root = root;
    this.leaves = leaves;
    this.duration = Number(root.dataset.duration);
    this.state = root.dataset.sound;
    // Under verbatim a video's own element, which plays the sound of recordings without a picture just as well.
    this.audio = document.getElementById("sound");
    this.button = box.querySelector("#play");
    this.clock = box.querySelector("#clock");
    this.seek = box.querySelector("#seek");
    this.canvas = box.querySelector("#wave");
    this.speed = box.querySelector("#speed");
    this.follow = box.querySelector("#follow");
    this.said = box.querySelector("#player-said");
    this.parts = null;
    this.part = 0;
    this.chart = null;
    this.spoken = null;
    this.word = null;
    this.retried = 0;
    this.target = 0;
    this.intent = false;
    this.picture = this.audio instanceof HTMLVideoElement ? new Picture(this) : null;
    this.button.addEventListener("click", () => this.toggle());
    box.querySelector("#back").addEventListener("click", () => this.skip(-5));
    box.querySelector("#ahead").addEventListener("click", () => this.skip(5));
    this.speed.addEventListener("change", () => { this.audio.playbackRate = Number(this.speed.value); });
    this.seek.addEventListener("input", () => this.goTo(Number(this.seek.value)));
    this.audio.addEventListener("play", () => this.#shown(true));
    this.audio.addEventListener("pause", () => this.#shown(false));
    this.audio.addEventListener("ended", () => this.#next());
    this.audio.addEventListener("error", () => this.#failed());
    this.audio.addEventListener("timeupdate", () => this.#moved());
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.#usable();
    this.changed();
  }

  get now() { return this.parts ? this.parts[this.part].start + this.audio.currentTime * 1000 : Number(this.seek.value); }

  #usable() {
    const usable = this.state === "ready";
    this.root.classList.toggle("has-sound", usable);
    for (const control of [this.button, this.seek, this.speed]) control.disabled = !usable;
    if (usable) this.said.textContent = "";
  }

  /** Something was hidden, shown or corrected: the sound is another one. */
  async changed() {
    const at = this.now;
    if (this.parts) { this.drop(); this.seek.value = at; }
    try {
      this.chart = await send(`${this.base}chart`, { method: "GET", passive: true });
    } catch { return; }
    this.state = this.chart.sound;
    if (this.chart.said) this.said.textContent = this.chart.said;
    if (["building", "checking"].includes(this.state)) this.#poll();
    this.#usable();
    this.draw();
  }

  /** Nothing is heard or seen any more, not even the frame that stood last. */
  drop() {
    this.intent = false;
    this.audio.pause();
    this.audio.removeAttribute("src");
    if (this.picture) { this.audio.load(); this.picture.changed(null); }
    this.parts = null;
  }

  #poll() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const state = await send(`${this.base}status`, { method: "GET", passive: true }).catch(() => null);
      if (state === null) { this.#poll(); return; }
      if (!["building", "checking"].includes(state.sound)) { await this.changed(); return; }
      // What is said goes to screen readers, too: only what is new.
      if (this.said.textContent !== state.said) this.said.textContent = state.said;
      this.#poll();
    }, 3000);
  }

  async #fetch() {
    if (this.parts) return true;
    try {
      this.parts = (await send(`${this.base}sound`)).parts;
      return this.parts.length > 0;
    } catch (error) {
      this.said.textContent = error.message;
      return false;
    }
  }

  toggle() { if (this.audio.paused) this.play(this.now); else this.pause(); }

  pause() { this.intent = false; this.audio.pause(); }

  async play(ms) {
    if (this.state !== "ready" || !(await this.#fetch())) return;
    this.intent = true;
    await this.goTo(ms);
    await this.audio.play().catch(() => undefined);
  }

  skip(seconds) { this.goTo(this.now + seconds * 1000); }

  faster(by) {
    const place = Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(Number(this.speed.value)) + by));
    this.speed.value = String(SPEEDS[place]);
    this.audio.playbackRate = SPEEDS[place];
    this.said.textContent = `${SPEEDS[place]}×`;
  }

  async goTo(ms) {
    const target = Math.min(Math.max(0, ms), Math.max(0, this.duration - 1));
    if (!this.parts) { this.seek.value = target; this.#tell(target); if (!(await this.#fetch())) return; }
    this.target = target;
    let part = this.parts.findLastIndex((p) => p.start <= target);
    if (part < 0) part = 0;
    const playing = !this.audio.paused;
    if (part !== this.part || !this.audio.src) {
      this.part = part;
      const { url, picture } = this.parts[part];
      this.audio.src = picture || url;
      this.picture?.changed(this.parts[part]);
      this.audio.playbackRate = Number(this.speed.value);
      await new Promise((done) => {
        this.audio.addEventListener("loadedmetadata", done, { once: true });
        this.audio.addEventListener("error", done, { once: true });
        this.audio.load();
      });
      if (playing) this.audio.play().catch(() => undefined);
    }
    this.audio.currentTime = (target - this.parts[part].start) / 1000;
    this.#moved();
  }

  #next() {
    if (this.part + 1 < this.parts.length) this.play(this.parts[this.part + 1].start);
  }

  /** The link gives nothing any more, or the browser cannot play what it gives: only asking tells the two apart. */
  async #failed() {
    const part = this.parts?.[this.part];
    if (!part?.picture) { await this.#renew(); return; }
    const at = this.audio.currentTime > 0 ? this.now : this.target;
    const playing = this.intent;
    const answer = await fetch(part.picture, { headers: { Range: "bytes=0-0" } }).catch(() => null);
    if (answer?.ok) {
      this.picture.cannot(part);
      part.picture = "";
    } else {
      if (!(await this.picture.still()) || performance.now() - this.retried < 60_000) return;
      this.retried = performance.now();
      this.parts = null;
    }
    this.audio.removeAttribute("src");
    if (playing) await this.play(at); else await this.goTo(at);
  }

  /** A link ran out (they live an hour): ask for a new one and go on, once a minute at most. */
  async #renew() {
    if (!this.parts || performance.now() - this.retried < 60_000) return;
    this.retried = performance.now();
    const at = this.now;
    this.parts = null;
    this.audio.removeAttribute("src");
    await this.play(at);
  }

  #shown(playing) {
    this.button.setAttribute("aria-pressed", String(playing));
    this.button.setAttribute("aria-label", playing ? "Pause" : "Play");
    cancelAnimationFrame(this.frame);
    if (playing) this.#light();
  }

  #light() {
    this.#speak(this.now);
    this.frame = requestAnimationFrame(() => { if (!this.audio.paused) this.#light(); });
  }

  #moved() {
    const ms = this.now;
    const part = this.parts?.[this.part];
    // A picture may go on after its sound: the next recording begins where the sound ended.
    if (part?.picture && part.duration && this.part + 1 < this.parts.length && this.audio.currentTime * 1000 > part.duration) {
      if (!this.audio.paused) { this.#next(); return; }
    }
    this.#tell(ms);
    this.draw();
    this.#speak(ms);
  }

  #tell(ms) {
    this.seek.value = ms;
    this.seek.setAttribute("aria-valuetext", clockOf(ms));
    this.clock.textContent = `${clockOf(ms)} / ${clockOf(this.duration)}`;
  }

  #speak(ms) {
    if (!this.leaves) return;
    const line = this.leaves.lineAt(ms);
    if (!line) {
      const leaf = this.leaves.leafAt(ms);
      if (leaf && !leaf.dataset.loaded && this.follow.checked) this.leaves.load(leaf, { passive: true });
      return;
    }
    if (line !== this.spoken || !line.isConnected) {
      this.spoken?.classList.remove("spoken");
      line.classList.add("spoken");
      this.spoken = line;
      this.words = [...line.querySelectorAll(".w[data-t]")].map((element) => [Number(element.dataset.t), element]);
      if (this.follow.checked && !this.audio.paused) {
        const place = line.getBoundingClientRect();
        if (place.top < Math.max(90, this.picture?.above() ?? 0) || place.bottom > innerHeight - 140) line.scrollIntoView({ block: "center" });
      }
    }
    let low = 0;
    let high = this.words.length;
    while (low < high) { const middle = (low + high) >> 1; if (this.words[middle][0] <= ms) low = middle + 1; else high = middle; }
    const word = low ? this.words[low - 1][1] : null;
    if (word !== this.word) { this.word?.classList.remove("now"); word?.classList.add("now"); this.word = word; }
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !this.duration) return;
    const scale = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * scale)) { this.canvas.width = Math.round(width * scale); this.canvas.height = Math.round(height * scale); }
    const pen = this.canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = colour("--sunk");
    pen.fillRect(0, 0, width, height);
    const x = (ms) => (ms / this.duration) * width;
    const played = x(this.now);
    const middle = height / 2;
    const peaks = this.chart?.peaks ?? [];
    for (let place = 0; place < width; place += 3) {
      const from = Math.floor((place / width) * peaks.length);
      const to = Math.max(from + 1, Math.floor(((place + 3) / width) * peaks.length));
      let peak = 0;
      for (let n = from; n < to && n < peaks.length; n += 1) peak = Math.max(peak, peaks[n]);
      const tall = Math.max(1, (peak / 100) * (height - 8));
      pen.fillStyle = place <= played ? colour("--accent") : colour("--line-strong");
      pen.fillRect(place, middle - tall / 2, 2, tall);
    }
    pen.fillStyle = colour("--hid");
    for (const [start, end] of this.chart?.hidden ?? []) pen.fillRect(x(start), height - 5, Math.max(2, x(end) - x(start)), 5);
    pen.fillStyle = colour("--accent");
    pen.fillRect(Math.max(0, played - 1), 0, 2, height);
  }
}
