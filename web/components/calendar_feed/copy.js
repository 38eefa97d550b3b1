// « Copier » takes what a field holds and says so; without scripts, or where copying is not allowed, it is not there.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
}
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
  document.getElementById("annonce").textContent = button.textContent = button.dataset.copied;
});
