/* What this phone keeps, in IndexedDB: `users`, a row for each user by device id, and `kept`, few
 * single values: "instance", "settings", "offset" of the clock, "activation" while one is going on.
 * Keys are kept as keys. No PIN is ever kept, and no secret in the clear. */

const NAME = "ibkey";
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("users", { keyPath: "device" });
      request.result.createObjectStore("kept");
    };
    request.onsuccess = () => {
      // Emptied from outside, or closed by the browser: opened anew at the next use.
      request.result.onclose = forget;
      request.result.onversionchange = () => {
        request.result.close();
        forget();
      };
      resolve(request.result);
    };
    request.onerror = () => {
      forget();
      reject(request.error);
    };
  });
  return opened;
}

function forget() {
  opened = null;
}

async function run(store, mode, work) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(store, mode);
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/* What a row becomes, unless it was dropped meanwhile: an answer that comes late must not bring back
 * a user who was taken off this phone, nor undo what another call has written. */
async function change(device, how) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction("users", "readwrite");
    const store = transaction.objectStore("users");
    const request = store.get(device);
    request.onsuccess = () => request.result && store.put(how(request.result));
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

export const users = {
  all: () => run("users", "readonly", (store) => store.getAll()),
  put: (row) => run("users", "readwrite", (store) => store.put(row)),
  change,
  drop: (device) => run("users", "readwrite", (store) => store.delete(device)),
};

export const kept = {
  get: (name) => run("kept", "readonly", (store) => store.get(name)),
  put: (name, value) => run("kept", "readwrite", (store) => store.put(value, name)),
  drop: (name) => run("kept", "readwrite", (store) => store.delete(name)),
};

/** The name of this installation, made once. */
export async function instance() {
  const known = await kept.get("instance");
  if (known) return known;
  const made = crypto.randomUUID();
  await kept.put("instance", made);
  return made;
}
