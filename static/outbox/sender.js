// The sender: in order, one request at a time, again until it is answered. What leaves the page waits for it: the forms
// that `waits` names, signing out, and whatever is given to `then`.
function outboxSender(outbox, { form, fields, waits, redrawn, count, lost, first, cut }) {
  const { say } = outbox;
  let batch; // what the form is filled with
  let waiting; // for this tab's turn
  let answered; // ends it
  let timer;
  let after; // where they go when all is sent
  let sent = 0; // since nothing was left
  let refused;
  let alarmed; // by this script
  let warned;

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }
  const soon = () => later(0);

  // One tab at a time: what two tabs say of one cell arrives in the order in which it was said. Without TLS there are
  // no locks. Whoever waits longer than a request may last waits for a tab that sleeps.
  const turn = (work) => navigator.locks?.request(outbox.prefix, { signal: AbortSignal.timeout?.(25000) }, work).catch(work) ?? work();

  function send() {
    if (outbox.sending || waiting) return;
    waiting = true;
    turn(() => {
      waiting = false;
      batch = outbox.sending = outbox.next();
      if (!batch) return outbox.count() ? later(2000) : arrived(); // another tab's, just said
      form.dispatchEvent(new Event("lot"));
      return new Promise((done) => (answered = done));
    });
  }

  form.addEventListener("formdata", ({ formData }) => fields(batch).forEach((field) => formData.append(...field)));

  function arrived() {
    const go = refused ? null : after; // why comes first
    if (redrawn && sent && !after?.out) return renew();
    after = null;
    sent = 0;
    refused = "";
    go?.();
  }

  // Drawn again, by GET whatever drew it; never under somebody's hands.
  function renew() {
    if (document.querySelector("dialog[open]")) return setTimeout(renew, 500);
    try {
      sessionStorage.portailSent = JSON.stringify([`C’est envoyé\u00a0: ${count(sent)}.`, refused]);
    } catch {}
    location.replace(location.pathname + location.search);
  }

  form.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    const status = ctx.text === undefined ? 0 : ctx.response.status; // cut in the middle, it is no answer
    outbox.sending = null;
    answered();
    if ([0, 401, 403, 429].includes(status) || status >= 500) return wait(status);
    sent += Object.keys(batch.cells).length;
    refused ||= document.getElementById("alerte").textContent;
    say("alerte", refused);
    outbox.cut = warned = false;
    outbox.settle(batch, status >= 400);
    if (status >= 400) outbox.put(batch.cells, true);
    outbox.show();
    send();
  });

  // Not answered: no network, a server in trouble, nobody signed in or somebody else. The key stays the same: applied
  // once, even if only the answer was lost.
  function wait(status) {
    const go = after;
    const fresh = !outbox.cut; // asked more often, the browser would answer at once as long as it believes to be online
    after = null;
    outbox.cut = true;
    outbox.show();
    if (status === 401 || status === 403) return; // a dialog says so; they are sent after signing in
    warned ||= go?.out;
    alarmed = (warned ? lost : go ? first : cut) || alarmed;
    if (alarmed) say("alerte", alarmed);
    if (fresh) navigator.serviceWorker?.ready.then(({ sync }) => sync.register("ticks")).catch(() => {}); // the worker's word
    later(2000);
  }

  function then(go) {
    after = go;
    soon();
  }

  document.addEventListener(
    "submit",
    (event) => {
      const { target, submitter } = event;
      const way = target.getAttribute("action");
      const out = way === "/deconnexion";
      const left = outbox.count();
      if (out && outbox.others()) target.addEventListener("formdata", ({ formData }) => formData.append("garder", 1));
      if (!out && !waits(way, submitter)) return;
      if (out && (warned || !left)) return outbox.clear();
      if (!left && !sent) return;
      event.preventDefault();
      event.stopPropagation();
      target.closest("dialog")?.close();
      then(Object.assign(() => target.requestSubmit(submitter), { out }));
    },
    true,
  );
  addEventListener("online", soon);
  document.addEventListener("visibilitychange", soon);
  navigator.serviceWorker?.addEventListener("message", soon); // the network is back, it says
  addEventListener("pagehide", () => {
    batch = outbox.sending ?? outbox.next();
    if (batch) fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true }).catch(() => {});
  });

  try {
    const [told, trouble] = JSON.parse(sessionStorage.portailSent);
    delete sessionStorage.portailSent;
    say("annonce", told);
    say("alerte", trouble);
  } catch {}
  soon();
  Object.assign(outbox, { send, then });
}
