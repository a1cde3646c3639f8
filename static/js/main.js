/* Wakes the behaviours of a page: <… data-behaviour="name other-name">.
 * Each is a module in behaviours/ whose default export takes the element; its header shows the HTML
 * that wakes it. The paths are written out so that hashed file names can be put in their place.
 * Elements that htmx brings later are woken too.
 */
const behaviours = {
  "approval": () => import("./behaviours/approval.js"),
  "auto-log-off": () => import("./behaviours/auto_log_off.js"),
  "copy": () => import("./behaviours/copy.js"),
  "countdown": () => import("./behaviours/countdown.js"),
  "delivery": () => import("./behaviours/delivery.js"),
  "error-summary": () => import("./behaviours/error_summary.js"),
  "follow-test": () => import("./behaviours/follow_test.js"),
  "keep-drafts": () => import("./behaviours/keep_drafts.js"),
  "local-time": () => import("./behaviours/local_time.js"),
  "passkey-alone": () => import("./behaviours/passkey_alone.js"),
  "passkey-answer": () => import("./behaviours/passkey_answer.js"),
  "passkey-enrol": () => import("./behaviours/passkey_enrol.js"),
  "password-advice": () => import("./behaviours/password_advice.js"),
  "polite-submit": () => import("./behaviours/polite_submit.js"),
  "print": () => import("./behaviours/print.js"),
  "resend-timer": () => import("./behaviours/resend_timer.js"),
  "reveal": () => import("./behaviours/reveal.js"),
  "save": () => import("./behaviours/save.js"),
  "verify-record": () => import("./behaviours/verify_record.js"),
  "virtual-keyboard": () => import("./behaviours/virtual_keyboard.js"),
  "wait": () => import("./behaviours/wait.js"),
  "webotp": () => import("./behaviours/webotp.js"),
};

const awake = new WeakSet();

/** Wakes what lies in `root`, each element once. */
export function wake(root) {
  for (const element of root.querySelectorAll("[data-behaviour]")) {
    if (awake.has(element)) continue;
    awake.add(element);
    for (const name of element.dataset.behaviour.split(/\s+/)) {
      behaviours[name]?.().then((module) => module.default(element));
    }
  }
}

wake(document);
document.addEventListener("htmx:afterSettle", () => wake(document));
document.addEventListener("portal:changed", (event) => wake(event.target));
