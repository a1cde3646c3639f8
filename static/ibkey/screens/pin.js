/* Another PIN: the present one, the new one twice. */
import { button, field, h } from "../dom.js";
import { form, screen } from "../parts.js";
import * as phone from "../phone.js";
import { t } from "../words.js";
import { isPin, objection } from "./pin_rules.js";

const SECRET = { type: "password", autocomplete: "off", maxLength: 6 };

/** The form. */
export function pin(app, row) {
  return screen(
    {
      title: t("pin.change"),
      lead: t("pin.change_lead", { username: row.username }),
      back: `#user/${row.device}`,
    },
    form(
      async ({ old, fresh, again }) => {
        if (!isPin(old)) return t("pin.rule");
        const wrong = objection(fresh, again);
        if (wrong) return t(wrong);
        await phone.changePin(row, old, fresh);
        return app.say("good", t("pin.changed"), `#user/${row.device}`);
      },
      field(t("pin.old"), "old", SECRET),
      field(t("pin.new"), "fresh", { ...SECRET, hint: t("pin.rule") }),
      field(t("pin.again"), "again", SECRET),
      h("div", { class: "foot" }, button(t("pin.change"), null)),
    ),
  );
}
