/* IB Key: one screen at a time, chosen by the part of the address behind the "#"; the server is
 * asked in between whether something waits to be approved. Only one window runs at a time. */
import { h, notice } from "./dom.js";
import { hasBiometrics } from "./element.js";
import { platform } from "./install.js";
import * as notify from "./notify.js";
import * as phone from "./phone.js";
import { add, session } from "./screens/add.js";
import { approve } from "./screens/approve.js";
import { chooseUser, code } from "./screens/code.js";
import { broken, elsewhere, insecure } from "./screens/elsewhere.js";
import { home } from "./screens/home.js";
import { outcome } from "./screens/outcome.js";
import { pin } from "./screens/pin.js";
import { settings } from "./screens/settings.js";
import { remove, user } from "./screens/user.js";
import { kept, users } from "./store.js";
import { watch } from "./watch.js";
import { speak } from "./words.js";

const OF_USER = { code, pin, user, remove };
const LIVE = ["home", "user"]; // redrawn when the server says something new
const app = {
  ...{ rows: [], activation: null, offline: false, settings: {}, hasBiometrics: false },
  ...{ route: "home", live: null, message: null, told: "" },

  /** Puts a screen on the page. */
  show(element) {
    if (element instanceof HTMLElement) {
      document.getElementById("app").replaceChildren(element);
      (element.querySelector("[autofocus]") ?? element.querySelector("h1")).focus({
        preventScroll: true,
      });
      scrollTo(0, 0);
    }
  },

  /** Goes to a screen by its address. */
  go(hash) {
    if (location.hash === hash) render();
    else location.hash = hash;
  },

  /** The same with a sentence on top of it. */
  say(kind, text, hash) {
    app.message = notice(kind, kind === "good" ? "yes" : "warning", text);
    reload().then(() => app.go(hash));
  },

  /** The sentence, once. */
  said() {
    const message = app.message;
    app.message = null;
    return message && h("div", { role: "status" }, message);
  },

  /** The first screen, with what is now in the store. */
  home() {
    app.done();
    return reload().then(() => app.go("#home"));
  },

  /** The approval on the screen is over for this phone. */
  done() {
    app.live = null;
  },

  async giveUp() {
    await phone.giveUp();
    app.activation = null;
    await app.home();
  },

  async set(change) {
    app.settings = { ...app.settings, ...change };
    await kept.put("settings", app.settings);
    speak(app.settings.language);
    render();
  },
};

async function reload() {
  app.rows = await users.all();
  app.activation = await phone.unfinished();
}

/* What the screens that are redrawn depend on. */
function signature() {
  const rows = app.rows.map(({ device, state, phone_name, push }) => [
    device,
    state,
    phone_name,
    push,
  ]);
  return JSON.stringify([rows, app.offline]);
}

function render() {
  app.told = signature();
  const [route, argument] = location.hash.slice(1).split(/[/=]/);
  app.route = route || "home";
  const row = app.rows.find((one) => one.device === argument);
  if (app.route === "activate") {
    // Out of the address at once: whoever looks over the history must not find it.
    history.replaceState(null, "", "#session");
    app.show(session(app, argument));
  } else if (app.route === "add") app.show(add(app, argument));
  else if (app.route === "settings") app.show(settings(app));
  else if (app.route === "code" && !row) app.show(chooseUser(app));
  else if (app.route in OF_USER && row) app.show(OF_USER[app.route](app, row));
  else {
    app.route = "home";
    app.show(home(app));
  }
}

/* What the server said. A request comes before everything but an activation that is going on. */
function hear({ rows, waiting, last, offline, failed }) {
  if (failed) return app.show(broken());
  Object.assign(app, { rows, offline });
  const [first] = waiting;
  if (app.live && app.live !== first?.approval.id) {
    if (isAsking())
      app.show(
        outcome(app, first ? "superseded" : (ENDS[last[app.live]] ?? last[app.live] ?? "expired")),
      );
    app.live = null;
  } else if (first && !app.live && app.route !== "add" && !isOutcome()) {
    app.live = first.approval.id;
    app.show(approve(app, first));
  } else if (signature() !== app.told && !app.live && LIVE.includes(app.route) && !isOutcome())
    render();
  return undefined;
}

const ENDS = { approved: "used", wrong: "digits" };
const isAsking = () => document.querySelector(".screen--approve") !== null;
const isOutcome = () => document.querySelector("[data-outcome]") !== null;

async function start() {
  app.settings = {
    platform: platform() === "android" ? "android" : "ios",
    ...(await kept.get("settings")),
  };
  speak(app.settings.language);
  app.hasBiometrics = await hasBiometrics();
  await reload();
  navigator.storage?.persist?.();
  window.addEventListener("hashchange", render);
  render();
  notify.renew().catch(() => {});
  const ask = watch(hear);
  navigator.serviceWorker?.addEventListener("message", ask);
}

/* Two windows would answer the same request twice, and each would show the other's past. */
function alone(options) {
  return navigator.locks.request("ibkey", options, async (lock) => {
    if (!lock) {
      app.show(elsewhere(() => alone({ steal: true }).catch(lost)));
      return undefined;
    }
    await start().catch(() => app.show(broken()));
    return new Promise(() => {});
  });
}

function lost() {
  location.reload();
}

navigator.serviceWorker?.register("/ibkey/sw.js", { scope: "/ibkey/" }).catch(() => {});
if (!isSecureContext) app.show(insecure());
else if (!navigator.locks) start().catch(() => app.show(broken()));
else alone({ ifAvailable: true }).catch(lost);
