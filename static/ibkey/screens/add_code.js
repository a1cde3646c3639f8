/* The second step of an activation: the code by text or call, or the response of the card. */
import { button, field, h } from "../dom.js";
import { boxes, busy, form, screen } from "../parts.js";
import * as phone from "../phone.js";
import { t } from "../words.js";
import { elementStep } from "./add_element.js";

const AGAIN = 30; // seconds, where the server does not say

/** Whichever proof the server asks for. `problem` is shown above it. */
export function codeStep(app, activation, problem = null) {
  if (activation.needs === "response") return card(app, activation, problem);
  return activation.sent ? code(app, activation, problem) : number(app, activation);
}

function number(app, activation) {
  const options = activation.numbers.map(({ id, masked, primary }, index) =>
    h(
      "label",
      { class: "option" },
      h("input", { type: "radio", name: "number", value: id, checked: primary || index === 0 }),
      h("span", {}, h("strong", {}, masked), primary && h("small", {}, t("number.primary"))),
    ),
  );
  // The primary one is ticked last, so that it stays.
  options.forEach((option, index) => {
    if (activation.numbers[index].primary) option.firstElementChild.checked = true;
  });
  const send = (delivery) => async (values) => {
    app.show(codeStep(app, await phone.sendCode(activation, values.number, delivery)));
  };
  return screen(
    { title: t("number.title"), lead: t("number.lead"), back: "#home" },
    form(
      send("sms"),
      h(
        "fieldset",
        { class: "options" },
        h("legend", { class: "said" }, t("number.title")),
        ...options,
      ),
      h("div", { class: "foot" }, button(t("number.get"), null, { picture: "message" })),
    ),
  );
}

function code(app, activation, problem) {
  const isApple = app.settings.platform === "ios";
  return screen(
    { title: t("code_step.title"), lead: sentTo(activation), back: "#home" },
    problem,
    form(
      async (values) => {
        if (!/^\d{6}$/.test(values.code)) return t("code_step.six");
        return app.show(
          elementStep(app, activation, { code: values.code }, (wrong) =>
            code(app, activation, wrong),
          ),
        );
      },
      activation.sent.reference &&
        h(
          "p",
          { class: "reference" },
          t("code_step.reference"),
          h("strong", {}, activation.sent.reference),
        ),
      boxes(t("code_step.label"), "code", 6, { autocomplete: "one-time-code", autofocus: true }),
      h(
        "div",
        { class: "foot" },
        button(isApple ? t("code_step.activate") : t("code_step.send"), null),
      ),
    ),
    again(app, activation),
  );
}

function sentTo({ sent, numbers }) {
  const masked = numbers.find((one) => one.id === sent.number)?.masked ?? "";
  return t(sent.delivery === "voice" ? "code_step.called" : "code_step.sent", { number: masked });
}

function again(app, activation) {
  const problem = h("div", { role: "alert" });
  const send = (delivery) => () =>
    busy(problem, problem, async () => {
      app.show(codeStep(app, await phone.sendCode(activation, activation.sent.number, delivery)));
    });
  const buttons = [
    button(t("code_step.again"), send("sms"), { kind: "quiet", picture: "message" }),
    button(t("code_step.call"), send("voice"), { kind: "quiet", picture: "call" }),
  ];
  wait(buttons, activation.sent.next_at);
  return h(
    "details",
    { class: "more" },
    h("summary", {}, t("code_step.nothing")),
    h(
      "div",
      { class: "stack" },
      problem,
      Number.isInteger(activation.sent.sends_left) &&
        h("p", { class: "quiet" }, t("code_step.left", { count: activation.sent.sends_left })),
      ...buttons,
    ),
  );
}

function wait(buttons, nextAt) {
  const until = Date.parse(nextAt ?? "") || Date.now() + AGAIN * 1000;
  const words = buttons.map((one) => one.lastChild.textContent);
  const timer = setInterval(tick, 1000);
  function tick() {
    const left = Math.ceil((until - Date.now()) / 1000);
    buttons.forEach((one, index) => {
      one.disabled = left > 0;
      one.lastChild.textContent = left > 0 ? `${words[index]} (${left})` : words[index];
    });
    if (left <= 0) clearInterval(timer);
  }
  tick();
}

function card(app, activation, problem) {
  const { challenge } = activation;
  return screen(
    { title: t("card.title"), lead: t("card.lead"), back: "#home" },
    problem,
    h(
      "p",
      { class: "challenge", id: "challenge" },
      h("span", {}, t("code.challenge")),
      h("strong", {}, `${challenge.slice(0, 3)} ${challenge.slice(3)}`),
    ),
    form(
      async (values) => {
        const response = values.response.normalize("NFKC").replaceAll(/\s/g, "");
        if (!/^\d{8}$/.test(response)) return t("card.eight");
        return app.show(
          elementStep(app, activation, { response }, (wrong) => card(app, activation, wrong)),
        );
      },
      field(t("card.label"), "response", {
        inputMode: "numeric",
        autocomplete: "off",
        class: "spaced",
        maxLength: 9,
      }),
      h("div", { class: "foot" }, button(t("continue"), null)),
    ),
  );
}
