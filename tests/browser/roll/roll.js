// A roll call of the tests: boxes with words for a state, fields, sentences and a form of its own.
(() => {
  const form = document.getElementById("appel");
  const outbox = outboxStore("roll", "10");
  const page = {
    boxes: ".presence",
    id: "enfant-",
    value: (box) => box.value,
    drawn: (box) => box.dataset.drawn,
    paint: (box, state) => (box.value = state),
    renewed() {},
    form,
    fields: ({ key, cells }) => [["appel", key], ...Object.entries(cells)],
    waits: (way) => way === "/essai/appel/fin",
    redrawn: false,
    count: (n) => `${n} présence${n > 1 ? "s" : ""}`,
    lost: "Votre appel est perdu si vous vous déconnectez.",
    first: "Votre appel n’est pas encore parti.",
    cut: "Votre appel partira quand la connexion revient.",
  };
  outboxPainter(outbox, page);
  outboxSender(outbox, page);
  document.addEventListener("click", ({ target: box }) => {
    if (!box.matches(".presence")) return;
    box.value = box.value === "present" ? "absent" : "present";
    outbox.add(box.id.slice(7), box.value);
    outbox.send();
  });
})();
