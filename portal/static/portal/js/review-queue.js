// The review queue by keyboard: J and K from row to row; Enter follows the link that has the focus, as everywhere.
const rows = [...document.querySelectorAll("#queue [data-row]")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select")) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step || !rows.length) return;
  event.preventDefault();
  const at = rows.indexOf(document.activeElement);
  rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
});
