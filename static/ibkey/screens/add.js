/* A user comes onto this phone: instructions, username and password or a session ID; then the code
 * (add_code.js) and the security element (add_element.js). */
import { button, field, h, notice } from "../dom.js";
import { form, screen } from "../parts.js";
import * as phone from "../phone.js";
import { t } from "../words.js";
import { codeStep } from "./add_code.js";
import { elementStep } from "./add_element.js";

const KINDS = ["new", "migrate", "again"];

/** Where to begin: "new", "migrate", "again", "session", or "resume". */
export function add(app, kind) {
  if (kind === "resume" && app.activation) return onward(app, app.activation);
  if (kind === "session") return session(app);
  return instructions(app, KINDS.includes(kind) ? kind : "new");
}

/** What the activation needs next. */
export function onward(app, activation) {
  app.activation = activation;
  if (activation.migrates && !activation.agreed) return replaces(app, activation);
  if (activation.needs === "nothing")
    return elementStep(app, activation, {}, () => onward(app, activation));
  return codeStep(app, activation);
}

function instructions(app, kind) {
  const steps = [1, 2, 3, 4].map((number) => h("li", {}, t(`add.step${number}`)));
  return screen(
    { title: t(`add.${kind}`), lead: t(`add.${kind}_lead`), back: "#home" },
    h("ol", { class: "numbered" }, ...steps),
    notice("notice", "shield", t("add.only")),
    h(
      "div",
      { class: "foot" },
      button(app.settings.platform === "ios" || kind === "new" ? t("continue") : t("next"), () =>
        app.show(credentials(app, kind)),
      ),
      h(
        "a",
        { class: "button button--quiet button--wide", href: "#add/session" },
        t("empty.session"),
      ),
    ),
  );
}

function credentials(app, kind) {
  return screen(
    { title: t("add.credentials"), lead: t("add.credentials_lead"), back: "#home" },
    form(
      async ({ username, password }) => {
        if (!username.trim() || !password) return t("add.both");
        return app.show(onward(app, await phone.begin({ username: username.trim(), password })));
      },
      field(t("add.username"), "username", { autocomplete: "username" }),
      field(t("add.password"), "password", { type: "password", autocomplete: "current-password" }),
      h("p", { class: "quiet" }, t("add.address", { host: document.body.dataset.host })),
      h("div", { class: "foot" }, button(kind === "new" ? t("continue") : t("login"), null)),
    ),
  );
}

/** A session ID, typed or out of the QR code. */
export function session(app, known = "") {
  return screen(
    { title: t("session.title"), lead: t("session.lead"), back: "#home" },
    form(
      async ({ id }) => {
        const session_id = id.normalize("NFKC").toUpperCase().replaceAll(/[\s-]/g, "");
        if (!/^[0-9A-Z]{8}$/.test(session_id)) return t("session.eight");
        return app.show(onward(app, await phone.begin({ session_id })));
      },
      field(t("session.id"), "id", {
        value: known,
        hint: t("session.hint"),
        class: "spaced",
        maxLength: 12,
        autocomplete: "off",
        autocapitalize: "characters",
      }),
      h("div", { class: "foot" }, button(t("continue"), null)),
    ),
  );
}

function replaces(app, activation) {
  const agree = () => app.show(onward(app, { ...activation, agreed: true }));
  return screen(
    {
      title: t("replaces.title"),
      lead: t("replaces.lead", { username: activation.username }),
      picture: "move",
      tone: "notice",
      back: "#home",
    },
    h(
      "div",
      { class: "foot" },
      button(t("empty.migrate"), agree),
      button(t("replaces.keep"), () => app.giveUp(), { kind: "quiet" }),
    ),
  );
}
