// Passkeys: the device is asked to make one, or to sign with one; its answer goes with the form, which is plain.
(() => {
  const known = window.PublicKeyCredential;
  if (!known?.parseCreationOptionsFromJSON) return;

  function send(form, key, button) {
    form.elements.reponse.value = JSON.stringify(key.toJSON());
    if (button) form.action = button.formAction;
    form.submit();
  }

  function creating(form) {
    const [button, unable, failed] = ["button", "[data-passkey-unable]", "[data-passkey-failed]"].map((one) =>
      form.querySelector(one));
    const publicKey = known.parseCreationOptionsFromJSON(JSON.parse(form.dataset.options));
    button.hidden = false;
    unable.hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = button.disabled = true;
      try {
        send(form, await navigator.credentials.create({ publicKey }));
      } catch {
        failed.hidden = button.disabled = false;
      }
    });
  }

  function entering(button) {
    const { form } = button;
    const publicKey = known.parseRequestOptionsFromJSON(JSON.parse(button.dataset.options));
    let waiting;
    button.hidden = false;

    async function ask(mediation) {
      waiting?.abort();
      waiting = new AbortController();
      try {
        send(form, await navigator.credentials.get({ publicKey, mediation, signal: waiting.signal }), button);
      } catch (error) {
        if (error.name !== "AbortError" && mediation === "optional") form.querySelector("[data-passkey-failed]").hidden = false;
      }
    }

    button.addEventListener("click", (event) => {
      event.preventDefault();
      ask("optional");
    });
    // Beside the names that the browser proposes: nothing is shown before somebody looks there.
    known.isConditionalMediationAvailable?.().then((able) => able && ask("conditional"));
  }

  document.querySelectorAll("[data-passkey=create]").forEach(creating);
  document.querySelectorAll("[data-passkey=enter]").forEach(entering);
})();
