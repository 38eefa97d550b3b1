// « Imprimer » prints; without scripts the button is not there.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
}
document.addEventListener("click", ({ target }) => target.closest("[data-print]") && print());
