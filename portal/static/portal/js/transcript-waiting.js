// A page that waits for a transcript, and one that shows held text for half an hour.
import { send } from "./portal.js";

const waiting = document.getElementById("hiding");
if (waiting) {
  setInterval(async () => {
    const state = await send(waiting.dataset.status, { method: "GET", passive: true }).catch(() => null);
    if (state && (state.shown || state.state === "held")) location.reload();
  }, 2500);
}
const held = document.getElementById("held-open");
if (held) setTimeout(() => location.replace(held.dataset.back), Number(held.dataset.seconds) * 1000);
