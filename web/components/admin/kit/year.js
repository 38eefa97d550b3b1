// year.js: a year of days that is walked by arrows: one stop of the Tab key, Home and End, a month with Page Up and Page Down, Space opens.
(() => {
  const DAY = 86400000;
  const time = (link) => Date.parse(link.dataset.day);
  const weekday = (at) => (new Date(at).getUTCDay() + 6) % 7;
  const month = (at, step) => {
    const day = new Date(at), first = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + step, 1);
    const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + step + 1, 0)).getUTCDate();
    return first + (Math.min(day.getUTCDate(), last) - 1) * DAY;
  };

  const stop = (days, chosen) => { for (const one of days) one.tabIndex = one === chosen ? 0 : -1; };

  // The day to go to, among those that lead somewhere; nothing past the ends.
  const next = (days, from, key) => {
    const at = time(from), row = days.filter((one) => Math.abs(time(one) - at) < 7 * DAY && weekday(time(one)) - weekday(at) === Math.round((time(one) - at) / DAY));
    const after = days.filter((one) => time(one) > at), before = days.filter((one) => time(one) < at).reverse();
    const nearest = (wanted) => days.reduce((best, one) => (Math.abs(time(one) - wanted) < Math.abs(time(best) - wanted) ? one : best));
    switch (key) {
      case "ArrowRight": return after[0];
      case "ArrowLeft": return before[0];
      case "ArrowDown": return after.find((one) => weekday(time(one)) === weekday(at));
      case "ArrowUp": return before.find((one) => weekday(time(one)) === weekday(at));
      case "Home": return row[0];
      case "End": return row.at(-1);
      case "PageDown": return nearest(month(at, 1));
      case "PageUp": return nearest(month(at, -1));
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const year of document.querySelectorAll("[data-year]")) {
      const days = [...year.querySelectorAll("a[data-day]")];
      if (!days.length) continue;
      const asked = new URLSearchParams(location.search).get("jour");
      stop(days, days.find((one) => one.dataset.day === asked) ?? days[0]);
      for (const table of year.querySelectorAll("table")) { table.setAttribute("aria-describedby", "annee-touches"); }
      document.getElementById("annee-touches").hidden = false;
      year.addEventListener("focusin", (event) => event.target.dataset.day && stop(days, event.target));
      year.addEventListener("keydown", (event) => {
        const from = event.target;
        if (!from.dataset.day || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === " ") { event.preventDefault(); from.click(); return; }
        if (!/^(Arrow(Left|Right|Up|Down)|Home|End|Page(Up|Down))$/.test(event.key)) return;
        event.preventDefault();
        next(days, from, event.key)?.focus();
      });
    }
  });
})();
