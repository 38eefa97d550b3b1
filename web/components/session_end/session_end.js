// Two minutes before a session ends the page says so; once it has ended, that too. Nothing that was typed is lost: after
// another sign-in, in another tab, the forms of this page get their new token. Asking is no visit: only a click stays.
(() => {
  const { left, whose } = document.currentScript.dataset;
  const WARNED = 120, LONGEST = 2e9; // seconds; milliseconds that a timer counts
  let timer, due, shown;

  function wait(seconds) {
    clearTimeout(timer);
    due = Date.now() + seconds * 1000;
    timer = setTimeout(ask, Math.min(LONGEST, seconds * 1000));
  }

  async function ask(options) {
    try {
      const answer = await fetch("/session/fin", { headers: { "HX-Request": "true", "HX-Current-URL": location.href }, ...options });
      const [dialog] = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("[data-session]");
      if (dialog) tell(dialog);
      else wait(WARNED);
    } catch {
      wait(WARNED / 2); // without a network nothing is known
    }
  }

  function tell(dialog) {
    const { session, left, csrf, whose: them } = dialog.dataset;
    if (session === "alive") {
      if (them !== whose) return location.reload(); // somebody else's now
      hide();
      for (const field of document.querySelectorAll("input[name=csrf]")) field.value = csrf;
      return wait(left - WARNED);
    }
    if (session === "ending") wait(+left + 1);
    if (shown?.dataset.session === session) return;
    hide();
    document.body.append((shown = document.adoptNode(dialog)));
    shown.querySelector("[data-stay]")?.addEventListener("click", stay);
    shown.showModal();
  }

  function hide() {
    shown?.remove();
    shown = undefined;
  }

  function stay() {
    const { csrf } = shown.dataset;
    ask({ method: "POST", body: new URLSearchParams({ csrf }) });
  }

  addEventListener("visibilitychange", () => document.visibilityState === "visible" && Date.now() > due && ask());
  addEventListener("focus", () => shown && ask());
  wait(Math.max(0, left - WARNED));
})();
