// « Plus que 3 h 20 » moves on while the page lies open; a quarter of an hour before the end it is said, once.
(() => {
  const ahead = document.body.dataset.now * 1000 - Date.now(); // the server's clock decides
  const said = new Set();

  function renew() {
    for (const left of document.querySelectorAll("[data-until]")) {
      const { until } = left.dataset;
      const minutes = Math.floor((until * 1000 - ahead - Date.now()) / 60000);
      const hours = Math.floor(minutes / 60);
      const rest = minutes % 60;
      const told = hours ? `${hours}\u00a0h${rest ? `\u00a0${`${rest}`.padStart(2, 0)}` : ""}` : `${minutes || 1}\u00a0min`;
      left.textContent = minutes < 0 ? "Clos" : `Plus que ${told}`;
      if (minutes < 0) left.parentElement.classList.replace("soon", "over");
      if (minutes > 15 || minutes < 1 || said.has(until)) continue;
      said.add(until);
      document.getElementById("annonce").textContent = `${left.textContent} avant la limite.`;
    }
  }

  setInterval(renew, 15000);
  document.addEventListener("visibilitychange", renew);
})();
