// The outbox keeps what was said on a page until the server has answered. One to a page, made of three functions:
//   outboxStore(kind, account)    what is still to be sent, in the browser's own store
//   outboxPainter(outbox, page)   it stands on the page, whatever the server draws meanwhile
//   outboxSender(outbox, page)    it goes out, one batch at a time, and what leaves the page waits for it
// The first makes the outbox, the others add to it. `page` says what is special to one: planning/outbox.js names it all.
//
// The store. It outlives the page: each wish is written at once (and synchronously: closing the tab loses nothing), and
// leaves when the server has answered. A wish is an entry of its own; a batch to be sent is sealed under one key, so that
// sent twice it counts once. Entries of two tabs never overwrite each other, those of another account are never sent.
// An entry is { at, tab, cells: { name of a cell: what it shall be } }.
function outboxStore(kind, account) {
  const prefix = `${kind}:${account}:`;
  const fresh = () => `${Date.now()}-${Math.random()}`; // among those of one family
  const memory = new Map(); // of this page alone: when the browser refuses to store, or what it asks again
  let disk = {};
  let tab = fresh();
  try {
    disk = localStorage;
    tab = sessionStorage.portailTab ??= tab; // the same after a reload: its wishes stay in their order
  } catch {}
  const write = (key, value) => {
    try {
      disk.setItem(prefix + key, JSON.stringify(value));
    } catch {
      memory.set(key, value);
    }
  };
  const erase = (key) => {
    memory.delete(key);
    disk.removeItem?.(prefix + key);
  };
  function all() {
    const found = [...memory].map(([key, value]) => ({ key, ...value }));
    for (const [name, value] of Object.entries(disk))
      if (name.startsWith(prefix)) found.push({ key: name.slice(prefix.length), ...JSON.parse(value) });
    return found.sort((one, other) => one.at - other.at);
  }
  const forget = () => all().forEach(({ key, done }) => done < Date.now() - 60000 && erase(key)); // no page is older
  const entries = () => all().filter(({ done }) => !done);
  const now = () => Math.max(Date.now(), ...entries().map(({ at }) => at + 1)); // strictly growing: the order of the wishes
  const merged = (several) => Object.assign({}, ...several.map(({ cells }) => cells));

  // The last wish for each cell; without those of `but`, a batch whose answer is being drawn.
  const cells = (but) => merged(entries().filter(({ key, again }) => key !== but?.key && !again));

  return {
    prefix,
    sending: null, // the batch that is under way
    cut: false, // the last one had no answer
    cells,
    count: () => Object.keys(cells()).length,
    add: (cell, value) => write(fresh(), { at: now(), tab, cells: { [cell]: value } }),

    // The oldest batch to send: one that was sealed before, or the wishes of this tab (and of dead ones), sealed now.
    next() {
      const open = entries();
      const before = open.find(({ sealed }) => sealed);
      if (before) return before;
      const loose = open.filter((entry) => entry.tab === tab || Date.now() - entry.at > 5000); // older, its tab is gone
      if (!loose.length) return;
      const ours = merged(loose);
      const said = open.filter(({ cells }) => Object.keys(cells).every((cell) => cell in ours)); // by whichever tab
      const batch = { key: fresh(), at: now(), sealed: true, cells: merged(said) };
      write(batch.key, batch);
      for (const { key } of said) erase(key);
      return batch;
    },

    settle(batch, refused) {
      forget();
      memory.delete(batch.key);
      if (refused) erase(batch.key);
      else if (!batch.again) write(batch.key, { ...batch, done: Date.now() }); // at no time is it not there
    },

    // What was answered while this page was on its way: the page may have been drawn before, and asks again, under the
    // same key.
    repeat() {
      const late = all().filter(({ done }) => done > Date.now() - performance.now());
      for (const batch of late) memory.set(batch.key, { ...batch, done: undefined, again: true });
      forget();
      return merged(late);
    },

    others: () =>
      Object.entries(disk).some(
        ([name, value]) => name.startsWith(`${kind}:`) && !name.startsWith(prefix) && !JSON.parse(value).done,
      ),
    clear: () => all().forEach(({ key }) => erase(key)),
  };
}
