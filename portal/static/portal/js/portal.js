// What every page does: security headers of background requests, local times, the menu, dialogs, copying.

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]').content;

/** A JSON request of a page's script. Throws {status, code, message} of the portal's error, or of a lost network. */
export async function send(url, { method = "POST", body = undefined, passive = false } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (passive) headers["X-Passive"] = "1";
  let response;
  try {
    response = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), redirect: "error" });
  } catch {
    throw { status: 0, code: "network", message: "The portal cannot be reached. Check the network and try again." };
  }
  const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  if (!response.ok) throw { status: response.status, code: answer.code ?? "error", message: answer.message ?? "This did not work. Try again.", facts: answer.facts ?? {} };
  return answer;
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
  // Polling shows progress; it is no sign that somebody is there.
  if (event.detail.elt.closest("[data-passive]")) event.detail.headers["X-Passive"] = "1";
});

const styles = {
  time: { hour: "2-digit", minute: "2-digit" },
  "": { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
};
function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-when]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.valueOf())) continue;
    time.textContent = new Intl.DateTimeFormat("en-GB", styles[time.dataset.when] ?? styles[""]).format(moment);
    time.title = `${moment.toISOString().replace("T", " ").slice(0, 19)} UTC`;
  }
}
localTimes(document);
document.addEventListener("htmx:load", (event) => localTimes(event.detail.elt));

// A table that is wider than its place scrolls; then the keyboard must reach it, too.
const reachable = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
      target.setAttribute("role", "region");
      target.setAttribute("aria-label", target.closest("section")?.querySelector("h2")?.textContent ?? "Table");
    } else if (target.getAttribute("role") === "region") {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }
});
function watchTables(root) {
  for (const wrap of root.querySelectorAll(".table-wrap")) reachable.observe(wrap);
}
watchTables(document);
document.addEventListener("htmx:load", (event) => watchTables(event.detail.elt));

const toggle = document.querySelector(".nav-toggle");
toggle?.addEventListener("click", () => {
  const open = document.getElementById("nav").classList.toggle("open");
  toggle.setAttribute("aria-expanded", String(open));
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  const copier = event.target.closest("[data-copy]");
  if (copier) navigator.clipboard.writeText(document.getElementById(copier.dataset.copy).textContent.trim()).then(() => { copier.querySelector("span").textContent = "Copied"; });
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});
