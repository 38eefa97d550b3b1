// What was ticked and has not been answered yet, on every page of a parent. It outlives the page: each tick is written
// to the browser's own store at once (and synchronously: closing the tab loses nothing), and leaves it when the server
// has answered. A tick is an entry of its own; a batch to be sent is sealed under one key, so that sent twice it
// counts once. Entries of two tabs never overwrite each other, and those of another account are never sent.
window.portail ??= {};
(() => {
  const lot = document.getElementById("lot");
  if (!lot) return;
  const prefix = `ticks:${lot.dataset.account}:`;
  const drawn = ["/accueil", "/planning/recapitulatif"].includes(location.pathname); // it shows what is ticked
  const fresh = () => `${Date.now()}-${Math.random()}`; // among those of one family
  const memory = new Map(); // of this page alone: when the browser refuses to store, or what it asks again
  const write = (key, value) => {
    try {
      localStorage.setItem(prefix + key, JSON.stringify(value));
    } catch {
      memory.set(key, value);
    }
  };
  const erase = (key) => {
    memory.delete(key);
    try {
      localStorage.removeItem(prefix + key);
    } catch {}
  };
  const stored = () => {
    try {
      return Object.entries(localStorage).filter(([name]) => name.startsWith("ticks:"));
    } catch {
      return [];
    }
  };
  function all() {
    const found = [...memory].map(([key, value]) => ({ key, ...value }));
    for (const [name, value] of stored())
      if (name.startsWith(prefix)) found.push({ key: name.slice(prefix.length), ...JSON.parse(value) });
    return found.sort((one, other) => one.at - other.at);
  }
  const forget = () => all().forEach(({ key, done }) => done < Date.now() - 60000 && erase(key)); // no page is older
  const entries = () => all().filter(({ done }) => !done);
  const now = () => Math.max(Date.now(), (entries().at(-1)?.at ?? 0) + 1); // strictly growing: the order of the ticks
  let tab = fresh();
  try {
    tab = sessionStorage.portailTab ??= tab; // the same after a reload: its ticks stay in their order
  } catch {}
  // The oldest batch to send: one that was sealed before, or the ticks of this tab (and of dead ones), sealed now.
  function next() {
    const open = entries();
    const sealed = open.find((entry) => entry.sealed);
    if (sealed) return sealed;
    const loose = open.filter((entry) => entry.tab === tab || Date.now() - entry.at > 5000); // older, its tab is gone
    if (!loose.length) return null;
    const ours = new Set(loose.flatMap((entry) => Object.keys(entry.cells)));
    const said = open.filter((entry) => Object.keys(entry.cells).every((cell) => ours.has(cell))); // by whichever tab
    const batch = { at: now(), sealed: true, cells: Object.assign({}, ...said.map((entry) => entry.cells)) };
    const key = fresh();
    write(key, batch);
    for (const entry of said) erase(entry.key);
    return { key, ...batch };
  }
  // The last wish for each cell that is still to be answered; `but` is a batch whose answer is being drawn.
  const cells = (but) => Object.assign({}, ...entries().filter(({ key, again }) => key !== but && !again).map((entry) => entry.cells));
  const count = () => Object.keys(cells()).length;
  const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });
  const words = (n) => `${n} modification${n > 1 ? "s" : ""}`;

  // ---- Sent in order, one request at a time ----
  let sending = null; // the batch that is under way
  let waiting = false; // for this tab's turn
  let answered = null; // ends it
  let timer = 0;
  let cut = false;
  let gesture = false; // several days at once
  let after = null; // where the parent goes when all is sent
  let sent = 0; // since nothing was left
  let refused = "";
  let alarmed = ""; // by this script
  let warned = false;
  const say = (id, text) => {
    const region = document.getElementById(id);
    if (region.textContent !== text) region.textContent = text; // said once
  };

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  // One tab at a time: what two tabs say of one cell arrives in the order in which it was said. Without TLS there are
  // no locks. Whoever waits longer than a request may last waits for a tab that sleeps.
  const turn = (work) => navigator.locks?.request(prefix, { signal: AbortSignal.timeout?.(25000) }, work).catch(work) ?? work();

  function send() {
    if (sending || waiting) return;
    waiting = true;
    turn(() => {
      waiting = false;
      sending = next();
      if (!sending) return count() ? later(2000) : arrived(); // another tab's, just ticked
      fill(sending);
      lot.dispatchEvent(new Event("lot"));
      return new Promise((done) => (answered = done));
    });
  }

  function fill(batch) {
    const fields = [["cle", batch.key], ...Object.entries(batch.cells).map(([cell, on]) => ["op", `${cell}:${on}`])];
    if (gesture) fields.push(["geste", 1]);
    lot.querySelector("[data-ops]").replaceChildren(...fields.map((field) => hidden(...field)));
  }

  function arrived() {
    const go = refused ? null : after; // why comes first
    if (drawn && sent && !after?.out) return renew();
    after = null;
    sent = 0;
    refused = "";
    go?.();
  }

  // Drawn again, by GET whatever drew it; never under the parent's hands.
  function renew() {
    if (document.querySelector("dialog[open]")) return setTimeout(renew, 500);
    try {
      sessionStorage.portailSent = JSON.stringify([`C’est envoyé\u00a0: ${words(sent)}.`, refused]);
    } catch {}
    location.replace(location.pathname + location.search);
  }

  function put(wished) {
    for (const [cell, on] of Object.entries(wished)) {
      const box = document.getElementById(`op-${cell}`);
      if (box && !portail.painted?.(box)) box.checked = on;
      if (box && cut) box.parentElement.dataset.unsent = "";
    }
  }

  // What is still to be sent stands on the page as it was ticked, whatever was drawn meanwhile.
  function show() {
    const left = cells(sending?.key);
    put(left);
    const n = Object.keys(left).length;
    document.getElementById("envoi").hidden = !cut || !n;
    say("envoi", `${words(n)} à envoyer`);
  }

  lot.addEventListener("htmx:finally:request", (event) => {
    const { response, text } = event.detail.ctx;
    const status = text === undefined ? 0 : response.status; // cut in the middle, it is no answer
    const batch = sending;
    sending = null;
    answered();
    if (status === 0 || status >= 500 || [401, 403, 429].includes(status)) return wait(status);
    for (const [cell, on] of Object.entries(batch.cells)) {
      const box = status >= 400 && document.getElementById(`op-${cell}`);
      if (box) box.checked = !on;
    }
    sent += Object.keys(batch.cells).length;
    refused ||= document.getElementById("alerte").textContent;
    say("alerte", refused);
    cut = warned = false;
    forget();
    memory.delete(batch.key);
    if (status >= 400) erase(batch.key);
    else if (!batch.again) write(batch.key, { ...batch, done: Date.now() }); // at no time is it not there
    for (const cell of document.querySelectorAll("[data-unsent]")) delete cell.dataset.unsent;
    show();
    send();
  });

  // Not answered: no network, a server in trouble, nobody signed in or somebody else. The key stays the same: applied
  // once, even if only the answer was lost.
  function wait(status) {
    const go = after;
    const first = !cut; // asked more often, the browser would answer at once as long as it believes to be online
    after = null;
    cut = true;
    show();
    if (status === 401 || status === 403) return; // a dialog says so; they are sent after signing in
    warned ||= go?.out;
    if (warned) alarmed = "Vos coches ne sont pas encore envoyées\u00a0: vous les perdez si vous vous déconnectez.";
    else if (go) alarmed = "Connectez-vous à Internet pour terminer\u00a0: vos coches sont gardées.";
    else if (portail.planning) alarmed = "La connexion est interrompue\u00a0: vos coches seront envoyées dès qu’elle revient.";
    if (alarmed) say("alerte", alarmed);
    if (first) navigator.serviceWorker?.ready.then(({ sync }) => sync?.register("ticks")).catch(() => {});
    later(2000);
  }

  document.addEventListener(
    "submit",
    (event) => {
      const { target: form, submitter } = event;
      const [, way] = /^.(planning|deconnexion)/.exec(form.getAttribute("action")) ?? [];
      const out = way === "deconnexion";
      if (out && stored().some(([name, value]) => !name.startsWith(prefix) && !JSON.parse(value).done)) form.append(hidden("garder", 1));
      if (!way || submitter?.name === "rangee") return;
      if (out && (warned || !count())) return all().forEach(({ key }) => erase(key));
      if (!count() && !sent) return;
      event.preventDefault();
      event.stopPropagation();
      form.closest("dialog")?.close();
      after = Object.assign(() => form.requestSubmit(submitter), { out });
      later(0);
    },
    true,
  );

  const again = () => (sent || count()) && later(0);
  addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.type === "flush" && again());
  addEventListener("pagehide", () => {
    const batch = sending ?? next();
    if (!batch) return;
    fill(batch);
    fetch(lot.action, { method: "POST", body: new URLSearchParams(new FormData(lot)), keepalive: true }).catch(() => {});
  });
  // Before an answer is drawn: a box takes the server's word, or what was ticked since. Never the one and then the
  // other, or a hand would turn what it did not mean to.
  document.addEventListener("htmx:before:swap", ({ detail }) => {
    const wished = cells(sending?.key);
    for (const box of detail.tasks.flatMap(({ fragment }) => [...fragment.querySelectorAll(".cell > .see")])) {
      box.checked = wished[box.id.slice(3)] ?? box.checked;
      const here = document.getElementById(box.id);
      if (!here) continue;
      here.checked = box.checked;
      delete here.parentElement.told; // its bubble asks again
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    show();
    const [dialog, again] = document.querySelectorAll("dialog[data-ask]");
    again?.remove();
    if (!dialog || dialog.open) return;
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  });

  portail.outbox = {
    add: (cell, on) => write(fresh(), { at: now(), tab, cells: { [cell]: on } }),
    count,
    send(painted) {
      gesture = painted;
      send();
    },
    then(go) {
      after = go;
      later(0);
    },
  };
  portail.busy = () => count() > 0;
  try {
    const [told, trouble] = JSON.parse(sessionStorage.portailSent);
    delete sessionStorage.portailSent;
    say("annonce", told);
    say("alerte", trouble);
  } catch {}
  // What was ticked before the scripts came: on a bad network a page can be read, and touched, long before.
  for (const box of document.querySelectorAll(".cell > .see"))
    if (box.ariaDisabled) box.checked = box.defaultChecked;
    else if (box.checked !== box.defaultChecked) portail.outbox.add(box.id.slice(3), Number(box.checked));
  // A batch that was answered while this page was on its way: the page may have been drawn before, and asks again,
  // under the same key.
  const asked = Date.now() - performance.now();
  for (const { key, done, ...batch } of all()) {
    if (!(done > asked)) continue;
    memory.set(key, { ...batch, again: true });
    put(batch.cells);
    later(0);
  }
  forget();
  show();
  again();
})();
