// The dialog that comes with an answer when the session has ended: one at a time, above the page.
document.addEventListener("htmx:after:swap", () => {
  const [dialog, again] = document.querySelectorAll("dialog[data-ask]");
  again?.remove();
  if (!dialog || dialog.open) return;
  dialog.addEventListener("close", dialog.remove);
  dialog.showModal();
});
