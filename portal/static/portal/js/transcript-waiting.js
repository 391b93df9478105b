// A page that waits for a transcript.
import { send } from "./portal.js";

const waiting = document.getElementById("hiding");
if (waiting) {
  setInterval(async () => {
    const state = await send(waiting.dataset.status, { method: "GET", passive: true }).catch(() => null);
    if (state && (state.shown || state.state === "held")) location.reload();
  }, 2500);
}
