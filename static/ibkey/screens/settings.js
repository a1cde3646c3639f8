/* Settings of the app: whose words the buttons carry, and the language. */
import { h } from "../dom.js";
import { screen } from "../parts.js";
import { spoken, t, telephone } from "../words.js";

/** Two questions. */
export function settings(app) {
  return screen(
    { title: t("settings.title"), back: "#home" },
    group(
      t("settings.platform"),
      t("settings.platform_text"),
      "platform",
      app.settings.platform,
      [
        ["ios", "iPhone"],
        ["android", "Android"],
      ],
      (platform) => app.set({ platform }),
    ),
    group(
      t("settings.language"),
      null,
      "language",
      spoken(),
      [
        ["en", "English"],
        ["ja", "日本語"],
      ],
      (language) => app.set({ language }),
    ),
    h("h2", {}, t("settings.about")),
    h("p", { class: "quiet" }, t("settings.keys")),
    h("p", { class: "quiet" }, t("settings.help", { telephone: telephone() })),
  );
}

function group(title, hint, name, value, options, changed) {
  return h(
    "fieldset",
    { class: "segments" },
    h("legend", {}, title),
    hint && h("p", { class: "quiet" }, hint),
    h(
      "div",
      { class: "segments__row" },
      ...options.map(([code, words]) =>
        h(
          "label",
          { lang: name === "language" ? code : null },
          h("input", {
            type: "radio",
            name,
            value: code,
            checked: code === value,
            onchange: () => changed(code),
          }),
          h("span", {}, words),
        ),
      ),
    ),
  );
}
