// The transcript page: joins its parts, opens dialogs, takes keys, and fetches anew what an act changed.
import { send } from "./portal.js";
import { Leaves } from "./transcript-leaves.js";
import { Player } from "./transcript-player.js";
import { Find } from "./transcript-find.js";
import { watchSelection } from "./transcript-hide.js";

const root = document.getElementById("transcript");
const base = root.dataset.base;
const box = document.getElementById("leaves");
const leaves = box ? new Leaves(box) : null;
const player = document.getElementById("player") ? new Player(document.getElementById("player"), root, leaves) : null;
const find = leaves ? new Find(document.getElementById("find"), `${base}find`, leaves) : null;
const dialog = document.getElementById("act");
const body = document.getElementById("act-body");
const problem = document.getElementById("act-error");
const touch = matchMedia("(hover: none)");
let opener = null;

// --- dialogs ---------------------------------------------------------------------------------------------------------
export async function openDialog(url, from = document.activeElement) {
  opener = from;
  problem.replaceChildren();
  await htmx.ajax("GET", url, { target: body, swap: "innerHTML" });
  if (!dialog.open) dialog.showModal();
  (body.querySelector("[autofocus]") ?? body.querySelector("textarea, input:not([type=hidden]), select, button"))?.focus();
}
// What was typed survives a dialog that is closed by mistake, until it is saved.
const drafts = new Map();
dialog.addEventListener("input", (event) => {
  const draft = event.target.closest("[data-draft]")?.dataset.draft;
  if (draft && event.target.name === "text") drafts.set(draft, event.target.value);
});
document.addEventListener("htmx:afterSwap", (event) => {
  const form = event.target === body ? body.querySelector("[data-draft]") : null;
  if (form && drafts.has(form.dataset.draft)) form.elements.text.value = drafts.get(form.dataset.draft);
});
dialog.addEventListener("close", () => {
  body.replaceChildren();
  problem.replaceChildren();
  if (opener?.isConnected) opener.focus();
});
// Errors of acts come as fragments with their true status; htmx shows only 2xx by itself.
document.addEventListener("htmx:beforeSwap", (event) => {
  // An undo has no dialog around it: its error belongs where it was asked for.
  if (!dialog.open && event.detail.target === problem) event.detail.target = document.getElementById("said");
  if (event.detail.xhr.getResponseHeader("X-Fragment")) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("htmx:sendError", () => { problem.textContent = "The portal cannot be reached. What you typed is still here; try again."; });

// --- what an act changed ---------------------------------------------------------------------------------------------
document.addEventListener("transcript:changed", async (event) => {
  const what = event.detail.what;
  const form = body.querySelector("[data-draft]");
  if (form) drafts.delete(form.dataset.draft);
  // The dialog goes on; only the page behind it is fetched anew.
  if (what === "behind") { problem.replaceChildren(); await refresh("lines"); return; }
  if (dialog.open) dialog.close();
  if (what === "reload") { location.reload(); return; }
  if (what === "waiting") { wait(); await refreshSide(); return; }
  if (what === "again") { follow(); await refresh("lines"); return; }
  await refresh(what);
});
async function refreshSide() { await htmx.ajax("GET", `${base}side`, { target: "#side", swap: "innerHTML" }); startCountdown(); }
async function refresh(what) {
  await refreshSide();
  if (what === "lines") {
    await leaves?.reload();
    await find?.again();
    player?.changed();
  }
}
function wait() {
  const strip = document.getElementById("waiting");
  strip.hidden = false;
  const timer = setInterval(async () => {
    const state = await send(`${base}status`, { method: "GET", passive: true }).catch(() => null);
    if (!state) return;
    if (state.state === "held") { clearInterval(timer); location.reload(); return; }
    if (state.behind) return;
    clearInterval(timer);
    strip.hidden = true;
    document.getElementById("version-said").textContent = `version ${state.shown.split(".")[0]}`;
    await refresh("lines");
  }, 2000);
}
if (root.dataset.behind === "yes") wait();
// The text is checked again, and shown as before meanwhile.
let following = 0;
function follow() {
  following ||= setInterval(async () => {
    const state = await send(`${base}status`, { method: "GET", passive: true }).catch(() => null);
    if (!state || state.again) return;
    clearInterval(following);
    following = 0;
    if (state.shown) await refresh("lines");
  }, 3000);
}
if (root.dataset.again === "yes") follow();

// --- a reveal ends -----------------------------------------------------------------------------------------------------
let countdown = 0;
function startCountdown() {
  clearInterval(countdown);
  const card = document.getElementById("reveal");
  if (!card) return;
  const until = performance.now() + Number(card.dataset.milliseconds);
  const left = document.getElementById("reveal-left");
  const tick = async () => {
    const seconds = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) return;
    clearInterval(countdown);
    // Out of the page at once; then what the server gives by now.
    if (dialog.open && body.querySelector("[data-opened]")) dialog.close();
    for (const chip of document.querySelectorAll(".hid.shown")) { chip.textContent = chip.dataset.label; chip.classList.remove("shown"); chip.removeAttribute("aria-label"); }
    await refresh("lines");
  };
  countdown = setInterval(tick, 500);
  tick();
}
startCountdown();

// --- clicks -----------------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) { document.getElementById("said").replaceChildren(); return; }
  const open = event.target.closest("[data-open]");
  if (open) { openDialog(open.dataset.open, open); return; }
  const chip = event.target.closest("[data-chip]");
  if (chip) { openDialog(`${base}chips/${chip.dataset.chip}`, chip); return; }
  const go = event.target.closest("[data-go]");
  if (go) {
    event.preventDefault();
    // Who follows a link of the dialog wants to be there, not back where it was opened.
    opener = null;
    dialog.close();
    showLine(Number(go.dataset.go), go.dataset.chipAt);
    return;
  }
  const at = event.target.closest("[data-seek], .w[data-t]");
  if (at && player && String(getSelection()) === "") player.play(Number(at.dataset.seek ?? at.dataset.t));
  if (touch.matches) {
    for (const line of document.querySelectorAll(".line.touched")) line.classList.remove("touched");
    event.target.closest(".line")?.classList.add("touched");
  }
});

