// What a parent writes stays in this browser until the mairie has it: a refused file, a session that ended, a reload or
// a cut network lose nothing. Sent again, it bears the same name (`click`), so it is one message.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const LIFE = 3 * 24 * 3600 * 1000; // ms
  const PREFIX = "message:";
  const key = `${PREFIX}${form.dataset.draft}:${location.pathname}`;
  const region = form.querySelector("[data-draft-said]");
  const words = region.dataset;
  const written = () => [...form.elements].filter(({ name, type }) => name && name !== "csrf" && type !== "file");
  const file = form.querySelector("input[type=file]");
  const text = () => form.elements.message.value;

  function names() {
    try {
      return Object.keys(localStorage);
    } catch {
      return []; // no store
    }
  }

  function stored(key) {
    try {
      const draft = JSON.parse(localStorage[key]);
      if (Date.now() - draft.at < LIFE && key.startsWith(`${PREFIX}${form.dataset.draft}:`)) return draft;
    } catch {
      // no draft, or no store
    }
    forget(key);
  }

  function forget(key) {
    try {
      delete localStorage[key];
    } catch {
      // no store
    }
  }

  function keep(waits) {
    if (!text()) return forget(key);
    const fields = Object.fromEntries(written().map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]));
    try {
      localStorage[key] = JSON.stringify({ at: Date.now(), waits, file: !!file.value, fields });
    } catch {
      // full, or none: the page keeps it as long as it is open
    }
  }

  function restore({ fields }) {
    for (const one of written()) {
      if (!(one.name in fields)) continue;
      if (one.type === "checkbox") one.checked = fields[one.name];
      else one.value = fields[one.name];
    }
  }

  function say(sentence) {
    region.hidden = !sentence;
    region.textContent = sentence;
  }

  function send() {
    if (form.reportValidity()) form.requestSubmit();
  }

  for (const name of names()) if (name.startsWith(PREFIX)) stored(name); // what is too old goes, and another account's
  const done = new URLSearchParams(location.search).get("fait");
  if (done === "message") forget(`${PREFIX}${form.dataset.draft}:/messages/nouveau`);
  if (done === "envoi") forget(key);

  const draft = stored(key);
  if (draft && !text()) {
    restore(draft);
    say(draft.waits ? words.waits : words.restored);
    if (draft.waits && navigator.onLine && !draft.file) send();
  }
  form.addEventListener("input", () => keep(false));
  form.addEventListener("change", () => keep(false));
  form.addEventListener("submit", (event) => {
    keep(!navigator.onLine);
    if (navigator.onLine) return;
    event.preventDefault();
    say(words.waits);
  });
  addEventListener("online", () => stored(key)?.waits && send());
})();
