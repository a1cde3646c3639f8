/* One user on this phone: its state, its name, its notifications, and the way off the phone. */
import { button, field, h, icon, notice } from "../dom.js";
import * as notify from "../notify.js";
import { busy, choice, form, screen } from "../parts.js";
import * as phone from "../phone.js";
import { moment, t, telephone } from "../words.js";
import { generate } from "./home.js";
import { isPin } from "./pin_rules.js";

const ENDED = ["replaced", "removed", ...phone.MAY_RETURN];

/** The page of a user. */
export function user(app, row) {
  if (ENDED.includes(row.state)) return ended(app, row);
  if (row.state === "pending") return pending(app, row);
  const pin = row.element === "pin";
  return screen(
    { title: row.username, lead: t("user.since", { at: moment(row.since) }), back: "#home" },
    app.said(),
    h(
      "dl",
      { class: "rows" },
      line(t("user.state"), h("span", { class: "state state--active" }, t("state.active"))),
      line(t("user.element"), pin ? t("element.pin") : t("element.biometrics")),
      line(t("user.push"), row.push ? t("on") : t("off")),
    ),
    h(
      "a",
      { class: "button button--wide", href: `#code/${row.device}` },
      icon("code"),
      generate(app),
    ),
    notifications(app, row),
    h("h2", {}, t("user.phone")),
    form(
      async ({ name }) => {
        if (!name.trim()) return t("user.name_empty");
        await phone.rename(row, name.trim());
        return app.say("good", t("user.renamed"), `#user/${row.device}`);
      },
      field(t("user.name"), "name", { value: row.phone_name, maxLength: 40 }),
      button(t("user.rename"), null, { kind: "quiet" }),
    ),
    h(
      "ul",
      { class: "list" },
      pin &&
        h("li", {}, choice({ href: `#pin/${row.device}`, picture: "pin", title: t("pin.change") })),
      h(
        "li",
        {},
        choice({
          href: `#remove/${row.device}`,
          picture: "no",
          title: t("user.remove"),
          text: t("user.remove_text"),
        }),
      ),
    ),
  );
}

function line(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function notifications(app, row) {
  const problem = h("div", { role: "alert" });
  const press = (work) => () => busy(problem, problem, work);
  const here = `#user/${row.device}`;
  if (!notify.isSupported()) return notice("notice", "bell", t("push.unsupported"));
  if (!row.push && notify.permission() === "denied")
    return notice("warning", "bell", t("push.denied"));
  if (!row.push) {
    const on = async () =>
      (await notify.turnOn(row))
        ? app.say("good", t("push.on"), here)
        : app.say("warning", t("push.denied"), here);
    return h(
      "div",
      { class: "stack" },
      problem,
      button(t("push.turn_on"), press(on), { kind: "quiet", picture: "bell" }),
    );
  }
  const test = async () => {
    await notify.test(row);
    app.say("notice", t("push.tested"), here);
  };
  const off = async () => {
    await notify.turnOff(row);
    app.say("good", t("push.off"), here);
  };
  return h(
    "div",
    { class: "stack" },
    problem,
    h(
      "div",
      { class: "pair" },
      button(t("push.turn_off"), press(off), { kind: "quiet" }),
      button(t("push.test"), press(test), { kind: "quiet", picture: "bell" }),
    ),
  );
}

function ended(app, row) {
  const forget = async () => {
    await phone.forget(row);
    app.home();
  };
  const mayReturn = phone.MAY_RETURN.includes(row.state);
  const way = row.state === "replaced" ? "migrate" : "again";
  return screen(
    {
      title: t(`ended.${row.state}`),
      lead: t(`ended.${row.state}_text`, { username: row.username }),
      picture: mayReturn ? "pause" : "phone",
      tone: mayReturn ? "warning" : "notice",
      back: "#home",
    },
    h("p", { class: "quiet" }, t("ended.not_you", { telephone: telephone() })),
    h(
      "div",
      { class: "foot" },
      row.state !== "stopped" &&
        h("a", { class: "button button--wide", href: `#add/${way}` }, t(`ended.${row.state}_way`)),
      button(t("ended.forget"), forget, { kind: "quiet" }),
    ),
  );
}

function pending(app, row) {
  const pin = row.element === "pin";
  const drop = async () => {
    await phone.forget(row);
    app.home();
  };
  return screen(
    {
      title: t("pending.title"),
      lead: t("pending.lead", { username: row.username }),
      picture: "time",
      tone: "notice",
      back: "#home",
    },
    form(
      async (values) => {
        if (pin && !isPin(values.pin)) return t("pin.rule");
        await phone.confirmLater(row, pin ? values.pin : null);
        return app.home();
      },
      pin && field(t("pin.label"), "pin", { type: "password", autocomplete: "off", maxLength: 6 }),
      h(
        "div",
        { class: "foot" },
        button(t("pending.go"), null),
        button(t("pending.drop"), drop, { kind: "quiet" }),
      ),
    ),
  );
}

/** Asks once more before the user goes. */
export function remove(app, row) {
  return screen(
    {
      title: t("remove.title", { username: row.username }),
      lead: t("remove.lead"),
      picture: "warning",
      tone: "danger",
      back: `#user/${row.device}`,
    },
    form(
      async () => {
        await phone.remove(row);
        return app.home();
      },
      h(
        "div",
        { class: "foot" },
        button(t("remove.go"), null, { kind: "danger" }),
        h(
          "a",
          { class: "button button--quiet button--wide", href: `#user/${row.device}` },
          t("remove.keep"),
        ),
      ),
    ),
  );
}
