// The bubble of a cell: shows to the eye what its hidden text tells a screen reader.
(() => {
  const planning = document.getElementById("planning");
  if (!planning || !matchMedia("(hover: hover)").matches) return;
  const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
  tip.setAttribute("aria-hidden", "true"); // the text is in the cell already
  document.body.append(tip);
  let timer = 0;

  const hide = () => {
    clearTimeout(timer);
    tip.hidden = true;
  };

  function show(cell) {
    const text = cell.querySelector(".vh")?.textContent;
    if (!text || !cell.isConnected) return;
    const end = text.search(/\. |$/); // « Cantine, lundi 3 septembre 2018, libre. » is the title
    const title = Object.assign(document.createElement("b"), { textContent: text.slice(0, end) });
    tip.replaceChildren(title, text.slice(end + 2));
    tip.hidden = false;
    const at = cell.getBoundingClientRect();
    const below = at.bottom + 8 + tip.offsetHeight < innerHeight - 72; // the cart lies at the bottom
    const left = Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - 12);
    tip.style.setProperty("--tip-x", `${Math.max(12, left)}px`);
    tip.style.setProperty("--tip-y", `${below ? at.bottom + 8 : at.top - 8 - tip.offsetHeight}px`);
  }

  planning.addEventListener("mouseover", (event) => {
    hide();
    const cell = event.target.closest('.month .cell:not([data-s="never"])');
    if (cell) timer = setTimeout(show, 400, cell);
  });
  planning.addEventListener("mouseleave", hide);
  planning.addEventListener("focusin", (event) => {
    const cell = event.target.matches(".see:focus-visible") && event.target.closest(".cell");
    if (cell) show(cell);
    else hide();
  });
  planning.addEventListener("focusout", hide);
  addEventListener("scroll", hide, { passive: true, capture: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
})();
