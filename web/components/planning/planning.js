// Ticks: drawn at once by the style sheet, sent in order, one request at a time. A tick leaves `waiting` or
// `sending` only when the server has answered for it.
(() => {
  if (!document.cookie.includes("vue=")) {
    const view = matchMedia("(max-width: 39.99rem)").matches ? "semaine" : "mois";
    document.cookie = `vue=${view}; path=/; max-age=31536000; samesite=lax`;
  }
  const lot = document.getElementById("lot");
  const form = document.getElementById("saisie");
  if (!lot || !form) return;
  for (const name of ["cases", "montre"]) form.elements[name]?.remove(); // each tick is stored already

  const waiting = new Map();
  let sending = null;
  let leaving = null;
  let timer = 0;
  const alarm = (text) => {
    const note = Object.assign(document.createElement("span"), { className: "note bad", textContent: text });
    document.getElementById("alerte").replaceChildren(...(text ? [note] : []));
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  };

  function send() {
    if (sending || !waiting.size) return;
    sending = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, ops: new Map(waiting) };
    waiting.clear();
    issue();
  }

  function issue() {
    const fields = [["cle", sending.key], ...[...sending.ops].map(([cell, on]) => ["op", `${cell}:${on}`])];
    lot.querySelector("[data-ops]").replaceChildren(
      ...fields.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })),
    );
    lot.dispatchEvent(new Event("lot"));
  }

  lot.addEventListener("htmx:finally:request", (event) => {
    const status = event.detail.ctx.response?.status ?? 0;
    if (status === 401 || status === 403) return; // the alert says to sign in again; nothing was lost before it
    if (status === 0 || status >= 500) {
      alarm("La connexion est interrompue : vos coches seront envoyées dès qu’elle revient.");
      setTimeout(issue, 2000); // the same key: applied once, even if the first answer was lost
      return;
    }
    sending = null;
    if (waiting.size) send();
    else if (leaving) leaving();
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches?.(".cell > .see")) return;
    waiting.set(box.value.split(":")[0], box.checked ? 1 : 0);
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
    const head = event.submitter;
    if (head?.name === "rangee") {
      event.preventDefault();
      const row = head.closest("tr");
      const on = head.value.endsWith(":1");
      for (const box of row.querySelectorAll('.see:not([aria-disabled="true"])')) {
        if (box.checked !== on) waiting.set(box.value.split(":")[0], on ? 1 : 0);
        box.checked = on;
      }
      later(0);
    } else if (sending || waiting.size) {
      event.preventDefault();
      leaving = () => form.requestSubmit(head);
      later(0);
    } else {
      for (const box of document.querySelectorAll(".cell > .see")) box.disabled = true; // stored: nothing to repeat
    }
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
