/* The first screen: the users on this phone, and what can be done. */
import { button, h, icon, notice } from "../dom.js";
import { installation } from "../install.js";
import { choice, screen } from "../parts.js";
import { t } from "../words.js";

const PICTURES = {
  active: "shield",
  pending: "time",
  suspended: "pause",
  stopped: "pause",
  unknown: "warning",
  replaced: "phone",
};

/** Users, or how to begin. */
export function home(app) {
  return app.rows.length ? withUsers(app) : empty(app);
}

function withUsers(app) {
  const usable = app.rows.filter((row) => row.state === "active");
  return screen(
    usable.length ? { title: t("home.title"), lead: t("home.lead") } : { title: t("home.nobody") },
    top(),
    app.offline && notice("notice", "offline", t("home.offline")),
    resume(app),
    h("ul", { class: "list" }, ...app.rows.map((row) => h("li", {}, user(row)))),
    usable.length > 0 && code(app, usable),
    h(
      "div",
      { class: "pair" },
      h("a", { class: "button button--quiet", href: "#add" }, icon("add"), t("home.add")),
      h(
        "a",
        { class: "button button--quiet", href: "#settings" },
        icon("settings"),
        t("settings.title"),
      ),
    ),
    installation(),
  );
}

function code(app, usable) {
  const href = usable.length === 1 ? `#code/${usable[0].device}` : "#code";
  return h("a", { class: "button button--wide button--tall", href }, icon("code"), generate(app));
}

/** What the button is called on this platform. */
export const generate = (app) => t(app.settings.platform === "ios" ? "home.code" : "home.response");

function user(row) {
  const state = h("span", { class: `state state--${row.state}` }, t(`state.${row.state}`));
  return choice({
    href: `#user/${row.device}`,
    picture: PICTURES[row.state] ?? "no",
    title: row.username,
    text: row.phone_name,
    state,
  });
}

function empty(app) {
  return screen(
    { title: t("empty.title"), lead: t("empty.lead") },
    top(true),
    app.offline && notice("notice", "offline", t("home.offline")),
    resume(app),
    h("a", { class: "button button--wide button--tall", href: "#add" }, t("empty.activate")),
    h(
      "ul",
      { class: "list" },
      h(
        "li",
        {},
        choice({
          href: "#add/migrate",
          picture: "move",
          title: t("empty.migrate"),
          text: t("empty.migrate_text"),
        }),
      ),
      h(
        "li",
        {},
        choice({
          href: "#add/again",
          picture: "again",
          title: t("empty.again"),
          text: t("empty.again_text"),
        }),
      ),
      h(
        "li",
        {},
        choice({
          href: "#add/session",
          picture: "windows",
          title: t("empty.session"),
          text: t("empty.session_text"),
        }),
      ),
    ),
    h("p", { class: "quiet" }, t("empty.pages", { host: document.body.dataset.host })),
    h(
      "a",
      { class: "button button--quiet button--wide", href: "#settings" },
      icon("settings"),
      t("settings.title"),
    ),
    installation(),
  );
}

function top(isLarge = false) {
  return h(
    "div",
    { class: `mark${isLarge ? " mark--large" : ""}` },
    h("img", { src: document.querySelector("link[rel=icon]").href, alt: "" }),
    h("span", {}, "IB Key", h("small", {}, document.body.dataset.brand)),
  );
}

function resume(app) {
  if (!app.activation) return null;
  const { username } = app.activation;
  return h(
    "div",
    { class: "card" },
    h("p", {}, h("strong", {}, t("resume.title", { username }))),
    h(
      "div",
      { class: "pair" },
      button(t("resume.drop"), () => app.giveUp(), { kind: "quiet" }),
      button(t("resume.go"), () => app.go("#add/resume")),
    ),
  );
}
