/* The last step of an activation: what keeps IB Key closed on this phone, and its name. */
import { Refused } from "../api.js";
import { button, field, h, notice } from "../dom.js";
import * as element from "../element.js";
import { defaultName, platform } from "../install.js";
import * as notify from "../notify.js";
import { busy, choice, form, screen, sentence } from "../parts.js";
import * as phone from "../phone.js";
import { t } from "../words.js";
import { objection } from "./pin_rules.js";

const SECRET = { type: "password", autocomplete: "off", maxLength: 6 };

/** Biometrics or PIN; the one that the platform is known for comes first. `again(problem)` is the
 * screen on which the answer was given, for one that turns out to be wrong. */
export function elementStep(app, activation, answer, again) {
  const problem = h("div", { role: "alert" });
  const list = h("ul", { class: "list" });
  const biometrics = () =>
    busy(list, problem, () => end(app, { activation, answer, again }, "biometrics", null));
  const kinds = {
    biometrics: choice({
      onclick: biometrics,
      picture: "finger",
      title: t("element.biometrics"),
      text: t("element.biometrics_text"),
    }),
    pin: choice({
      onclick: () => app.show(pinStep(app, { activation, answer, again })),
      picture: "pin",
      title: t("element.pin"),
      text: t("element.pin_text"),
    }),
  };
  const order = app.settings.platform === "ios" ? ["biometrics", "pin"] : ["pin", "biometrics"];
  list.append(
    ...order
      .filter((kind) => kind === "pin" || app.hasBiometrics)
      .map((kind) => h("li", {}, kinds[kind])),
  );
  return screen(
    { title: t("element.title"), lead: t("element.lead"), back: "#home", picture: "shield" },
    problem,
    list,
    !app.hasBiometrics && h("p", { class: "quiet" }, t("element.none")),
  );
}

function pinStep(app, proof) {
  return screen(
    { title: t("pin.choose"), lead: t("pin.choose_lead"), back: "#home" },
    form(
      async ({ pin, again }) => {
        const wrong = objection(pin, again);
        return wrong ? t(wrong) : end(app, proof, "pin", pin);
      },
      field(t("pin.label"), "pin", { ...SECRET, hint: t("pin.rule") }),
      field(t("pin.again"), "again", SECRET),
      h("div", { class: "foot" }, button(t("code_step.activate"), null)),
    ),
  );
}

async function end(app, { activation, answer, again }, kind, pin) {
  const held = await element.make(kind, activation.username);
  try {
    const facts = { held, pin, platform: platform(), name: defaultName() };
    const { row, replaced } = await phone.finish(activation, answer, facts);
    app.activation = null;
    app.show(done(app, row, replaced));
  } catch (error) {
    await explain(app, again, error);
  }
}

/* A wrong code leads back to the code; what is over begins anew; the rest is said where it was. */
async function explain(app, again, error) {
  if (!(error instanceof Refused)) throw error;
  const problem = notice("danger", "warning", sentence(error));
  if (error.word === "wrong") {
    app.show(again(problem));
    return;
  }
  await app.giveUp();
  app.say("danger", sentence(error), "#home");
}

function done(app, row, replaced) {
  const problem = h("div", { role: "alert" });
  const here = {
    title: t("added.title"),
    lead: t("added.lead", { username: row.username }),
    picture: "yes",
    tone: "good",
  };
  const finish = () => app.home();
  const allow = () =>
    busy(problem, problem, async () => {
      await notify.turnOn(row);
      app.home();
    });
  const asks = notify.isSupported() && notify.permission() !== "denied";
  return screen(
    here,
    replaced && notice("notice", "phone", t("added.replaced")),
    asks && h("p", {}, t("added.push")),
    problem,
    h(
      "div",
      { class: "foot" },
      asks && button(t("push.turn_on"), allow, { kind: "quiet", picture: "bell" }),
      button(t("done"), finish),
    ),
  );
}
