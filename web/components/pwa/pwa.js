// The worker that reads offline, the word that a new version is ready, the button that installs.
(() => {
  const workers = navigator.serviceWorker;

  addEventListener("load", async () => {
    const registration = await workers?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
    if (!registration) return;
    const tell = (fresh) => fresh?.state === "installed" && workers.controller && offer(fresh);
    tell(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh.addEventListener("statechange", () => tell(fresh));
    });
  });

  function offer(fresh) {
    if (portail.busy?.()) return setTimeout(offer, 1000, fresh); // ticks that are not sent yet
    const said = "Une nouvelle version est prête.";
    const bar = `<section class="renew" aria-label="${said}">${said} <button class="btn">Actualiser</button></section>`;
    document.body.insertAdjacentHTML("beforeend", bar);
    document.body.lastChild.lastChild.addEventListener("click", () => renew(fresh));
    document.getElementById("annonce").textContent = said;
  }

  function renew(fresh) {
    if (portail.busy?.()) return setTimeout(renew, 300, fresh);
    if (fresh.state !== "installed") return location.reload(); // another tab has taken it
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    fresh.postMessage({ type: "renew" });
  }

  // A cookie, because signing out empties the browser's other stores.
  const refusals = () => Number(/(^|; )installer=(\d)/.exec(document.cookie)?.[2] ?? 0);
  let asking;
  const show = () => {
    for (const button of document.querySelectorAll("[data-install]")) button.hidden = !asking || refusals() >= 2;
  };
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    asking = event;
    show();
  });
  addEventListener("appinstalled", () => {
    asking = null;
    show();
  });
  document.addEventListener("htmx:after:swap", show); // a payment's page offers it once the bank has answered
  document.addEventListener("click", async ({ target }) => {
    if (!asking || !target.closest?.("[data-install]")) return;
    asking.prompt();
    const { outcome } = await asking.userChoice;
    asking = null; // it asks once
    if (outcome === "dismissed")
      document.cookie = `installer=${refusals() + 1}; path=/; max-age=31536000; samesite=lax`;
    show();
  });
})();
