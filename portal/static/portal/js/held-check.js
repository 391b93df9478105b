// Held text that is open for half an hour: says when that ends, plays the sound from a line, finds with "/".
const open = document.getElementById("held-open");
const sounds = [...document.querySelectorAll("#listen audio")];
const end = Date.now() + Number(open.dataset.seconds) * 1000;

// By the clock, not by a timer alone: a laptop that slept wakes up after the end.
let told = false;
let over = false;
function look() {
  const left = end - Date.now();
  if (left <= 0 && !over) {
    over = true;
    for (const sound of sounds) { sound.pause(); sound.removeAttribute("src"); sound.load(); }
    location.replace(open.dataset.back);
  } else if (left <= 120_000 && !told) {
    told = true;
    document.getElementById("held-left").textContent = "Less than two minutes are left: extend it to go on. What is hidden is kept.";
  }
}
setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
look();

// Each act loads the page anew; the sound goes on from where it was. Kept is a number of seconds, nothing else.
const key = (number) => `held-sound:${open.dataset.of}:${number}`;
sounds.forEach((sound, number) => {
  const before = Number(sessionStorage.getItem(key(number)));
  if (before > 0) sound.currentTime = before;
  sound.addEventListener("timeupdate", () => sessionStorage.setItem(key(number), String(sound.currentTime)));
});

function hear(button) {
  const moment = Number(button.dataset.hear);
  const playing = button.getAttribute("aria-pressed") === "true";
  for (const sound of sounds) sound.pause();
  if (playing) return;
  const sound = sounds.find((one) => moment >= Number(one.dataset.start) && moment < Number(one.dataset.start) + Number(one.dataset.length));
  if (!sound) return;
  sound.currentTime = (moment - Number(sound.dataset.start)) / 1000;
  sound.play().then(() => button.setAttribute("aria-pressed", "true"), () => {});
  sound.addEventListener("pause", () => button.setAttribute("aria-pressed", "false"), { once: true });
}
for (const button of document.querySelectorAll("[data-hear]")) {
  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => hear(button));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  event.preventDefault();
  document.getElementById("find-text").focus();
});

// An act leads back to its place; the keyboard goes on from there.
if (location.hash) document.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"][tabindex]`)?.focus({ preventScroll: true });
