// roll_lock.js: the tablet stays awake while a service is called; unused for minutes, it hides the names until its code
// is typed. The code is checked here, against a slow digest, so it opens without a network.
(() => {
  if (!document.getElementById("pointer")) return;
  let awake;
  const wake = async () => {
    if (document.hidden || cover?.open) return;
    awake = await navigator.wakeLock?.request("screen").catch(() => {});
  };
  const cover = crypto.subtle && document.getElementById("couvert");
  document.addEventListener("visibilitychange", () => {
    check();
    wake();
  });
  if (!cover) return wake();

  const PLACE = "roll-lock";
  const { session, idle, tries, salt, iterations, digest } = cover.dataset;
  const code = cover.querySelector("#couvert-code"), said = cover.querySelector("#couvert-dit");
  const kept = () => JSON.parse(localStorage.getItem(PLACE) ?? "{}");
  const keep = (what) => localStorage.setItem(PLACE, JSON.stringify({ ...kept(), ...what }));
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  async function opens(typed) {
    const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(typed), "PBKDF2", false, ["deriveBits"]);
    const way = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: +iterations };
    return hex(await crypto.subtle.deriveBits(way, key, 256)) === digest;
  }

  function tell() {
    const left = tries - kept().wrong;
    said.textContent = left === +tries ? "" : left > 0 ? `Ce code n’est pas le bon. Essais restants\u00a0: ${left}.` : "Trop d’essais\u00a0: connectez-vous de nouveau. Vos pointages sont gardés.";
    code.disabled = cover.querySelector(".main").disabled = left <= 0;
  }

  function check() {
    if (!cover || cover.open || Date.now() - kept().at < idle * 1000) return;
    awake?.release();
    tell();
    cover.showModal();
  }

  function touch() {
    if (!cover.open) keep({ at: Date.now() });
  }

  cover.addEventListener("cancel", (event) => event.preventDefault()); // Escape opens nothing
  cover.querySelector("[method=dialog]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = code.value;
    code.value = "";
    const wrong = kept().wrong + 1;
    keep({ wrong }); // before it is known: a page that is reloaded meanwhile has tried
    if (wrong > tries || !(await opens(typed))) return tell();
    keep({ wrong: 0, at: Date.now() });
    tell();
    cover.close();
    wake();
  });
  // Nothing else opens above it: no search by a key.
  document.addEventListener("keydown", (event) => cover.open && (event.ctrlKey || event.metaKey) && event.stopImmediatePropagation(), true);
  for (const what of ["pointerdown", "keydown"]) document.addEventListener(what, touch, true);
  // Another sign-in, or another code, begins anew.
  if (kept().session !== session || kept().digest !== digest) keep({ session, digest, wrong: 0, at: Date.now() });
  setInterval(check, 5000);
  check();
  wake();
})();
