// The upload page. Checks everything that can be checked before the first byte, then sends the files one after the other by
// their links. What they are to become is already known to the portal: after the last byte this page only looks on.
import { send } from "./portal.js";

const form = document.getElementById("upload");
if (form) {
  const $ = (id) => document.getElementById(id);
  const files = []; // {file, row, object, url, type, sent, done}
  const suffixes = form.dataset.documentSuffixes.split(" ");
  const documentBytes = Number(form.dataset.documentBytes);
  let running = null; // {batch, request, cancelled}
  let began = 0;

  const size = (count) => {
    for (const [unit, scale] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) if (count >= scale) return `${(count / scale).toFixed(1)} ${unit}`;
    return `${count} bytes`;
  };
  const span = (seconds) => {
    if (!Number.isFinite(seconds)) return "";
    if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
    return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
  };
  const isDocument = (file) => suffixes.includes(`.${file.name.split(".").pop().toLowerCase()}`);
  const service = () => $("provider").selectedOptions[0];

  // --- choosing ---------------------------------------------------------------------------------------------------
  function add(list) {
    for (const file of list) {
      const row = $("file-row").content.firstElementChild.cloneNode(true);
      row.querySelector(".file-name").textContent = file.name;
      row.querySelector(".file-size").textContent = size(file.size);
      row.querySelector(".up span").textContent = `Move ${file.name} up`;
      row.querySelector(".down span").textContent = `Move ${file.name} down`;
      row.querySelector(".remove span").textContent = `Remove ${file.name}`;
      row.querySelector("progress").setAttribute("aria-label", `Uploaded of ${file.name}`);
      const entry = { file, row, sent: 0, done: false };
      row.querySelector(".up").addEventListener("click", () => move(entry, -1));
      row.querySelector(".down").addEventListener("click", () => move(entry, 1));
      row.querySelector(".remove").addEventListener("click", () => remove(entry));
      files.push(entry);
    }
    $("files").value = "";
    show();
    checkFiles();
  }
  function move(entry, by) {
    const at = files.indexOf(entry);
    if (at + by < 0 || at + by >= files.length) return;
    files.splice(at, 1);
    files.splice(at + by, 0, entry);
    show();
    entry.row.querySelector(by < 0 ? ".up" : ".down").focus();
  }
  function remove(entry) {
    files.splice(files.indexOf(entry), 1);
    show();
    checkFiles();
    $("files").focus();
  }
  function show() {
    $("list").replaceChildren(...files.map((entry) => entry.row));
    files.forEach((entry, at) => {
      entry.row.querySelector(".position").textContent = `${at + 1}.`;
      entry.row.querySelector(".up").disabled = at === 0;
      entry.row.querySelector(".down").disabled = at === files.length - 1;
    });
    const sum = files.reduce((all, entry) => all + entry.file.size, 0);
    $("sum").textContent = files.length ? `${files.length} ${files.length === 1 ? "file" : "files"}, ${size(sum)}` : "";
    const document = files.length > 0 && files.every((entry) => isDocument(entry.file));
    for (const part of form.querySelectorAll(".recording-only")) part.hidden = document || (part.id === "basic-field" && !service().dataset.basic && service().dataset.answers !== "");
  }

  function problem(id, text) {
    $(id).textContent = text;
    return text === "";
  }
  function checkFiles() {
    const limit = Number(service().dataset.bytes);
    const documents = files.filter((entry) => isDocument(entry.file));
    const empty = files.find((entry) => entry.file.size === 0);
    const large = files.find((entry) => entry.file.size > (isDocument(entry.file) ? documentBytes : limit));
    if (files.length === 0) return problem("files-error", "Choose at least one file.");
    if (files.length > Number(form.dataset.filesLimit)) return problem("files-error", `${files.length} files are chosen; at most ${form.dataset.filesLimit} become one transcript.`);
    if (empty) return problem("files-error", `${empty.file.name} is empty (0 bytes). Check it on your computer and choose it again.`);
    if (large) return problem("files-error", `${large.file.name} has ${size(large.file.size)}; at most ${size(isDocument(large.file) ? documentBytes : limit)} are possible. Save it as M4A or MP3, which is smaller and loses no words, or divide it.`);
    if (documents.length && files.length > 1) return problem("files-error", "A document is uploaded alone: choose one document, or recordings only.");
    return problem("files-error", "");
  }
  function checkRest() {
    const matter = problem("matter-error", $("matter").value ? "" : "Choose the matter that this belongs to.");
    const basic = problem("basic-error", $("basic-field").hidden || !service().dataset.basic || $("basic").checked ? "" : "Tick this to go on with a draft, or upload later when the speech model is there.");
    return matter && basic;
  }
  function explain() {
    const said = service().dataset;
    $("size-limit").textContent = said.limit;
    $("provider-says").textContent = said.answers ? `${said.model ? `Model: ${said.model}. ` : ""}Works in: ${said.region}.` : "It does not answer at the moment. The recording is kept and transcribed as soon as it does.";
    const region = $("matter").selectedOptions[0]?.dataset.region ?? "";
    $("region").textContent = region || "Choose a matter";
    $("region-warning").textContent = region && region !== said.region ? `This matter's data stays in ${region}; this speech service works in ${said.region}, so it would be refused.` : "";
    show();
  }

  $("files").addEventListener("change", () => add($("files").files));
  for (const kind of ["dragover", "dragenter"]) $("drop").addEventListener(kind, (event) => { event.preventDefault(); $("drop").classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) $("drop").addEventListener(kind, () => $("drop").classList.remove("over"));
  // A file dropped beside the field must not replace the page.
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => { event.preventDefault(); if (!running && event.dataTransfer?.files.length) add(event.dataTransfer.files); });
  for (const id of ["provider", "matter"]) $(id).addEventListener("change", explain);
  explain();

  // --- sending ----------------------------------------------------------------------------------------------------
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [first, rest] = [checkFiles(), checkRest()];
    if (!first || !rest || running) {
      (first ? ($("matter").value ? $("basic") : $("matter")) : $("files")).focus();
      return;
    }
    freeze(true);
    const speakers = $("speakers").value;
    let begun;
    try {
      begun = await send(form.dataset.begin, {
        body: {
          matter: $("matter").value, kind: $("kind").value, title: $("title").value, provider: $("provider").value, policy: $("policy").value,
          language: $("language").value, speakers: speakers === "guess" ? "guess" : Number(speakers), basic: $("basic").checked,
          files: files.map(({ file }) => ({ name: file.name, size: file.size, type: file.type })),
        },
      });
    } catch (error) {
      freeze(false);
      const facts = error.facts?.found === undefined ? "" : ` Found: ${error.facts.found}${error.facts.limit === undefined ? "" : `, allowed: ${error.facts.limit}`}.`;
      problem("files-error", error.message + facts);
      return;
    }
    begun.files.forEach((given, at) => Object.assign(files[at], given));
    running = { cancel: begun.cancel, state: begun.files[0].state, request: null, cancelled: false };
    // The idle lock covers this page instead of leaving it.
    document.body.dataset.stay = "";
    window.addEventListener("beforeunload", warn);
    $("progress").hidden = false;
    $("progress").focus();
    began = performance.now();
    await sendAll();
  });

  const warn = (event) => event.preventDefault();

  function freeze(on) {
    for (const part of form.querySelectorAll("aside :is(input, select, button), #list button, #files")) part.disabled = on;
    if (!on) show();
    $("drop").hidden = on;
  }

  async function sendAll() {
    $("retry").hidden = true;
    $("trouble").hidden = true;
    const before = files.reduce((sum, entry) => sum + (entry.done ? entry.file.size : 0), 0);
    began = performance.now();
    for (const entry of files) {
      if (entry.done) continue;
      entry.row.querySelector(".file-progress").hidden = false;
      try {
        // On a second try: the first may have arrived although its answer did not.
        if (entry.tried && (await send(entry.state, { method: "GET", passive: true })).stored) entry.sent = entry.file.size;
        else { entry.tried = true; await put(entry, before); }
      } catch (error) {
        entry.sent = 0;
        if (running.cancelled) return;
        trouble(error);
        return;
      }
      entry.done = true;
      entry.row.querySelector("progress").value = 1000;
      entry.row.querySelector(".file-state").textContent = "Stored";
    }
    await finish();
  }

  function put(entry, before) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      running.request = request;
      request.open("PUT", entry.url);
      request.setRequestHeader("Content-Type", entry.type);
      request.upload.addEventListener("progress", (event) => { entry.sent = event.loaded; figures(before); });
      request.addEventListener("load", () => {
        if (request.status >= 200 && request.status < 300) { entry.sent = entry.file.size; figures(before); resolve(); return; }
        let said = {};
        try { said = JSON.parse(request.responseText); } catch { /* an answer of something between us: the status says enough */ }
        reject({ status: request.status, message: said.message ?? "The portal did not take the file." });
      });
      request.addEventListener("error", () => reject({ status: 0, message: "The connection broke." }));
      request.addEventListener("abort", () => reject({ status: 0, message: "Cancelled." }));
      request.send(entry.file);
    });
  }

  let spokenAt = 0;
  function figures(before) {
    const all = files.reduce((sum, entry) => sum + entry.file.size, 0);
    const sent = files.reduce((sum, entry) => sum + entry.sent, 0);
    const seconds = (performance.now() - began) / 1000;
    const rate = seconds > 0.2 ? (sent - before) / seconds : NaN;
    $("whole").value = Math.round((1000 * sent) / all);
    for (const entry of files) if (!entry.done && entry.sent) {
      entry.row.querySelector("progress").value = Math.round((1000 * entry.sent) / entry.file.size);
      entry.row.querySelector(".file-state").textContent = entry.sent >= entry.file.size ? "Being sealed …" : `${size(entry.sent)} of ${size(entry.file.size)}`;
    }
    const left = rate > 0 ? `, ${span((all - sent) / rate)} left` : "";
    const line = `${size(sent)} of ${size(all)}${Number.isFinite(rate) ? `, ${size(Math.round(rate))}/s` : ""}${sent < all ? left : ""}`;
    $("figures").textContent = line;
    const covered = document.querySelector("[data-lock-progress]");
    if (covered) covered.textContent = line;
    if (performance.now() - spokenAt > 15_000) { spokenAt = performance.now(); $("spoken").textContent = `${Math.round((100 * sent) / all)} percent uploaded${left}`; }
  }

  function trouble(error) {
    $("trouble").hidden = false;
    const advice = error.status === 403 ? " Load this page and begin again." : " Files that are stored stay stored; try again to send the rest.";
    $("trouble-text").textContent = error.message + advice;
    $("retry").hidden = error.status === 403;
    if (error.status !== 403) $("retry").focus();
  }
  $("retry").addEventListener("click", sendAll);

  $("cancel").addEventListener("click", async () => {
    if (!running) return;
    running.cancelled = true;
    running.request?.abort();
    window.removeEventListener("beforeunload", warn);
    try {
      await send(running.cancel);
    } catch (error) {
      if (error.status) trouble(error);
    }
    location.reload();
  });

  async function finish() {
    $("progress-title").textContent = "Everything has arrived";
    $("cancel").hidden = true;
    $("stay").hidden = true;
    window.removeEventListener("beforeunload", warn);
    for (;;) {
      try {
        const state = await send(running.state, { method: "GET", passive: true });
        if (state.receipt) { location.assign(state.receipt); return; }
        if (state.given_up) { trouble({ status: 403, message: "The files are stored, but could not be made into a transcript. Tell your administrator." }); return; }
      } catch {
        // Locked, or the network is away: the files are stored; ask again.
      }
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}
