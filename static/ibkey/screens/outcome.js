/* What became of a request, in one word that cannot be mistaken. */
import { button, h } from "../dom.js";
import { screen } from "../parts.js";
import { t } from "../words.js";

const LOOKS = {
  approved: ["good", "yes"],
  used: ["notice", "yes"],
  expired: ["warning", "time"],
  superseded: ["warning", "again"],
  digits: ["danger", "no"],
  refused: ["notice", "no"],
  cancelled: ["notice", "no"],
  unsure: ["warning", "no"],
  not_me: ["danger", "warning"],
};

/** `kind` is the end of a request, or why it was refused; then `answer` may hold the freeze page. */
export function outcome(app, kind, answer = {}) {
  const [tone, picture] = LOOKS[kind];
  const freeze = kind === "not_me" && answer.freeze_url;
  const element = screen(
    { title: t(`outcome.${kind}`), lead: t(`outcome.${kind}_text`), picture, tone },
    h(
      "div",
      { class: "foot" },
      freeze &&
        h(
          "a",
          { class: "button button--wide button--danger button--tall", href: answer.freeze_url },
          t("outcome.freeze"),
        ),
      button(t("done"), () => app.home(), { kind: freeze ? "quiet" : "" }),
    ),
  );
  element.dataset.outcome = kind;
  return element;
}
