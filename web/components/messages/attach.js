// A file that is too large is said at once; the server says it again to whoever has no scripts.
document.addEventListener("change", ({ target }) => {
  const { most, large } = target.dataset;
  if (!most) return;
  const error = document.getElementById(target.id + "-erreur");
  const size = target.files[0]?.size || 0;
  const said = size > most ? large.replace("%", (size / 2 ** 20).toFixed(1).replace(".", ",")) : "";
  error.hidden = !said;
  error.lastElementChild.textContent = said;
  target.ariaInvalid = said ? "true" : null;
  target.setCustomValidity(said);
});
