// The bubble of a cell: its hidden text at once, then the server's word: who changed it last, what can be done.
(() => {
  const planning = document.getElementById("planning");
  if (!planning) return;
  planning.insertAdjacentHTML("beforeend", '<div class="tip" role="dialog" aria-labelledby="bulle-titre" tabindex="-1" hidden></div>');
  const tip = planning.lastElementChild;
  let shown = null;
  let timer = 0;
  const cellOf = (target) => target.closest('.month .cell:not([data-s="never"])');
  const held = () => tip.contains(document.activeElement);
  const later = (act, cell) => {
    clearTimeout(timer);
    timer = setTimeout(act, 400, cell); // time enough to move into it
  };

  function hide() {
    clearTimeout(timer);
    tip.hidden = true;
    shown = null;
  }

  function show(cell) {
    if (!cell.isConnected) return;
    tip.innerHTML = cell.told ?? '<b id="bulle-titre">';
    if (!cell.told) tip.firstChild.textContent = cell.querySelector(".vh").textContent;
    if (shown !== cell) (cell.closest(".scroll") ?? cell.closest("table")).after(tip); // what Tab comes to next
    shown = cell;
    tip.hidden = false;
    place();
  }

  function place() {
    const at = shown.getBoundingClientRect();
    const high = tip.offsetHeight + 6;
    const below = at.top < high || at.bottom + Math.max(high, 260) < document.querySelector(".foot").getBoundingClientRect().top; // it will grow
    const left = Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - 12);
    tip.style.setProperty("--tip-x", `${Math.max(12, left)}px`);
    tip.style.setProperty("--tip-y", `${below ? at.bottom + 6 : at.top - high}px`);
  }

  // A cell that is drawn again is another one, and asks again.
  async function load(cell) {
    if (cell.told) return;
    const address = `/planning/case?${location.search.slice(1)}&case=${cell.parentNode.id.slice(5)}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => {});
    if (answer?.ok) cell.told = await answer.text();
    if (shown === cell) show(cell);
  }

  async function open(cell, focus) {
    show(cell);
    await load(cell);
    if (focus && shown === cell) tip.focus({ preventScroll: true });
  }

  planning.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell || (event.key !== "Enter" && (event.key !== " " || cell !== event.target))) return;
    event.preventDefault(); // would send the form
    open(cell, true);
  });
  planning.addEventListener("click", ({ target }) => {
    const cell = target.closest(".cell[role]");
    if (cell) open(cell, true);
  });
  planning.addEventListener("change", hide);
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    if (held()) document.getElementById(shown.parentNode.id.replace("cell", "op"))?.focus();
    hide();
  });

  planning.addEventListener("focusin", ({ target }) => {
    if (tip.contains(target)) return;
    const cell = cellOf(target);
    if (!cell || !target.matches(":focus-visible")) return hide();
    show(cell);
    later(load, cell);
  });
  planning.addEventListener("focusout", ({ relatedTarget }) => tip.contains(relatedTarget) || !document.hasFocus() || hide());
  addEventListener("scroll", () => shown && place(), { passive: true, capture: true });
  if (!matchMedia("(hover: hover)").matches) return;
  document.addEventListener("mouseover", ({ target, buttons }) => {
    const cell = cellOf(target);
    if (tip.contains(target)) clearTimeout(timer);
    else if (!held()) later(cell && !buttons ? open : hide, cell);
  });
})();
