// kit.js: what the mairie's screens gain with scripts: a count of the ticked rows, the palette (Ctrl+K), a word when nobody answers.
(() => {
  const boxes = (form) => [...form.elements].filter((box) => box.type === "checkbox");

  const count = (form) => {
    const all = boxes(form), on = all.filter((box) => box.checked).length;
    const told = form.querySelector("[data-picked]"), every = form.querySelector("[data-all]");
    told.textContent = on ? `${on} ${on > 1 ? "sélectionnées" : "sélectionnée"}` : "Aucune ligne cochée";
    for (const button of form.querySelectorAll("[type=submit]")) button.disabled = !on;
    every.hidden = !all.length;
    every.textContent = all.length && on === all.length ? "Tout décocher" : "Tout cocher";
  };

  const countAll = () => document.querySelectorAll("form[data-bulk]").forEach(count);

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const shown = (list) => [...list.querySelectorAll("a")].filter((link) => !link.parentElement.hidden);

  const find = (field) => {
    const list = document.getElementById(field.dataset.finds), wanted = plain(field.value.trim());
    for (const row of list.children) row.hidden = !plain(row.textContent).includes(wanted);
    tell(list.closest("dialog"));
  };

  const tell = (dialog) => {
    dialog.querySelector("[data-none]").hidden = shown(dialog.querySelector(".pal-list")).length > 0;
  };

  const open = (id) => {
    const dialog = document.getElementById(id), field = dialog?.querySelector("[data-finds]");
    if (!dialog || dialog.open) return;
    if (field) { field.value = ""; document.getElementById("palette-trouve").replaceChildren(); find(field); }
    dialog.showModal();
    field?.focus();
  };

  const walk = (event) => {
    const list = event.target.closest("dialog")?.querySelector(".pal-list"), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!list) return;
    const links = shown(list), at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && at < 0 && event.target.dataset.finds) { event.preventDefault(); links[0]?.click(); }
    if (!step) return;
    event.preventDefault();
    const next = at + step;
    (next < 0 ? event.currentTarget.querySelector("dialog[open] [data-finds]") : links[Math.min(next, links.length - 1)])?.focus();
  };

  const say = (sentence) => { document.getElementById("alerte").textContent = sentence; };

  document.addEventListener("DOMContentLoaded", () => {
    countAll();
    for (const button of document.querySelectorAll("[data-opens]")) button.hidden = false;
  });
  document.addEventListener("htmx:after:swap", () => { countAll(); document.querySelectorAll("dialog[open]:has(.pal-list)").forEach(tell); });
  document.addEventListener("htmx:before:request", () => document.getElementById("envoi") || say(""));
  // A page that keeps what was said until it is sent tells so itself.
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.text === undefined && !document.getElementById("envoi")) say("Le portail n’a pas répondu. Rechargez la page pour voir ce qui est enregistré.");
  });
  document.addEventListener("change", (event) => event.target.form?.matches("[data-bulk]") && count(event.target.form));
  document.addEventListener("input", (event) => event.target.dataset?.finds && find(event.target));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open("palette"); }
  });
  document.documentElement.addEventListener("keydown", walk);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]"), closer = event.target.closest("[data-closes]");
    const every = event.target.closest("[data-all]");
    if (opener) { event.preventDefault(); open(opener.dataset.opens); }
    if (closer) document.getElementById(closer.dataset.closes).close();
    if (event.target.matches("dialog.dialog")) event.target.close();
    if (!every) return;
    const all = boxes(every.form), tick = !all.every((box) => box.checked);
    for (const box of all) box.checked = tick;
    count(every.form);
  });
})();
