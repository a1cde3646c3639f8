/* Somebody signs in or confirms something: who, where, when, what; three digits, or no. */
import { Refused } from "../api.js";
import { announce, button, field, h, icon } from "../dom.js";
import { boxes, countdown, form, screen } from "../parts.js";
import * as phone from "../phone.js";
import { moment, t } from "../words.js";
import { generate } from "./home.js";
import { outcome } from "./outcome.js";
import { isPin } from "./pin_rules.js";
import { refuse } from "./refuse.js";

const LIFE = 180; // seconds
const ENDS = ["expired", "superseded", "used", "refused", "digits"];
const SAME = { approved: "used", wrong: "digits" };
const shown = new Set();

/** The approval that waits. */
export function approve(app, { row, approval, now }) {
  const left = (Date.parse(approval.expires_at) - time(now)) / 1000;
  if (!shown.has(approval.id)) {
    shown.add(approval.id);
    phone.seen(row, approval).catch(() => shown.delete(approval.id));
    announce(t("approve.announce", { action: approval.action }));
  }
  const hasPin = row.element === "pin";
  const send = form(
    async ({ digits, pin }) => {
      if (!/^\d{3}$/.test(digits)) return t("approve.three");
      if (hasPin && !isPin(pin)) return t("pin.rule");
      return decide(app, row, approval, digits, hasPin ? pin : null);
    },
    boxes(t("approve.digits"), "digits", 3),
    hasPin && field(t("pin.label"), "pin", { type: "password", autocomplete: "off", maxLength: 6 }),
    h(
      "div",
      { class: "pair pair--decide" },
      // Refuse comes first, for the hand and for the keyboard (UX R25).
      button(t("approve.refuse"), () => app.show(refuse(app, row, approval)), {
        kind: "refuse",
        picture: "no",
      }),
      button(t("approve.approve"), null, { picture: "yes" }),
    ),
  );
  return screen(
    {
      title: approval.action,
      lead: t("approve.lead", { username: row.username }),
      tone: "approve",
    },
    h("dl", { class: "facts" }, ...facts(approval)),
    countdown(left, LIFE, () => app.show(outcome(app, "expired"))),
    send,
    // With no network the same request is answered by a response string (UX R28).
    h("a", { class: "screen__other", href: `#code/${row.device}` }, generate(app)),
  );
}

function time(now) {
  return typeof now === "number" ? now * 1000 : Date.parse(now);
}

function facts(approval) {
  const lines = [
    ["platform", t("approve.platform"), approval.platform],
    ["place", t("approve.place"), approval.place],
    ["browser", t("approve.browser"), approval.browser],
    ["time", t("approve.time"), moment(approval.asked_at)],
  ];
  const known = lines.filter(([, , value]) => value);
  return known.map(([picture, name, value]) =>
    h(
      "div",
      {},
      icon(picture),
      h("dt", {}, name),
      h(
        "dd",
        {},
        value,
        picture === "place" && approval.address && h("small", {}, approval.address),
      ),
    ),
  );
}

async function decide(app, row, approval, digits, pin) {
  try {
    await phone.approve(row, approval, digits, pin);
  } catch (error) {
    const end = error instanceof Refused && (SAME[error.word] ?? error.word);
    if (!ENDS.includes(end)) throw error;
    app.show(outcome(app, end));
    return null;
  }
  app.show(outcome(app, "approved"));
  return null;
}
