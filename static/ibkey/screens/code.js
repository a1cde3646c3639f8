/* The response string for a challenge code: typed on a keypad of the app, computed on the phone.
 * Works without any network. */
import { announce, button, field, h, icon, notice } from "../dom.js";
import { choice, countdown, drawn, form, screen } from "../parts.js";
import * as phone from "../phone.js";
import { t } from "../words.js";
import { generate } from "./home.js";
import { isPin } from "./pin_rules.js";

const LENGTH = 6;
const READ_OUT = "9"; // begins what staff read out on the telephone, and nothing else
const LIFE = 180; // seconds a challenge lives; no response is of use after it
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "erase"];

/** Which user, where there are several. */
export function chooseUser(app) {
  const usable = app.rows.filter((row) => row.state === "active");
  return screen(
    { title: t("code.who"), back: "#home" },
    h(
      "ul",
      { class: "list" },
      ...usable.map((row) =>
        h(
          "li",
          {},
          choice({
            href: `#code/${row.device}`,
            picture: "shield",
            title: row.username,
            text: row.phone_name,
          }),
        ),
      ),
    ),
  );
}

/** The keypad. */
export function code(app, row) {
  const input = h("input", {
    ...{ id: "field-challenge", name: "challenge", class: "boxes__input", maxLength: LENGTH },
    // The keypad below is the keyboard; one of real keys works as well.
    ...{ inputMode: "none", autocomplete: "off", required: true },
    oninput: () => put(input, input.value),
  });
  const pin = row.element === "pin";
  return screen(
    {
      title: generate(app),
      lead: t("code.lead", { username: row.username }),
      back: "#home",
      tone: "code",
    },
    form(
      async (values) => {
        if (values.challenge.length !== LENGTH) return t("code.six");
        if (pin && !isPin(values.pin)) return t("pin.rule");
        const response = await phone.respond(row, values.challenge, pin ? values.pin : null);
        return app.show(responseOf(app, row, values.challenge, response));
      },
      drawn(t("code.challenge"), input, LENGTH),
      pin && field(t("pin.label"), "pin", { type: "password", autocomplete: "off", maxLength: 6 }),
      keypad(input),
      button(t("code.generate"), null, { picture: pin ? "pin" : "finger" }),
    ),
  );
}

function put(input, value) {
  input.value = value.normalize("NFKC").replaceAll(/\D/g, "").slice(0, LENGTH);
}

function keypad(input) {
  const press = (key) => put(input, key === "erase" ? input.value.slice(0, -1) : input.value + key);
  const keys = KEYS.map((key) => {
    if (!key) return h("span");
    const facts = { type: "button", class: "keypad__key", onclick: () => press(key) };
    return key === "erase"
      ? h("button", { ...facts, ariaLabel: t("code.erase") }, icon(key))
      : h("button", facts, key);
  });
  return h("div", { class: "keypad", role: "group", ariaLabel: t("code.keypad") }, ...keys);
}

/* Two groups of four, with a countdown, and gone when the challenge is over. */
function responseOf(app, row, challenge, response) {
  const groups = [response.slice(0, 4), response.slice(4)];
  const said = groups.map((group) => [...group].join(" ")).join(", ");
  announce(said);
  const copied = h("div", { role: "status" });
  const copy = async () => {
    await navigator.clipboard.writeText(response);
    copied.replaceChildren(notice("good", "yes", t("response.copied")));
  };
  return screen(
    {
      title: t("response.title"),
      lead: t("response.lead", { username: row.username }),
      back: "#home",
      tone: "code",
    },
    h(
      "p",
      { class: "response", ariaLabel: said, role: "img" },
      ...groups.map((group) => h("span", {}, group)),
    ),
    countdown(LIFE, LIFE, () => app.go(`#code/${row.device}`, { again: true })),
    h(
      "p",
      { class: "quiet" },
      t("response.challenge", { challenge: `${challenge.slice(0, 3)} ${challenge.slice(3)}` }),
    ),
    h("p", { class: "quiet" }, t(challenge.startsWith(READ_OUT) ? "response.call" : "response.never")),
    copied,
    h(
      "div",
      { class: "foot" },
      button(t("response.copy"), copy, { kind: "quiet", picture: "copy" }),
      h("a", { class: "button button--wide", href: "#home" }, t("done")),
    ),
  );
}
