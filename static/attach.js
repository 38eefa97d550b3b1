// A file that is too large is said at once; the server says it again to whoever has no scripts.
document.addEventListener("change", ({ target }) => {
  const { most, large } = target.dataset;
  if (!most) return;
  const error = document.getElementById(target.id + "-erreur");
  const said = target.files[0]?.size > most ? large : "";
  error.hidden = !said;
  error.lastElementChild.textContent = said;
  target.ariaInvalid = !!said;
  target.setCustomValidity(said);
});
