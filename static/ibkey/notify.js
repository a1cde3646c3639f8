/* Notifications: the right to show them, and where the server sends them. */
import { call, signed } from "./api.js";
import { decode } from "./bytes.js";
import { users } from "./store.js";

/** Whether this browser can be notified at all. An iPhone can from the home screen only. */
export const isSupported = () => "Notification" in window && "PushManager" in window;

/** "granted", "denied" or "default". */
export const permission = () => (isSupported() ? Notification.permission : "denied");

/** Asks for the right, if it has to be asked, and tells the server where to send for this user. */
export async function turnOn(row) {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await tell(row, await subscription());
  return true;
}

/** Tells the server where to send now, for whom the browser has renewed that by itself and nobody
 * was told (the service worker tries to at once). */
export async function renew() {
  const rows = (await users.all()).filter((row) => row.push && row.key);
  if (rows.length === 0 || permission() !== "granted") return;
  const current = await subscription();
  for (const row of rows) {
    if (row.endpoint !== current.endpoint) await tell(row, current);
  }
}

async function subscription() {
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (known) return known.toJSON();
  const { key } = await call("push-key");
  const options = { userVisibleOnly: true, applicationServerKey: decode(key) };
  return (await pushManager.subscribe(options)).toJSON();
}

/* The row keeps what the server was told. */
async function tell(row, { endpoint, keys }) {
  await signed(row, "push", { subscription: { endpoint, keys } });
  await users.change(row.device, (now) => ({ ...now, push: true, endpoint }));
}

/** No notifications for this user any more. */
export async function turnOff(row) {
  await signed(row, "push", { subscription: null });
  await users.change(row.device, ({ endpoint: _told, ...rest }) => ({ ...rest, push: false }));
}

/** Has a notification sent, to see whether it arrives. */
export const test = (row) => signed(row, "test");
