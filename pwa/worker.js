// The service worker: styles and scripts from the browser's own store, a family's last pages when there is no
// network. The server writes BUILD and FILES (the address of each style and script) before this text.
// A copy belongs to one account, whose mark its page carries. Nothing else is ever stored: no fragment, no form, of the
// mairie the roll alone, which goes on without a network, for half a day.
const OFFLINE = "/hors-connexion";
const ROLL = "/mairie/pointage";
const COPIED = { "/accueil": "Accueil", "/planning": "Planning", [ROLL]: "Pointage" };
const READ = /^\/(factures(\/\d+)?|menus|messages(\/\d+)?|dossier(\/documents)?|compte\/calendrier)$/; // copied too, to be read only
const SIGNING = /^\/(connexion|deconnexion|activation|nouveau-mot-de-passe)(\/|$)/;
const STORE = "files"; // one for all builds: each address names one content
const COPIES = "pages-"; // and the account's mark
const PATIENCE = 3000; // ms
const HOUR = 3600 * 1000; // ms
const lives = ({ pathname }) => (pathname === ROLL ? 12 * HOUR : 72 * HOUR);
const MOST = 40; // copies
let era = 0; // moves at each purge: what was asked for before belongs, perhaps, to somebody else

addEventListener("install", (event) => event.waitUntil(prepare()));
addEventListener("activate", (event) => event.waitUntil(sweep().then(() => clients.claim())));
addEventListener("message", (event) => {
  if (event.data?.type === "renew") skipWaiting();
  if (event.data?.type === "keep") event.waitUntil(again(new URL(event.source.url)));
});
addEventListener("push", (event) => event.waitUntil(ring(event.data?.json() ?? {})));
addEventListener("notificationclick", (event) => event.waitUntil(open(event.notification)));
addEventListener("sync", (event) => event.tag === "ticks" && event.waitUntil(flush()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || url.pathname.startsWith("/banque/")) return;
  if (request.method === "GET" && isFile(url)) event.respondWith(file(request));
  else if (request.mode !== "navigate") return;
  else if (request.method === "GET") event.respondWith(page(event, url));
  else if (SIGNING.test(url.pathname)) event.waitUntil(purge());
});

