// The bubble of a cell: its hidden text at once, then the server's word: who changed it last, what can be done.
(() => {
  const planning = document.getElementById("planning");
  if (!planning) return;
  planning.insertAdjacentHTML("beforeend", '<div class="tip" role="dialog" aria-labelledby="bulle-titre" tabindex="-1" hidden></div>');
  const tip = planning.lastElementChild;
  const hovers = matchMedia("(hover: hover)").matches;
  const axis = new URLSearchParams(location.search).get("par") ?? "";
  const told = new WeakMap(); // by cell: one that is drawn again is another one
  let shown = null;
  let timer = 0;
  const cellOf = (target) => target.closest('.month .cell:not([data-s="never"])');
  const held = () => tip.contains(document.activeElement);
  const later = (act, delay, cell) => {
    clearTimeout(timer);
    timer = setTimeout(act, delay, cell);
  };

  function hide() {
    clearTimeout(timer);
    tip.hidden = true;
    shown = null;
  }

  function show(cell) {
    if (!cell.isConnected) return;
    const text = cell.querySelector(".vh").textContent;
    const end = text.search(/\. |$/); // « Cantine, lundi 3 septembre 2018, libre. » is the title
    tip.innerHTML = told.get(cell) ?? '<b id="bulle-titre"></b><p></p>';
    if (!told.has(cell)) {
      tip.firstChild.textContent = text.slice(0, end);
      tip.lastChild.textContent = text.slice(end + 2);
    }
    if (shown !== cell) (cell.closest(".scroll") ?? cell.closest("table")).after(tip); // what Tab comes to next
    shown = cell;
    tip.hidden = false;
    place();
  }

  function place() {
    const at = shown.getBoundingClientRect();
    const high = tip.offsetHeight + 6;
    const below = at.bottom + high < document.querySelector(".foot").getBoundingClientRect().top || at.top < high;
    const left = Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - 12);
    tip.style.setProperty("--tip-x", `${Math.max(12, left)}px`);
    tip.style.setProperty("--tip-y", `${below ? at.bottom + 6 : at.top - high}px`);
  }

  async function load(cell) {
    if (told.has(cell) || /closed|holiday/.test(cell.dataset.s)) return;
    const asked = fetch(`/planning/case?par=${axis}&case=${cell.parentNode.id.slice(5)}`, { headers: { "HX-Request": "true" } });
    const answer = await asked.catch(() => {});
    if (!answer?.ok) return;
    told.set(cell, await answer.text());
    if (shown === cell) show(cell);
  }

  async function open(cell, focus) {
    show(cell);
    await load(cell);
    if (focus && shown === cell) tip.focus({ preventScroll: true });
  }

  planning.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell || !(event.key === "Enter" || (event.key === " " && cell === event.target))) return;
    event.preventDefault(); // would send the form
    open(cell, true);
  });
  planning.addEventListener("click", ({ target }) => {
    const cell = target.closest(".cell[role]");
    if (cell) open(cell, true);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    if (held()) document.getElementById(shown.parentNode.id.replace("cell", "op"))?.focus();
    hide();
  });

  planning.addEventListener("focusin", ({ target }) => {
    if (tip.contains(target)) return;
    const cell = cellOf(target);
    if (!cell || !hovers || !target.matches(":focus-visible")) return hide();
    show(cell);
    later(load, 400, cell);
  });
  planning.addEventListener("focusout", ({ relatedTarget }) => tip.contains(relatedTarget) || hide());
  addEventListener("scroll", () => shown && place(), { passive: true, capture: true });
  if (!hovers) return;
  planning.addEventListener("mouseover", ({ target, buttons }) => {
    const cell = cellOf(target);
    if (tip.contains(target)) clearTimeout(timer);
    else if (!held()) later(cell && !buttons ? open : hide, 400, cell); // time enough to move into it
  });
  planning.addEventListener("mouseleave", () => held() || later(hide, 400));
  planning.addEventListener("pointerdown", ({ target }) => target.closest("label.cell") && hide());
})();
