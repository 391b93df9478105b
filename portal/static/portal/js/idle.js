// Locks the screen when nobody was there for the organization's idle time. Keys, pointer and touch count; a recording that
// plays does not. All windows of the portal share one clock. A page that must not be left (an upload under way) sets
// data-stay on its body: it is covered instead, and goes on.
import { send } from "./portal.js";

const page = document.body;
const limit = Number(page.dataset.idleSeconds) * 1000;
const CLOCK = "sealscript:last-activity";
const TELL_EVERY = Math.min(60_000, limit / 3);
let told = Date.now();
let locked = false;

const now = () => Date.now();
function last() { return Number(localStorage.getItem(CLOCK)) || now(); }
localStorage.setItem(CLOCK, String(now()));

function active() {
  if (locked) return;
  localStorage.setItem(CLOCK, String(now()));
  if (now() - told < TELL_EVERY) return;
  told = now();
  // The server keeps its own clock; reading without loading pages is activity, too.
  send(page.dataset.activeUrl).catch((error) => { if (error.status === 401) lock(); });
}
for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) window.addEventListener(kind, active, { passive: true, capture: true });

function lock() {
  if (locked) return;
  locked = true;
  send(page.dataset.lockUrl).catch(() => undefined).finally(() => {
    const back = location.pathname + location.search;
    const target = `/accounts/login/?${new URLSearchParams({ next: back, locked: "1" })}`;
    if (page.dataset.stay !== undefined) cover();
    else location.replace(target);
  });
}

function cover() {
  const cover = document.createElement("div");
  cover.className = "lock";
  cover.setAttribute("role", "alertdialog");
  cover.setAttribute("aria-labelledby", "lock-title");
  cover.innerHTML = '<div class="card"><h1 id="lock-title">Locked</h1><p>Your upload goes on. Sign in to continue where you were.</p><p class="number" data-lock-progress></p><p><a class="button primary" target="_blank" rel="opener">Sign in</a></p></div>';
  cover.querySelector("a").href = `/accounts/login/?${new URLSearchParams({ next: "/session/back", locked: "1" })}`;
  page.append(cover);
  cover.querySelector("a").focus();
  for (const part of page.children) if (part !== cover) part.inert = true;
  const back = setInterval(async () => {
    const state = await send(page.dataset.stateUrl, { method: "GET", passive: true }).catch(() => null);
    if (!state?.signed_in) return;
    clearInterval(back);
    document.querySelector('meta[name="csrf-token"]').content = state.csrf;
    for (const part of page.children) part.inert = false;
    cover.remove();
    locked = false;
    localStorage.setItem(CLOCK, String(now()));
    document.dispatchEvent(new CustomEvent("portal:unlocked"));
  }, 2000);
}

setInterval(() => { if (now() - last() > limit) lock(); }, Math.min(5000, limit / 4));
