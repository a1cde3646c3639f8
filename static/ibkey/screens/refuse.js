/* After Refuse: why. Nothing has been approved whatever is chosen. */
import { Refused } from "../api.js";
import { h } from "../dom.js";
import { busy, choice, screen } from "../parts.js";
import * as phone from "../phone.js";
import { t } from "../words.js";
import { outcome } from "./outcome.js";

const WHYS = [
  ["cancelled", "no"],
  ["not_me", "warning"],
  ["unsure", "time"],
];

/** Three reasons. */
export function refuse(app, row, approval) {
  const problem = h("div", { role: "alert" });
  const list = h("ul", { class: "list" });
  for (const [why, picture] of WHYS) {
    const press = () =>
      busy(list, problem, async () => {
        app.show(outcome(app, ...(await said(row, approval, why))));
      });
    const one = {
      onclick: press,
      picture,
      title: t(`refuse.${why}`),
      text: t(`refuse.${why}_text`),
    };
    list.append(h("li", {}, choice(one)));
  }
  return screen({ title: t("refuse.title"), lead: t("refuse.lead"), picture: "no" }, problem, list);
}

/* A request that was over already is told as what it is. */
async function said(row, approval, why) {
  try {
    return [why, await phone.refuse(row, approval, why)];
  } catch (error) {
    if (!(error instanceof Refused && error.status === 409)) throw error;
    return [error.word === "approved" ? "used" : error.word === "wrong" ? "digits" : error.word];
  }
}
