// The picture of a video, for whoever reads with nothing hidden: its place, its button, and that it goes when the right goes.
import { send } from "./portal.js";

const ASK_MS = 10_000;

export class Picture {
  constructor(player) {
    this.player = player;
    this.media = player.audio;
    this.box = document.getElementById("picture");
    this.said = document.getElementById("picture-said");
    this.button = document.getElementById("picture-toggle");
    this.part = null;
    this.comes = this.said.textContent;
    this.button.addEventListener("click", () => this.toggle());
    this.media.addEventListener("click", () => player.toggle());
    this.media.addEventListener("loadedmetadata", () => this.#came());
    setInterval(() => { if (this.part?.picture) this.still(); }, ASK_MS);
    const banner = document.querySelector(".strip.verbatim");
    if (banner) new ResizeObserver(() => player.root.style.setProperty("--banner", `${banner.offsetHeight}px`)).observe(banner);
  }

  toggle() {
    if (this.button.hidden) return;
    const hide = !this.box.hidden;
    if (hide && document.pictureInPictureElement === this.media) document.exitPictureInPicture();
    this.box.hidden = hide;
    this.button.querySelector("span").textContent = hide ? "Show picture" : "Hide picture";
  }

  /** Another recording is played, or none. */
  changed(part) {
    this.part = part;
    this.#bare(Boolean(part && !part.picture));
    if (part?.picture) this.said.textContent = "";
    else this.said.textContent = part ? part.unseen ?? "This recording has no picture. You hear its sound." : this.comes;
  }

  /** Nothing to see: no black field, and nothing to hide. */
  #bare(yes) {
    this.media.classList.toggle("no-picture", yes);
    this.button.hidden = yes;
  }

  #came() {
    // Some films open without their picture: the browser knows the sound's coding and not the picture's.
    if (this.part?.picture && !this.media.videoWidth) this.cannot(this.part);
  }

  cannot(part) {
    part.unseen = `This browser cannot show the picture of this video${part.format ? ` (a file of the format ${part.format})` : ""}. You hear its sound.`;
    this.#bare(true);
    this.said.textContent = part.unseen;
  }

  /** Whether the reader may still see it. If not, it goes at once, and the page shows what may be seen now. */
  async still() {
    try {
      if ((await send(`${this.player.base}status`, { method: "GET", passive: true })).picture === "shown") return true;
    } catch (error) {
      // A portal that is away says nothing about rights; one that refuses does.
      if (error.status === 0 || error.status >= 500) return true;
    }
    this.player.drop();
    location.reload();
    return false;
  }

  /** How far down the picture covers what scrolls under it; 0 where it stands beside the text. */
  above() {
    if (this.box.hidden) return 0;
    const here = this.box.getBoundingClientRect();
    const text = document.querySelector(".text-column").getBoundingClientRect();
    return here.left < text.right ? here.bottom : 0;
  }
}