/** Shows a line; with ``chipPlace`` ("12.0") or ``word`` (its place and what opens there) that part of it, focused. */
async function showLine(n, chipPlace, word) {
  const line = await leaves.show(n);
  if (!line) return;
  const part = chipPlace ? line.querySelector(`[data-chip="${chipPlace}"]`) : word ? line.querySelector(`[data-i="${word.at}"]`) : null;
  if (!part) return;
  if (word && !part.dataset.chip) {
    // Only while it wants deciding: a word is no button otherwise.
    part.dataset.open = word.open;
    part.setAttribute("role", "button");
    part.tabIndex = 0;
  }
  part.classList.add("flash");
  setTimeout(() => part.classList.remove("flash"), 2500);
  part.focus({ preventScroll: true });
}
async function fromHash() {
  const n = /^#n(\d{1,7})$/.exec(location.hash);
  if (!n || !leaves) return;
  await showLine(Number(n[1]));
}
window.addEventListener("hashchange", fromHash);

// --- next and previous that want checking --------------------------------------------------------------------------
let queue = null;
let at = -1;
async function step(by) {
  if (queue === null) {
    const holder = document.createElement("div");
    await htmx.ajax("GET", `${base}doubts`, { target: holder, swap: "innerHTML" }).catch(() => undefined);
    const places = [...holder.querySelectorAll("[data-line]")].map(({ dataset }) => ({ line: Number(dataset.line), chip: dataset.chipAt, word: dataset.wordAt ? { at: dataset.wordAt, open: dataset.open } : null }));
    queue = places.sort((a, b) => a.line - b.line || (a.chip ?? "").localeCompare(b.chip ?? "", "en", { numeric: true }) || Number(a.word?.at) - Number(b.word?.at));
  }
  if (!queue.length) return;
  at = (at + by + queue.length) % queue.length;
  await showLine(queue[at].line, queue[at].chip, queue[at].word);
}
document.addEventListener("transcript:changed", () => { queue = null; at = -1; });
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".w[data-open]")) openDialog(event.target.dataset.open, event.target);
});
// From the review queue: on to the first part that wants checking.
fromHash().then(() => { if (new URLSearchParams(location.search).has("review")) step(1); });

// --- keys -----------------------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=range]):not([type=checkbox]), textarea, select")) return;
  const onButton = event.target.closest("button, summary, a");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const acts = {
    " ": () => { if (onButton) return false; player?.toggle(); },
    k: () => player?.toggle(),
    j: () => player?.skip(-5),
    l: () => player?.skip(5),
    "[": () => player?.faster(-1),
    "]": () => player?.faster(1),
    "/": () => document.getElementById("find-text")?.focus(),
    n: () => { if (root.dataset.review === "yes") step(1); },
    p: () => { if (root.dataset.review === "yes") step(-1); },
    v: () => player?.picture?.toggle(),
    f: () => document.getElementById("follow")?.click(),
    "?": () => document.getElementById("help").showModal(),
  };
  if (!(key in acts) || acts[key]() === false) return;
  event.preventDefault();
});

if (root.dataset.review === "yes" && box) watchSelection(box, document.getElementById("hide-selection"), base, openDialog);
