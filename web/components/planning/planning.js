// Ticks: drawn at once by the style sheet, kept in the outbox, which sends them.
(() => {
  const narrow = matchMedia("(max-width: 39.99rem)").matches;
  const first = !/(^|; )vue=/.test(document.cookie);
  document.cookie = `vue=${narrow ? "semaine" : "mois"}; path=/; max-age=31536000; samesite=lax`;
  const free = document.querySelector("#planning:not([data-fixed])") && !/[?&]vue=/.test(location.search);
  if (first && free && narrow === !document.querySelector('.month[data-view="week"]')) return location.reload();
  const form = document.getElementById("saisie");
  if (!form) return;
  for (const name of ["cases", "montre"]) form.elements[name]?.remove(); // each tick is stored already

  const { outbox } = portail;
  const undo = document.querySelector("[data-undo]");
  let timer;
  let held = 0; // painting: the whole gesture is one batch
  let painted;
  let action = new Map(); // cells of the gesture that goes on, as they were
  let before; // cells of the last one, as they were

  portail.planning = {
    hold() {
      held++;
      painted = true;
    },
    release: () => --held || later(0),
    // A box that the hand, the keyboard or a gesture has just turned.
    turned(box) {
      const cell = box.value.split(":")[0];
      if (!action.has(cell)) action.set(cell, !box.checked);
      outbox.add(cell, +box.checked);
      if (!held) later(200);
    },
  };

  function turn(box, on) {
    if (box.checked === on) return; // it was refused, or is so already
    box.checked = on;
    portail.planning.turned(box);
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(settle, delay);
  }

  function settle() {
    if (held) return;
    if (action.size) {
      before = action;
      action = new Map();
      if (undo) undo.hidden = false;
    }
    portail.planning.gesture = painted;
    outbox.send();
    painted = false;
  }

  document.addEventListener("change", ({ target: box }) => {
    if (box.matches(".cell > .see")) portail.planning.turned(box);
  });

  document.addEventListener(
    "click",
    (event) => {
      const box = event.target.closest('.see[aria-disabled="true"]');
      if (box) {
        event.preventDefault();
        const alert = document.getElementById("alerte");
        alert.textContent = box.parentElement.querySelector(".vh").textContent;
        const away = box.closest("[data-s=booked]") && document.querySelector("a[href^='/absences/nouvelle?debut']"); // from the first day to come
        const day = box.id.slice(-10);
        if (away && away.href.slice(-10) <= day) alert.append(" ", Object.assign(away.cloneNode(true), { search: `debut=${day}` }));
        return;
      }
      const way = event.target.closest("a[href]:not([data-hx-get])");
      if (!way || way.closest("dialog") || !outbox.count() || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      outbox.then(() => way.click());
    },
    true,
  );

  undo?.addEventListener("click", () => {
    for (const [cell, on] of before) {
      const box = document.getElementById(`op-${cell}`);
      if (box) turn(box, on);
    }
    if (!action.size) document.getElementById("annonce").textContent = "Rien à annuler.";
    later(0);
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "rangee") {
      for (const box of document.querySelectorAll(".cell > .see")) box.disabled = true; // stored: nothing to repeat
      return;
    }
    event.preventDefault();
    const open = [...button.closest("tr").querySelectorAll('.see:not([aria-disabled="true"])')].filter(
      (box) => !box.parentElement.querySelector(".lock"), // the deadline of others is over
    );
    const on = open.some((box) => !box.checked); // the button's own word is the server's, and may be an old one
    portail.planning.hold();
    for (const box of open) turn(box, on);
    portail.planning.release();
  });

  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
