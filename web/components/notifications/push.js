// « Me prévenir »: whether this browser rings, and the click that lets it. Nothing is asked before that click.
(() => {
  const place = document.querySelector("[data-push]");
  if (!place) return;
  const part = (name) => place.querySelector(`[data-push-${name}]`);
  const show = (...names) => {
    for (const name of ["ask", "here", "unable", "blocked", "failed"]) part(name).hidden = !names.includes(name);
  };
  const form = part("ask");

  async function look() {
    if (!("PushManager" in window && "Notification" in window && navigator.serviceWorker)) return;
    if (Notification.permission === "denied") return show("blocked");
    const registration = await navigator.serviceWorker.getRegistration();
    const held = await registration?.pushManager.getSubscription();
    const known = held && place.dataset.push.split(" ").includes(await mark(held.endpoint));
    show(known && Notification.permission === "granted" ? "here" : "ask");
  }

  async function mark(endpoint) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function allow() {
    if ((await Notification.requestPermission()) !== "granted") return look();
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    const answer = await fetch("/compte/notifications/cle", { method: "POST", body });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const registration = await navigator.serviceWorker.ready;
    const held = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: await answer.text(),
    });
    const { endpoint, keys } = held.toJSON();
    form.elements.adresse.value = endpoint;
    form.elements.cle.value = keys.p256dh;
    form.elements.secret.value = keys.auth;
    form.submit();
  }

  form.querySelector("button").addEventListener("click", () => allow().catch(() => show("ask", "failed")));
  look().catch(() => {});
})();
