// roll_call.js: a tap is kept, painted at once and sent when there is a network; what other tablets say is painted too.
(() => {
  const form = document.getElementById("pointer");
  if (!form) return;
  const NOW = "maintenant";
  const ahead = document.body.dataset.now * 1000 - Date.now(); // what is painted is the portal's time, about
  const clock = (at) => new Date(at + ahead).toLocaleTimeString("fr-FR", { timeZone: "Europe/Paris", hour: "2-digit", minute: "2-digit" });
  const REASONS = { sick: "maladie", strike: "grève", trip: "sortie scolaire", other: "autre motif" };
  const mark = (key, about) => document.getElementById(`pt-${key}-${about}`);
  const known = (key, about) => mark(key, about)?.dataset.said ?? "";
  const rows = () => [...document.querySelectorAll(".roll-row")];
  // Who came or left was there, whatever an older copy of the page knows.
  const presence = (key) => known(key, "presence") || (known(key, "arrivee") || known(key, "depart") ? "present" : "");

  // As view.line says it.
  const told = (row) => {
    const of = (about) => known(row.dataset.key, about);
    const state = presence(row.dataset.key);
    if (state === "absent") return of("motif") ? `absence\u00a0: ${REASONS[of("motif")]}` : "absence sans motif";
    if (!state) return row.dataset.told ? `absence signalée\u00a0: ${REASONS[row.dataset.told]}` : "à pointer";
    const parts = [["arrivée", of("arrivee")], ["départ", of("depart")], ["avec", of("confie")]];
    return parts.filter(([, said]) => said).map((part) => part.join(" ")).join(", ") || "présence notée";
  };

  const draw = () => {
    const counts = { there: 0, gone: 0, away: 0, left: 0 };
    const waiting = outbox.cut ? Object.keys(outbox.cells(outbox.sending)) : [];
    for (const row of rows()) {
      const { key } = row.dataset, state = presence(key), gone = known(key, "depart");
      row.dataset.state = state;
      row.querySelector("[data-line]").textContent = told(row);
      for (const button of row.querySelectorAll("[aria-pressed]")) button.ariaPressed = button.dataset.value === state;
      const away = state === "absent" || (!state && row.dataset.told);
      counts[away ? "away" : !state ? "left" : gone ? "gone" : "there"]++;
      if (waiting.some((cell) => cell.startsWith(`${key}-`))) row.dataset.unsent = "";
      else delete row.dataset.unsent;
    }
    for (const figure of document.querySelectorAll("[data-count]")) figure.textContent = counts[figure.dataset.count];
  };

  const outbox = outboxStore("roll", form.dataset.account);
  const page = {
    boxes: ".mark-of",
    id: "pt-",
    value: (box) => box.dataset.said,
    drawn: (box) => box.dataset.drawn ?? box.dataset.said, // the server's word
    paint(box, said) {
      box.dataset.drawn ??= box.dataset.said;
      const [, value, at] = /^(.*?)(?:@(\d+))?$/.exec(said);
      box.dataset.said = value === NOW ? clock(+at) : value.replace(/^vide$/, "");
      if (box.isConnected) draw();
    },
    renewed() {},
    form,
    // How long ago it was said: whatever the tablet's clock shows, the portal knows when.
    fields: ({ cells }) => Object.entries(cells).map(([cell, said]) => ["op", `${cell}:${said.replace(/\d+$/, (at) => Math.max(0, Date.now() - at))}`]),
    waits: (way) => /^.mairie.pointage.\d/.test(way),
    redrawn: false,
    count: (n) => `${n} pointage${n > 1 ? "s" : ""}`,
    lost: "Vos pointages ne sont pas encore envoyés\u00a0: vous les perdez si vous vous déconnectez.",
    first: "Connectez-vous à Internet pour continuer\u00a0: vos pointages sont gardés.",
    cut: "La connexion est interrompue\u00a0: vos pointages seront envoyés dès qu’elle revient.",
  };
  outboxPainter(outbox, page);
  outboxSender(outbox, page);

  // A word about a child; a state takes the times or the reason with it that it makes untrue.
  const say = (key, about, value) => {
    const at = `@${Date.now()}`;
    const put = (what, said) => {
      outbox.add(`${key}-${what}`, said + at);
      if (mark(key, what)) page.paint(mark(key, what), said + at);
    };
    put(about, value);
    if (about === "presence" && value !== "present") for (const what of ["arrivee", "depart", "confie"]) if (mark(key, what)) page.paint(mark(key, what), "");
    if (value && (about === "arrivee" || about === "depart") && known(key, "presence") !== "present") put("presence", "present");
  };
  const go = () => {
    draw();
    outbox.show();
    outbox.send();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-op]");
    if (!button) return;
    event.preventDefault();
    const { key } = button.closest(".roll-row").dataset;
    const about = button.dataset.op.slice(key.length + 1);
    const pressed = button.ariaPressed === "true";
    say(key, about, pressed ? "vide" : button.dataset.value);
    go();
    if (about !== "depart") return;
    const rare = button.closest(".roll-row").querySelector(".rare"); // who takes the child?
    rare.open = true;
    rare.scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("submit", (event) => {
    const { target } = event;
    if (target.matches("[data-more]")) {
      const { key } = target.closest(".roll-row").dataset;
      for (const field of target.elements)
        if (field.name.startsWith(key) && field.value !== known(key, field.name.slice(key.length + 1)))
          say(key, field.name.slice(key.length + 1), field.value);
      target.closest("details").open = false;
    } else if (target.matches("[data-all-there]")) {
      for (const row of rows()) if (!known(row.dataset.key, "presence") && !row.dataset.told) say(row.dataset.key, "presence", "present");
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
    go();
  }, true);

  // What is said of a child stands in its fields as they open.
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches?.(".rare[open]")) return;
    const { key } = target.closest(".roll-row").dataset;
    for (const field of target.querySelectorAll("[name]")) if (field.name.startsWith(key)) field.value = known(key, field.name.slice(key.length + 1));
  }, true);

  // Another tablet added a child, or closed the service: the page is drawn anew, never under a hand.
  document.addEventListener("htmx:after:swap", () => {
    document.querySelector(".unplugged")?.remove(); // read from its copy; it is answered again
    draw();
    const { rangs, clos } = document.getElementById("marques").dataset;
    const closes = document.querySelector("[action*='/cloture']");
    if ((+rangs !== rows().length || (clos === "1" && closes)) && !outbox.count() && !document.querySelector(".rare[open]")) location.reload();
  });
  document.addEventListener("htmx:finally:request", draw);
  // The copy that is read without a network is made at once, and knows what was sent.
  const workers = navigator.serviceWorker;
  const keep = () => workers?.ready.then(({ active }) => active.postMessage({ type: "keep" }));
  workers?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  if (!workers?.controller) keep();
  form.addEventListener("htmx:finally:request", () => outbox.cut || outbox.count() || keep());
  draw();
})();
