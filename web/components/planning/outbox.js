// What was ticked and has not been answered yet. It outlives the page: each tick is written to the browser's own
// store at once (and synchronously: closing the tab loses nothing), and leaves it when the server has answered.
// A tick is an entry of its own; a batch to be sent is sealed under one key, so that sent twice it counts once.
// Entries of two tabs never overwrite each other, and those of another account are never sent.
window.portail ??= {};
portail.outbox = (account) => {
  const prefix = `ticks:${account}:`;
  const abandoned = 5000; // ms: an open tick this old belongs to a tab that is gone
  let last = 0;
  const fresh = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; // no randomUUID without TLS
  const now = () => (last = Math.max(Date.now(), last + 1)); // strictly growing: the order of the ticks
  const memory = new Map(); // when the browser refuses to store
  const write = (key, value) => {
    try {
      localStorage.setItem(prefix + key, JSON.stringify(value));
    } catch {
      memory.set(key, value);
    }
  };
  const erase = (key) => {
    memory.delete(key);
    try {
      localStorage.removeItem(prefix + key);
    } catch {}
  };
  function entries() {
    const found = [...memory].map(([key, value]) => ({ key, ...value }));
    try {
      for (const name of Object.keys(localStorage))
        if (name.startsWith(prefix))
          found.push({ key: name.slice(prefix.length), ...JSON.parse(localStorage.getItem(name)) });
    } catch {}
    return found.sort((one, other) => one.at - other.at);
  }
  let tab = fresh();
  try {
    tab = sessionStorage.portailTab ??= tab; // the same after a reload: its ticks stay in their order
  } catch {}
  return {
    add: (cell, on) => write(fresh(), { at: now(), tab, cells: { [cell]: on } }),
    // The oldest batch to send: one that was sealed before, or the ticks of this tab (and of dead ones), sealed now.
    next() {
      const all = entries();
      const sealed = all.find((entry) => entry.sealed);
      if (sealed) return sealed;
      const loose = all.filter((entry) => entry.tab === tab || Date.now() - entry.at > abandoned);
      if (!loose.length) return null;
      const batch = { at: loose[0].at, sealed: true, cells: Object.assign({}, ...loose.map((entry) => entry.cells)) };
      const key = fresh();
      write(key, batch);
      const said = (entry) => Object.keys(entry.cells).every((cell) => cell in batch.cells);
      for (const entry of all) if (!entry.sealed && (loose.includes(entry) || said(entry))) erase(entry.key);
      return { key, ...batch };
    },
    done: erase,
    // The last wish for each cell that is still to be answered; `but` is a batch whose answer is being drawn.
    cells: (but) => Object.assign({}, ...entries().filter(({ key }) => key !== but).map((entry) => entry.cells)),
  };
};
