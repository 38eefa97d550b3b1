// The grid by keyboard and mouse: one tab stop, arrows between the open days, several days painted in one gesture.
// Where the days are read only, each is a button for its bubble.
(() => {
  const planning = document.getElementById("planning");
  if (!planning) return;
  const edit = document.getElementById("saisie");
  const BOX = ":is(.see, .cell[role])";
  const TABLE = ":not(details:not([open])) > .month"; // a week that is closed is passed over
  const STOP = `${TABLE} :is(${BOX}, .tri)`;
  const OPEN = '.see:not([aria-disabled="true"])';
  const stops = () => [...planning.querySelectorAll(STOP)];
  const dayOf = (box) => box.id.slice(-10); // « op-1-2-2018-09-03 », « tri-1-2-2018-09-01 »
  const rows = () =>
    [...planning.querySelectorAll(`${TABLE} tr`)]
      .map((row) => [...row.querySelectorAll(`${BOX}, .tri:not([disabled])`)])
      .filter((row) => row.length);
  const isBox = (stop) => stop.matches(BOX);

  let current; // the id of the one tab stop
  function settle() {
    for (const cell of edit ? [] : planning.querySelectorAll('.month .cell:not([data-s="never"])')) {
      cell.id = cell.parentNode.id.replace("cell", "op");
      cell.setAttribute("role", "button");
      cell.setAttribute("aria-haspopup", "dialog");
    }
    const all = stops();
    const kept = all.find((stop) => stop.id === current) ?? all.find((stop) => stop.matches(OPEN)) ?? all[0];
    current = kept?.id;
    if (kept) planning.querySelector(".scroll").removeAttribute("tabindex"); // the boxes bring it into view
    for (const stop of all) stop.tabIndex = stop === kept ? 0 : -1;
  }
  settle();
  document.addEventListener("htmx:after:swap", settle);
  planning.addEventListener("toggle", settle, true); // a week that opens or closes
  planning.querySelector("caption")?.append(" Entrée ouvre le détail d’un jour.");
  planning.addEventListener("focusin", ({ target }) => {
    if (!target.matches(STOP) || target.id === current) return;
    const last = document.getElementById(current);
    if (last) last.tabIndex = -1;
    current = target.id;
    target.tabIndex = 0;
  });

  function near(row, day) {
    const far = (box) => Math.abs(Date.parse(dayOf(box)) - Date.parse(day));
    return row.filter(isBox).sort((one, other) => far(one) - far(other))[0] ?? row[0];
  }

  function target(stop, key, whole) {
    const grid = rows();
    const at = grid.findIndex((row) => row.includes(stop));
    const row = grid[at];
    if (!row) return;
    const n = row.indexOf(stop);
    const beside = { ArrowRight: row[n + 1], ArrowLeft: row[n - 1] };
    const ends = { Home: (whole ? grid[0] : row)[0], End: (whole ? grid.at(-1) : row).at(-1) };
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!step) return { ...beside, ...ends }[key];
    const other = grid[at + step];
    return other && (isBox(stop) ? near(other, dayOf(stop)) : other[0]);
  }

  // ---- Painting: the value of the first cell goes to the others; closed and locked ones are passed over ----
  let paint; // { from, on, was: Map(box that is painted → as it was) }
  portail.painted = (box) => paint?.was.has(box);
  const paintable = (box) => box.matches(OPEN) && !box.parentElement.querySelector(".lock");
  function range(from, to) {
    const grid = rows();
    const [top, bottom] = [from, to].map((box) => grid.findIndex((row) => row.includes(box))).sort((a, b) => a - b);
    const [first, last] = [dayOf(from), dayOf(to)].sort();
    return grid.slice(top, bottom + 1).flatMap((row) => row.filter((box) => isBox(box) && dayOf(box) >= first && dayOf(box) <= last));
  }
  function begin(from, on) {
    paint = { from: from.id, on, was: new Map() };
    portail.planning.hold();
  }
  function reach(to) {
    const from = document.getElementById(paint.from);
    const wished = new Set(range(from, to).filter(paintable));
    for (const [box, was] of paint.was)
      if (!wished.has(box)) {
        box.checked = was;
        paint.was.delete(box);
      }
    for (const box of wished) {
      if (!paint.was.has(box)) paint.was.set(box, box.checked);
      box.checked = paint.on;
    }
  }
  function end() {
    if (!paint) return;
    for (const [box, was] of paint.was) if (paint.on !== was) portail.planning.turned(box);
    portail.planning.release();
    paint = null;
  }
  // An answer that comes meanwhile: the paint stays on what is drawn below it. On the window: after the outbox.
  addEventListener("htmx:before:swap", ({ detail }) => {
    for (const { fragment } of paint ? detail.tasks : [])
      for (const box of fragment.querySelectorAll(".see")) {
        const here = document.getElementById(box.id);
        if (!paint.was.has(here)) continue;
        paint.was.set(here, box.checked);
        here.checked = paint.on;
      }
  });

  planning.addEventListener("keydown", (event) => {
    const stop = event.target;
    if (!stop.matches(STOP) || event.altKey || event.metaKey) return;
    const page = { PageUp: "prev", PageDown: "next" }[event.key];
    const next = !page && target(stop, event.key, event.ctrlKey);
    if (!page && !next) return;
    event.preventDefault();
    if (page) return planning.querySelector(`a[rel=${page}]`)?.click();
    next.focus();
    if (!edit || !event.shiftKey || !isBox(stop) || !isBox(next)) return;
    if (!paint) begin(stop, stop.checked);
    reach(next);
  });
  addEventListener("keyup", ({ key }) => key === "Shift" && end());
  addEventListener("blur", end);

  let pressed;
  let dragged;
  planning.addEventListener("pointerdown", (event) => {
    dragged = false;
    const box = !event.button && event.pointerType === "mouse" && event.target.closest("label.cell")?.control;
    pressed = box && !event.shiftKey && paintable(box) && box;
  });
  planning.addEventListener("pointerover", (event) => {
    const box = pressed && event.target.closest("label.cell")?.control;
    if (!box || (!paint && box === pressed)) return;
    if (!paint) begin(pressed, !pressed.checked);
    dragged = true;
    getSelection()?.removeAllRanges();
    reach(box);
  });
  addEventListener("pointerup", () => {
    if (pressed && paint) {
      document.getElementById(paint.from)?.focus();
      end();
    }
    pressed = null;
    setTimeout(() => (dragged = false)); // its click, if there is one, comes at once
  });

  let anchor;
  planning.addEventListener(
    "click",
    (event) => {
      const box = event.target.closest("label.cell")?.control;
      if (!box) return;
      if (dragged && event.detail) {
        event.preventDefault(); // the click that ends the gesture on its first cell; a key's has no detail
        dragged = false;
      } else if (event.shiftKey && document.getElementById(anchor)) {
        event.preventDefault();
        setTimeout(() => {
          // after the browser has put the box back as it was
          const from = document.getElementById(anchor);
          begin(from, from.checked);
          reach(box);
          end();
          box.focus();
        });
      } else anchor = box.id;
    },
    true,
  );
})();
