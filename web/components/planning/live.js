// Both parents at once: what another hand changed comes onto this page, in place, never while a hand is on it.
(() => {
  const lot = document.getElementById("lot");
  let number = lot?.dataset.number; // of what the page shows; each change moves it, a tick by one
  if (!number) return;
  let said = number; // the server's last word
  let own = 0; // ticks of this page, answered since
  let source;
  let held = 0; // until then (ms) a hand is on the page
  let asking;
  let timer;
  let drawn; // the answer that is being drawn
  let telling;
  const changed = new Map(); // cells that nobody was told of yet → by whom

  function listen() {
    source?.close();
    if (document.hidden) return;
    source = new EventSource("/planning/direct");
    source.onmessage = ({ data }) => {
      said = data;
      renew();
    };
  }

  // What any tab has still to send comes first: the server's word of such a day is about to be an old one.
  const busy = () => held > Date.now() || portail.outbox.sending || portail.outbox.count() || document.querySelector("dialog[open]");
  function later() {
    clearTimeout(timer);
    timer = setTimeout(renew, 300);
  }

  async function renew() {
    const moved = said - number;
    if (asking || moved < own) return;
    const here = said;
    if (moved > own) {
      if (busy()) return later();
      asking = true;
      own = 0;
      const where = new URLSearchParams([...lot.elements].map(({ name, value }) => [name, value]));
      where.delete("csrf");
      where.set("jusque", [...document.querySelectorAll("[id^=cell-]")].at(-1)?.id.slice(-10));
      const text = await fetch(`/planning/direct/jours?${where}`, { headers: { "HX-Request": "true" } })
        .then((answer) => answer.ok && answer.text())
        .catch(() => {});
      asking = false;
      if (!text) return; // the next word asks again
      if (own || busy()) return later(); // drawn before what this hand did
      drawn = { text, sourceElement: lot, swap: "none" };
      htmx.swap(drawn);
    }
    number = here;
    own = 0;
  }

  // Only what differs: the focus, the bubble and the ear keep their rest.
  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    if (ctx !== drawn) return;
    const look = (td) => td.textContent + td.firstElementChild.dataset.s;
    const box = (td) => td.querySelector(".see") ?? {}; // read only, none
    const left = tasks.filter(({ target, fragment: { firstElementChild: fresh } }) => {
      if (!target.matches("td")) return true; // what counts them
      if (look(fresh) === look(target)) return box(fresh).defaultChecked !== box(target).checked; // another tab's, taken back
      const cell = target.firstElementChild;
      fresh.firstElementChild.id = cell.id; // read only, it has one: it stays the same
      delete cell.told;
      return changed.set(fresh.id, fresh.dataset.by);
    });
    tasks.splice(0, 1e9, ...left); // all of them
    clearTimeout(telling);
    telling = setTimeout(tell, 2000); // once they rest
  });

  function tell() {
    const n = changed.size;
    const s = n > 1 ? "s" : "";
    const [by, other] = new Set(changed.values());
    const whom = by && !other ? ` par ${by}` : "";
    if (n) portail.outbox.say("annonce", `Planning mis à jour\u00a0: ${n} jour${s} changé${s}${whom}.`);
    changed.clear();
  }

  lot.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    own += !!ctx.response?.ok; // each counts for one
    later();
  });
  // A hand that presses, and one that has just moved or let go: a finger's click comes a moment after it.
  const on = { pointerdown: 1e4, keydown: 1e4, pointermove: 500, pointerup: 500, pointercancel: 500, keyup: 500, blur: 0 };
  for (const name in on)
    addEventListener(name, ({ buttons }) => (name === "pointermove" && buttons) || (held = Date.now() + on[name]), { passive: true });
  document.addEventListener("visibilitychange", listen);
  addEventListener("load", () => setTimeout(listen, 1000)); // what the page is made of comes first
})();
