// The bubble of a cell: its hidden text at once, then the server's word: who changed it last, what can be done.
// It lies where no cell is, so that the hand that goes on finds the next one free.
(() => {
  const planning = document.getElementById("planning");
  if (!planning) return;
  planning.insertAdjacentHTML("beforeend", '<div class="tip" role="dialog" aria-labelledby="bulle-titre" tabindex="-1" hidden></div>');
  const tip = planning.lastElementChild;
  let shown;
  let asked; // by Enter, a click or a thumb: shown wherever there is room
  let spent; // the id of the cell just ticked: said already
  let over; // the cell under the mouse
  let timer;
  let closing;
  const cellOf = (target) => target.closest('.month .cell:not([data-s="never"])');
  const held = () => tip.contains(document.activeElement);
  const later = (delay, act, ...given) => {
    clearTimeout(timer);
    timer = setTimeout(act, delay, ...given);
  };

  function close() {
    closing = clearTimeout(closing);
    tip.hidden = true;
    shown = null;
  }
  function hide() {
    clearTimeout(timer);
    close();
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

  // Top, right, bottom and left of a table's cells in sight: what its days' heads and its frame do not hide.
  function area(table) {
    const [cells, frame, heads] = [table, table.closest(".scroll") ?? table, table.tHead].map((one) => one.getBoundingClientRect());
    return [Math.max(frame.top, heads.bottom), Math.min(cells.right, frame.right), Math.min(cells.bottom, frame.bottom), Math.max(cells.left, frame.left)];
  }

  // Below the table, above it (-1), or beside it (0).
  function place() {
    const at = shown.getBoundingClientRect();
    const width = document.documentElement.clientWidth - 12;
    const foot = document.querySelector(".foot").getBoundingClientRect().top - 6;
    const areas = [...planning.querySelectorAll(".month")].map(area);
    const [above, beside, below] = area(shown.closest("table"));
    const fits = ([narrow, x, y]) => {
      tip.style.setProperty("--tip-w", narrow ? `${width - x}px` : "22rem");
      const wide = tip.offsetWidth;
      const high = Math.max(tip.offsetHeight, shown.told ? 0 : 160); // it will grow
      const left = Math.max(12, Math.min(x, width - wide));
      const top = y < 0 ? above - tip.offsetHeight - 6 : y || Math.max(12, Math.min(at.top, foot - high));
      tip.style.setProperty("--tip-x", `${left}px`);
      tip.style.setProperty("--tip-y", `${top}px`);
      return (!narrow || width - x >= 160) && top >= 12 && top + high <= foot && areas.every(([t, r, b, l]) => r <= left || l >= left + wide || b <= top || t >= top + high);
    };
    if ([[0, at.left, below + 6], [0, at.left, -1], [1, beside + 8, 0]].some(fits)) return;
    if (!asked) return hide();
    const under = at.bottom + tip.offsetHeight + 6 < foot;
    fits([0, at.left, under ? at.bottom + 6 : Math.max(12, at.top - tip.offsetHeight - 6)]);
  }

  // A cell that is drawn again is another one, and asks again.
  async function load(cell) {
    if (cell.told) return;
    const address = `/planning/case?${location.search.slice(1)}&case=${cell.parentNode.id.slice(5)}${document.getElementById("saisie") ? "&modifier=1" : ""}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => {});
    if (answer?.ok) cell.told = await answer.text();
    if (shown === cell) show(cell);
  }

  document.addEventListener("htmx:after:swap", () => shown && !tip.matches(":has(:focus)") && load(shown));

  async function open(cell, focus) {
    asked = focus;
    closing = clearTimeout(closing);
    show(cell);
    await load(cell); // meanwhile the pointer may leave
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
  // Where a tap ticks, a thumb that stays reads; what it lifts off is no tap.
  let staying;
  let read;
  planning.addEventListener("pointerdown", ({ target, pointerType }) => {
    const cell = pointerType !== "mouse" && cellOf(target);
    read = null;
    if (cell) staying = setTimeout(() => open((read = cell), true), 500);
  });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => clearTimeout(staying));
  for (const taken of ["mousedown", "click", "contextmenu"])
    planning.addEventListener(taken, (event) => read?.contains(event.target) && event.preventDefault(), true);
  planning.addEventListener("change", ({ target }) => {
    spent = cellOf(target)?.parentNode.id;
    hide();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    if (held()) document.getElementById(shown.parentNode.id.replace("cell", "op"))?.focus();
    hide();
  });

  planning.addEventListener("focusin", ({ target }) => {
    if (tip.contains(target)) return;
    const cell = cellOf(target);
    if (!cell || !target.matches(":focus-visible")) return hide();
    asked = false;
    closing = clearTimeout(closing);
    show(cell);
    later(400, load, cell);
  });
  planning.addEventListener("focusout", ({ relatedTarget }) => tip.contains(relatedTarget) || !document.hasFocus() || hide());
  addEventListener("scroll", () => shown && (shown === over && !asked ? hide() : place()), { passive: true, capture: true });
  if (!matchMedia("(hover: hover)").matches) return;
  // It opens for a pointer that rests, and closes when that leaves, with the time to move into the bubble.
  document.addEventListener("mousemove", ({ target, buttons }) => {
    over = cellOf(target);
    if (over?.parentNode.id !== spent) spent = null;
    clearTimeout(timer);
    if (tip.contains(target) || (over && over === shown)) closing = clearTimeout(closing);
    else if (!held()) {
      if (shown) closing ||= setTimeout(close, 300);
      if (over && !buttons && !spent) later(450, open, over);
    }
  });
  document.documentElement.addEventListener("mouseleave", () => held() || hide());
})();
