// Ticks: drawn at once by the style sheet, kept in the outbox, sent in order, one request at a time.
(() => {
  const view = matchMedia("(max-width: 39.99rem)").matches ? "semaine" : "mois";
  const first = !/(^|; )vue=/.test(document.cookie);
  document.cookie = `vue=${view}; path=/; max-age=31536000; samesite=lax`;
  const drawn = document.querySelector(".month")?.dataset.view === "week" ? "semaine" : "mois";
  if (first && drawn !== view && document.getElementById("planning")?.dataset.fixed === undefined && !/[?&]vue=/.test(location.search))
    return location.reload();
  const lot = document.getElementById("lot");
  const form = document.getElementById("saisie");
  if (!lot || !form) return;
  for (const name of ["cases", "montre"]) form.elements[name]?.remove(); // each tick is stored already

  const outbox = portail.outbox(lot.dataset.account);
  const undo = document.querySelector("[data-undo]");
  let sending = null; // the batch that is under way
  let leaving = null;
  let timer = 0;
  let held = 0; // painting: the whole gesture is one batch
  let cut = false;
  let action = new Map(); // cells of the gesture that goes on, as they were
  let before = null; // cells of the last one, as they were
  const boxOf = (cell) => document.getElementById(`op-${cell}`);
  const cellOf = (box) => box.value.split(":")[0];
  const alarm = (...said) => document.getElementById("alerte").replaceChildren(...said);

  portail.planning = {
    hold: () => held++,
    release: () => --held || later(0),
    // A box that the hand, the keyboard or a gesture has just turned.
    turned(box) {
      const cell = cellOf(box);
      if (!action.has(cell)) action.set(cell, !box.checked);
      outbox.add(cell, Number(box.checked));
      if (!held) later(200);
    },
  };

  function later(delay) {
    clearTimeout(timer);
    if (!held) timer = setTimeout(send, delay);
  }

  function send() {
    if (action.size) {
      before = action;
      action = new Map();
      if (undo) undo.hidden = false;
    }
    if (sending) return;
    sending = outbox.next();
    if (!sending) return Object.keys(outbox.cells()).length ? later(2000) : arrived(); // another tab's, just ticked
    fill(sending);
    lot.dispatchEvent(new Event("lot"));
  }

  function fill({ key, cells }) {
    const fields = [["cle", key], ...Object.entries(cells).map(([cell, on]) => ["op", `${cell}:${on}`])];
    lot.querySelector("[data-ops]").replaceChildren(
      ...fields.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })),
    );
  }

  function arrived() {
    if (leaving) leaving();
  }

  // What is still to be sent stands on the page as it was ticked, whatever was drawn meanwhile.
  function show() {
    const left = Object.entries(outbox.cells(sending?.key));
    for (const [cell, on] of left) {
      const box = boxOf(cell);
      if (!box) continue;
      box.checked = Boolean(on);
      if (cut) box.parentElement.dataset.unsent = "";
    }
    const said = document.getElementById("envoi");
    said.hidden = !cut || !left.length;
    said.textContent = `${left.length} modification${left.length > 1 ? "s" : ""} à envoyer`;
  }

  lot.addEventListener("htmx:finally:request", (event) => {
    const status = event.detail.ctx.response?.status ?? 0;
    const batch = sending;
    sending = null;
    if (status === 0 || status >= 500 || status === 401 || status === 429) {
      cut = true;
      show();
      if (status === 401) return; // the alert says so; they are sent after signing in
      if (leaving) alarm("Connectez-vous à Internet pour terminer\u00a0: vos coches sont gardées.");
      else alarm("La connexion est interrompue\u00a0: vos coches seront envoyées dès qu’elle revient.");
      leaving = null;
      return later(2000); // the same key: applied once, even if the first answer was lost
    }
    if (cut) alarm("");
    cut = false;
    if (status >= 400) for (const cell of Object.keys(batch.cells)) if (boxOf(cell)) boxOf(cell).checked = !batch.cells[cell];
    outbox.done(batch.key);
    for (const cell of document.querySelectorAll("[data-unsent]")) delete cell.dataset.unsent;
    show();
    send();
  });

  document.addEventListener("change", ({ target: box }) => {
    if (box.matches?.(".cell > .see")) portail.planning.turned(box);
  });

  document.addEventListener(
    "click",
    (event) => {
      const box = event.target.closest?.('.see[aria-disabled="true"]');
      if (box) {
        event.preventDefault();
        const said = [box.parentElement.querySelector(".vh").textContent];
        const day = box.id.slice(-10);
        const away = box.closest("[data-s=booked]") && document.querySelector("a[href^='/absences/']"); // ends with the first day to come
        if (away && away.href.slice(-10) <= day) said.push(" ", Object.assign(away.cloneNode(true), { search: `debut=${day}` }));
        return alarm(...said);
      }
      const way = event.target.closest?.("a[href]:not([data-hx-get]), [name=comme]");
      const unsent = sending || Object.keys(outbox.cells()).length;
      if (!way || !unsent || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      leaving = () => {
        leaving = null;
        way.click();
      };
      later(0);
    },
    true,
  );

  undo?.addEventListener("click", () => {
    held++;
    for (const [cell, on] of before ?? []) {
      const box = boxOf(cell);
      if (box) box.checked = on;
      if (!action.has(cell)) action.set(cell, !on);
      outbox.add(cell, Number(on));
    }
    portail.planning.release();
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name === "rangee") {
      event.preventDefault();
      const on = button.value.split(":")[1] === "1";
      held++;
      for (const box of button.closest("tr").querySelectorAll('.see:not([aria-disabled="true"])')) {
        if (box.checked === on || box.parentElement.querySelector(".lock")) continue; // its deadline is over
        box.checked = on;
        portail.planning.turned(box);
      }
      portail.planning.release();
    } else if (sending || Object.keys(outbox.cells()).length) {
      event.preventDefault();
      leaving = () => {
        leaving = null;
        form.requestSubmit(button);
      };
      later(0);
    } else {
      for (const box of document.querySelectorAll(".cell > .see")) box.disabled = true; // stored: nothing to repeat
    }
  });

  const again = () => {
    if (Object.keys(outbox.cells()).length) later(0);
  };
  addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.type === "flush" && again());
  addEventListener("pagehide", () => {
    const batch = sending ?? outbox.next();
    if (!batch) return;
    fill(batch);
    fetch(lot.action, { method: "POST", body: new URLSearchParams(new FormData(lot)), keepalive: true }).catch(() => {});
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.addEventListener("htmx:after:swap", show); // what was ticked since stays as it was ticked
  portail.busy = () => Boolean(sending || Object.keys(outbox.cells()).length);
  cut = !navigator.onLine;
  show();
  again();
})();
