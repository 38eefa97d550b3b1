// Ticks: drawn at once by the style sheet, sent in order, one request at a time. A tick leaves `waiting` or
// `sending` only when the server has answered for it.
(() => {
  const view = matchMedia("(max-width: 39.99rem)").matches ? "semaine" : "mois";
  const first = !/(^|; )vue=/.test(document.cookie);
  document.cookie = `vue=${view}; path=/; max-age=31536000; samesite=lax`;
  const drawn = document.querySelector(".month")?.dataset.view === "week" ? "semaine" : "mois";
  if (first && drawn !== view && !/[?&]vue=/.test(location.search)) return location.reload();
  const lot = document.getElementById("lot");
  const form = document.getElementById("saisie");
  if (!lot || !form) return;
  for (const name of ["cases", "montre"]) form.elements[name]?.remove(); // each tick is stored already

  const waiting = new Map();
  let sending = null;
  let leaving = null;
  let timer = 0;
  const boxOf = (cell) => document.getElementById(`op-${cell}`);
  const alarm = (text) => {
    document.getElementById("alerte").textContent = text;
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  };

  function send() {
    if (sending || !waiting.size) return;
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; // no randomUUID without TLS
    sending = { key, ops: new Map(waiting) };
    waiting.clear();
    issue();
  }

  function issue() {
    fill(sending.key, sending.ops);
    lot.dispatchEvent(new Event("lot"));
  }

  function fill(key, ops) {
    const fields = [["cle", key], ...[...ops].map(([cell, on]) => ["op", `${cell}:${on}`])];
    lot.querySelector("[data-ops]").replaceChildren(
      ...fields.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })),
    );
  }

  lot.addEventListener("htmx:finally:request", (event) => {
    const status = event.detail.ctx.response?.status ?? 0;
    if (status === 0 || status >= 500) {
      alarm("La connexion est interrompue\u00a0: vos coches seront envoyées dès qu’elle revient.");
      setTimeout(issue, 2000); // the same key: applied once, even if the first answer was lost
      return;
    }
    const undone = status >= 400 ? sending.ops : []; // refused as a whole: the alert says why
    for (const [cell, on] of undone) if (boxOf(cell)) boxOf(cell).checked = !on;
    sending = null;
    for (const [cell, on] of waiting) if (boxOf(cell)) boxOf(cell).checked = Boolean(on); // ticked meanwhile
    if (waiting.size) send();
    else if (leaving) leaving();
  });

  document.addEventListener("change", ({ target: box }) => {
    if (!box.matches?.(".cell > .see")) return;
    waiting.set(box.value.split(":")[0], Number(box.checked));
    later(200);
  });

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.('.see[aria-disabled="true"]');
    if (box) {
      event.preventDefault();
      alarm(box.parentElement.querySelector(".vh").textContent);
      return;
    }
    const link = event.target.closest?.("a[href]");
    if (link && (sending || waiting.size) && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      leaving = () => link.click();
      later(0);
    }
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name === "rangee") {
      event.preventDefault();
      const on = button.value.endsWith(":1");
      for (const box of button.closest("tr").querySelectorAll('.see:not([aria-disabled="true"])')) {
        if (box.parentElement.querySelector(".lock")) continue; // its deadline is over
        if (box.checked !== on) waiting.set(box.value.split(":")[0], Number(on));
        box.checked = on;
      }
      later(0);
    } else if (sending || waiting.size) {
      event.preventDefault();
      leaving = () => form.requestSubmit(button);
      later(0);
    } else {
      for (const box of document.querySelectorAll(".cell > .see")) box.disabled = true; // stored: nothing to repeat
    }
  });

  addEventListener("pagehide", () => {
    const left = new Map([...(sending?.ops ?? []), ...waiting]);
    if (!left.size) return;
    fill("", left); // wished states: saying them again changes nothing
    fetch(lot.action, { method: "POST", body: new URLSearchParams(new FormData(lot)), keepalive: true });
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