async function prepare() {
  const store = await caches.open(STORE);
  const answer = await fetch(OFFLINE, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error(`${OFFLINE}: ${answer.status}`);
  const wanted = new Set([...FILES, ...filesOf(await answer.clone().text())]);
  for (const request of await store.keys()) wanted.delete(pathOf(request));
  await store.addAll([...wanted]);
  await store.put(OFFLINE, answer);
}

// What neither this build nor a copy draws with goes.
async function sweep() {
  for (const name of await caches.keys()) if (name !== STORE && !name.startsWith(COPIES)) await caches.delete(name);
  const store = await caches.open(STORE);
  const unread = await store.match(OFFLINE);
  const texts = [await unread.text(), ...(await copies()).map((copy) => copy.text)];
  const needed = new Set([OFFLINE, ...FILES, ...texts.flatMap(filesOf)]);
  for (const request of await store.keys())
    if (!needed.has(pathOf(request))) await store.delete(request);
}

async function flush() {
  for (const client of await clients.matchAll({ type: "window", includeUncontrolled: true }))
    client.postMessage({ type: "flush" });
}

// The same message twice is one: its tag replaces the first, without a sound.
const ring = ({ title = "Portail Famille", body = "Du nouveau sur le portail.", url = "/notifications", tag }) =>
  registration.showNotification(title, { body, tag, lang: "fr", icon: "/apple-touch-icon.png", data: { url } });

async function open(notification) {
  notification.close();
  const url = new URL(notification.data?.url ?? "/", location.origin);
  if (url.origin !== location.origin) return;
  const [window] = await clients.matchAll({ type: "window" });
  const shown = await window?.navigate(url.href).catch(() => null);
  return shown ? shown.focus() : clients.openWindow(url.href);
}

const pathOf = ({ url }) => url.slice(location.origin.length).split("#")[0];
const isFile = (url) => url.pathname.startsWith("/static/") || (url.pathname === "/theme.css" && url.search);
const isCopied = ({ pathname }) => pathname in COPIED || READ.test(pathname);
const filesOf = (text) =>
  [...text.matchAll(/(?:href|src)="((?:\/static\/|\/theme\.css\?)[^"#]+)/g)].map(([, path]) => path);

async function file(request) {
  const store = await caches.open(STORE);
  const held = await store.match(request, { ignoreVary: true });
  if (held) return held;
  const answer = await fetch(request);
  if (answer.status === 200) store.put(request, answer.clone()).catch(() => {});
  return answer;
}

async function page(event, url) {
  const asked = era;
  const answer = fetch(event.request);
  event.waitUntil(answer.then((given) => learn(given.clone(), url, asked)).catch(() => {}));
  if (!isCopied(url)) return answer.catch(offline);
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
  return Promise.race([answer, late]).catch(async () => (await copyOf(url)) ?? answer.catch(offline));
}

// A page that was there before the worker, or that has sent what was said on it: its copy is to say so.
async function again(url) {
  const asked = era;
  if (!isCopied(url)) return;
  const given = await fetch(url).catch(() => {});
  if (!given) return;
  const files = filesOf(await given.clone().text());
  await learn(given, url, asked);
  await Promise.all(files.map((path) => file(new Request(path)))).catch(() => {});
}

// An answer says whose browser this is. Nobody's, or another account's: the copies go.
async function learn(answer, url, asked) {
  if (answer.status === 0 || answer.status >= 500 || !answer.headers.get("Content-Type")?.startsWith("text/html"))
    return; // sent elsewhere, in trouble, or no page
  const mark = answer.headers.get("Portail-Compte");
  if (asked !== era) return;
  await purge(mark && COPIES + mark);
  const now = era;
  if (!mark || answer.status !== 200 || !isCopied(url)) return;
  await keep(COPIES + mark, addressOf(url), answer);
  if (now !== era) await caches.delete(COPIES + mark); // they signed out meanwhile
}

async function purge(kept) {
  if (!kept) era++;
  for (const name of await caches.keys()) {
    if (!name.startsWith(COPIES) || name === kept) continue;
    era++;
    await caches.delete(name);
  }
}

async function keep(name, address, answer) {
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  for (const unfit of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(unfit);
  headers.set("Portail-Copie", Date.now());
  const cache = await caches.open(name);
  await cache.delete(address);
  await cache.put(address, new Response(text, { headers }));
  for (const old of (await cache.keys()).slice(0, -MOST)) await cache.delete(old);
}

function addressOf(url) {
  const address = new URL(url);
  address.searchParams.delete("source");
  address.hash = "";
  return address.href;
}

// The page itself or, asked for without more, the last one of its kind.
async function copyOf(url) {
  const address = addressOf(url);
  const all = await copies();
  const copy =
    all.find((one) => one.address === address) ??
    all.find((one) => !new URL(address).search && new URL(one.address).pathname === url.pathname);
  if (!copy) return;
  const name = COPIED[url.pathname];
  const [top, ...rest] = copy.text.split(/(?=<main\b)/);
  const main = rest.join("");
  const body = name ? main : main.replaceAll(/<form(?=[^>]*method="post")/g, "<form inert");
  const seen = `${name ?? "Version"} du ${when(copy.seen)}${name ? "" : ", à lire seulement"}`;
  const banner = `<p class="unplugged" role="status">Hors connexion. ${seen}.</p>`;
  const since = Math.floor((Date.now() - copy.seen) / 1000); // the page's clock goes on from when it was drawn
  const timed = top.replace(/data-now="(\d+)"/, (_, then) => `data-now="${+then + since}"`);
  return new Response(timed + banner + body, { headers: copy.headers });
}

async function offline() {
  const held = await caches.match(OFFLINE);
  if (!held) return Response.error();
  const named = new Map(); // the same month in two modes is one line
  for (const copy of (await copies()).reverse()) named.set(/<title>(.*?)(?: – Portail|<)/s.exec(copy.text)?.[1], copy);
  const links = [...named].map(([title, { address, seen }]) => {
    const path = pathOf({ url: address }).replaceAll("&", "&amp;");
    return `<li><a class="task" href="${path}"><span class="grow"><b>${title}</b><small>Vu le ${when(seen)}</small></span></a></li>`;
  });
  const list = links.length ? `<h2>Vos pages gardées</h2><ul class="card">${links.join("")}</ul>` : "";
  return new Response((await held.text()).replace("<!-- copies -->", () => list), { headers: held.headers });
}

// Newest first; those too old go.
async function copies() {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(COPIES)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const copy = await cache.match(request);
      const seen = Number(copy.headers.get("Portail-Copie"));
      if (Date.now() - seen > lives(new URL(request.url))) await cache.delete(request);
      else found.push({ address: request.url, seen, headers: copy.headers, text: await copy.text() });
    }
  }
  return found.sort((one, other) => other.seen - one.seen);
}

function when(instant) {
  const date = new Date(instant);
  const zone = "Europe/Paris";
  const day = date.toLocaleDateString("fr-FR", { timeZone: zone, day: "2-digit", month: "2-digit", year: "numeric" });
  return `${day} à ${date.toLocaleTimeString("fr-FR", { timeZone: zone, hour: "2-digit", minute: "2-digit" })}`;
}
