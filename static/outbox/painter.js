// The painter: what is still to be sent stands on the page as it was said, whatever is drawn meanwhile; how much it is
// stands above the page when the network is cut (#envoi).
function outboxPainter(outbox, { boxes, id, value, drawn, paint, renewed, count }) {
  const cellOf = (box) => box.id.slice(id.length);

  function put(cells, refused) {
    for (const cell in cells) {
      const box = document.getElementById(id + cell);
      if (!box) continue;
      paint(box, refused ? drawn(box) : cells[cell]);
      if (outbox.cut) box.parentElement.dataset.unsent = "";
    }
  }

  function say(id, text) {
    const region = document.getElementById(id);
    if (region.textContent !== text) region.textContent = text; // said once
  }

  function show() {
    const left = outbox.cells(outbox.sending);
    const n = Object.keys(left).length;
    if (!outbox.cut) for (const marked of document.querySelectorAll("[data-unsent]")) delete marked.dataset.unsent;
    put(left);
    document.getElementById("envoi").hidden = !(outbox.cut && n);
    say("envoi", `${count(n)} à envoyer`);
  }

  // Before an answer is drawn: a box takes the server's word, or what was said since. Never the one and then the
  // other, or a hand would turn what it did not mean to.
  document.addEventListener("htmx:before:swap", ({ detail }) => {
    const wished = outbox.cells(outbox.sending);
    for (const { fragment } of detail.tasks)
      for (const box of fragment.querySelectorAll(boxes)) {
        paint(box, wished[cellOf(box)] ?? value(box));
        const here = document.getElementById(box.id);
        if (!here) continue;
        paint(here, value(box));
        renewed(here);
      }
  });
  document.addEventListener("htmx:after:swap", show);

  // What was said before the scripts came: on a bad network a page can be read, and touched, long before.
  for (const box of document.querySelectorAll(boxes))
    if (box.ariaDisabled) paint(box, drawn(box));
    else if (value(box) !== drawn(box)) outbox.add(cellOf(box), value(box));
  put(outbox.repeat());
  show();

  Object.assign(outbox, { say, show, put });
}
