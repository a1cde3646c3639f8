/* The service worker of IB Key: keeps the shell, shows notifications, opens the app.
 * It handles no call of the API and keeps nothing that is secret. */
const FACTS = {{ facts|safe }};
const ICON = "{{ icon }}";
const NAME = "ibkey-" + FACTS.version;
const PAGE = FACTS.shell[0];
const INBOX = "{% url 'inbox' %}";
const RECEIVED = "{% url 'api:ib_key_received' %}";
const SUBSCRIBE = "{% url 'api:ib_key_subscribe' %}";
const PUSH_KEY = "{% url 'api:ib_key_push_key' %}";
const KEPT = new Set(FACTS.shell);

self.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === PAGE) {
    event.respondWith(fromMemory(PAGE, event.request));
  } else if (KEPT.has(url.pathname)) {
    event.respondWith(fromMemory(url.pathname, event.request));
  }
});

self.addEventListener("push", (event) => {
  event.waitUntil(show(parsed(event.data)));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.kind === "alert" ? INBOX : PAGE));
});

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event).catch(() => {}));
});

async function keep() {
  const cache = await caches.open(NAME);
  // Past the browser's own memory, which may hold files of another version.
  await cache.addAll(FACTS.shell.map((path) => new Request(path, { cache: "reload" })));
  await self.skipWaiting();
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith("ibkey-") && name !== NAME) await caches.delete(name);
  }
  await self.clients.claim();
}

async function fromMemory(path, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(path)) ?? fetch(request);
}

function parsed(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

async function show({ kind = "alert", id = "", text = "IB Key" }) {
  // A browser takes the right to notify away from a worker that stays silent.
  await self.registration.showNotification("IB Key", {
    body: text,
    // A new request takes the place of the one before; alerts stand side by side.
    tag: kind === "approval" ? "approval" : `alert-${id}`,
    renotify: kind === "approval",
    requireInteraction: kind === "approval",
    icon: ICON,
    badge: ICON,
    data: { kind, id },
  });
  for (const one of await self.clients.matchAll({ type: "window" })) {
    one.postMessage({ kind });
  }
  if (kind === "test") await tell(id).catch(() => {});
}

async function open(page) {
  for (const one of await self.clients.matchAll({ type: "window" })) {
    if (new URL(one.url).pathname === page) return one.focus();
  }
  return self.clients.openWindow(page);
}

/* Tells the server that a test was shown. Without the key of that user nothing is told. */
async function tell(device) {
  const base = await opened();
  const row = await read(base, "users", device);
  if (row?.key) await signed(base, row, RECEIVED, {});
  base.close();
}

/* The browser has ended where it is notified, and made another or leaves that to us. The server is
 * told for everybody on this phone; what fails here is made good when the app is opened
 * (static/ibkey/notify.js), which sees by the row what the server was told. */
async function renew({ newSubscription, oldSubscription }) {
  const base = await opened();
  const rows = (await read(base, "users")).filter((row) => row.push && row.key);
  const { pushManager } = self.registration;
  if (rows.length) {
    const fresh =
      newSubscription ??
      (await pushManager.getSubscription()) ??
      (await pushManager.subscribe(oldSubscription?.options ?? (await options())));
    const { endpoint, keys } = fresh.toJSON();
    for (const row of rows) {
      const answer = await signed(base, row, SUBSCRIBE, { subscription: { endpoint, keys } });
      if (answer.ok) await remember(base, row.device, endpoint);
    }
  }
  base.close();
}

async function options() {
  const answer = await post(PUSH_KEY, "{}");
  const { key } = await answer.json();
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return { userVisibleOnly: true, applicationServerKey: Uint8Array.from(text, codePoint) };
}

const codePoint = (letter) => letter.codePointAt(0);

/* A call like every one of the app (static/ibkey/api.js, which a worker that is no module cannot
 * import). */
async function signed(base, row, path, facts) {
  const body = JSON.stringify(facts);
  const at = Math.round(Date.now() / 1000) + ((await read(base, "kept", "offset")) ?? 0);
  const nonce = coded(crypto.getRandomValues(new Uint8Array(16)));
  const bytes = new TextEncoder();
  const digest = coded(await crypto.subtle.digest("SHA-256", bytes.encode(body)));
  const text = ["ibkey-call", "POST", path, digest, at, nonce, location.origin].join("\n");
  const how = { name: "ECDSA", hash: "SHA-256" };
  const sig = coded(await crypto.subtle.sign(how, row.key, bytes.encode(text)));
  return post(path, body, {
    Authorization: `IBKey key=${row.device}, at=${at}, nonce=${nonce}, sig=${sig}`,
  });
}

function post(path, body, more = {}) {
  const headers = { "Content-Type": "application/json", ...more };
  return fetch(path, { method: "POST", body, credentials: "omit", headers });
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("ibkey");
    // Nothing is kept on this phone: a database that is not there must not be made.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/* One value, or all without a name. */
function read(base, store, name) {
  return new Promise((resolve, reject) => {
    const kept = base.transaction(store).objectStore(store);
    const request = name === undefined ? kept.getAll() : kept.get(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/* In one transaction: the app may change the row meanwhile, or take it away. */
function remember(base, device, endpoint) {
  return new Promise((resolve, reject) => {
    const transaction = base.transaction("users", "readwrite");
    const users = transaction.objectStore("users");
    const request = users.get(device);
    request.onsuccess = () => {
      if (request.result) users.put({ ...request.result, endpoint });
    };
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

function coded(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
