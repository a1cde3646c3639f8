/* What stands here when the app cannot run in this window. */
import { button, h } from "../dom.js";
import { screen } from "../parts.js";
import { t } from "../words.js";

/** The app is open in another window; here on request. */
export function elsewhere(take) {
  return screen(
    { title: t("elsewhere.title"), lead: t("elsewhere.lead"), picture: "windows", tone: "notice" },
    h("div", { class: "foot" }, button(t("elsewhere.here"), take)),
  );
}

/** The browser keeps nothing: a private window, or storage switched off. */
export function broken() {
  return screen(
    { title: t("broken.title"), lead: t("broken.lead"), picture: "warning", tone: "warning" },
    h(
      "div",
      { class: "foot" },
      button(t("broken.again"), () => location.reload()),
    ),
  );
}

/** Without HTTPS a browser gives no page keys, a service worker or biometrics. */
export function insecure() {
  return screen({
    title: t("insecure.title"),
    lead: t("insecure.lead"),
    picture: "warning",
    tone: "warning",
  });
}
