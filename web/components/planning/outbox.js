// The outbox of a parent's pages: what was ticked and has not been answered yet. Each page of theirs sends what is left.
(() => {
  const form = document.getElementById("lot");
  if (!form) return;
  const page = {
    // Its boxes: where they are, how their id begins before the cell's name, how they are read and turned.
    boxes: ".cell > .see",
    id: "op-",
    value: (box) => +box.checked,
    drawn: (box) => +box.defaultChecked, // the server's word
    paint: (box, on) => portail.painted?.(box) || (box.checked = on),
    renewed: (box) => delete box.parentElement.told, // its bubble asks again
    // What sends a batch, and as which fields; what waits for it; does this page show what was sent?
    form,
    fields: ({ key, cells }) => [
      ["cle", key],
      ...Object.entries(cells).map(([cell, on]) => ["op", `${cell}:${on}`]),
      ...(portail.planning?.gesture ? [["geste", 1]] : []),
    ],
    waits: (way, button) => /^.planning/.test(way) && button?.name !== "rangee",
    redrawn: ["/accueil", "/planning/recapitulatif"].includes(location.pathname),
    // Its words: of how many, and without network to who signs out, who goes on, who ticks.
    count: (n) => `${n} modification${n > 1 ? "s" : ""}`,
    lost: "Vos coches ne sont pas encore envoyées\u00a0: vous les perdez si vous vous déconnectez.",
    first: "Connectez-vous à Internet pour terminer\u00a0: vos coches sont gardées.",
    cut: document.getElementById("saisie") && "La connexion est interrompue\u00a0: vos coches seront envoyées dès qu’elle revient.",
  };
  const outbox = (portail.outbox = outboxStore("ticks", form.dataset.account));
  outboxPainter(outbox, page);
  outboxSender(outbox, page);
  portail.busy = outbox.count;
})();
