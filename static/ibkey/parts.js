/* Larger pieces that several screens are made of. */
import { Offline, Refused } from "./api.js";
import { h, icon, notice } from "./dom.js";
import { Unverified } from "./element.js";
import { span, t } from "./words.js";

const SAID = [
  "refused",
  "wrong",
  "over",
  "replaced",
  "removed",
  "suspended",
  "stopped",
  "clock",
  "signature",
];

/** A screen: one heading, a way back, the content. `tone` paints its top. */
export function screen(
  { title, lead = null, back = null, picture = null, tone = "" },
  ...children
) {
  return h(
    "main",
    { class: `screen${tone ? ` screen--${tone}` : ""}` },
    back && h("a", { class: "screen__back", href: back }, icon("back"), t("back")),
    picture && h("div", { class: "screen__picture" }, icon(picture)),
    h("h1", { tabIndex: -1 }, title),
    lead && h("p", { class: "screen__lead" }, lead),
    ...children,
  );
}

/** The sentence for what went wrong. */
export function sentence(error) {
  if (error instanceof Offline) return t("error.offline");
  if (error instanceof Unverified) return t("error.unverified");
  if (error instanceof Refused) {
    if (error.status === 429) return t("error.often", { seconds: error.facts.retry_after ?? 60 });
    if (error.word === "wrong" && error.facts.tries_left) {
      return t("error.wrong_left", { count: error.facts.tries_left });
    }
    if (SAID.includes(error.word)) return t(`error.${error.word}`);
    // What only the server knows, it says in the language of the app.
    if (error.status < 500 && error.facts.detail) return error.facts.detail;
  }
  return t("error.other");
}

/** A form that does `work(values)` when it is sent, says what went wrong, and cannot be sent twice. */
export function form(work, ...children) {
  const problem = h("div", { role: "alert" });
  const element = h(
    "form",
    { class: "stack", noValidate: true, autocomplete: "off" },
    problem,
    ...children,
  );
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (element.ariaBusy === "true") return;
    const answer = await busy(element, problem, () =>
      work(Object.fromEntries(new FormData(element))),
    );
    if (answer) problem.replaceChildren(notice("danger", "warning", answer));
  });
  return element;
}

/** Runs `work` with the element marked as busy; what it returns, if a text, is a problem. */
export async function busy(element, problem, work) {
  element.ariaBusy = "true";
  problem.replaceChildren();
  try {
    return await work();
  } catch (error) {
    problem.replaceChildren(notice("danger", "warning", sentence(error)));
    return null;
  } finally {
    element.ariaBusy = "false";
  }
}

/** A thin bar and the time that is left; calls `over` at the end. Ends with its element. */
export function countdown(seconds, whole, over) {
  const end = Date.now() + seconds * 1000;
  const words = h("span", { class: "countdown__words" });
  const bar = h("progress", { max: whole, value: seconds, ariaHidden: "true" });
  const element = h("div", { class: "countdown", role: "timer" }, bar, words);
  let wasShown = false;
  const timer = setInterval(tick, 500);
  function tick() {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    words.textContent = t("countdown.left", { time: span(left) });
    bar.value = left;
    wasShown ||= element.isConnected;
    if (left === 0 || (wasShown && !element.isConnected)) clearInterval(timer);
    if (left === 0) over?.();
  }
  tick();
  return element;
}

/** One real field drawn as boxes, a box a digit. */
export function boxes(label, name, count, facts = {}) {
  const input = h("input", {
    ...{ id: `field-${name}`, name, class: "boxes__input", maxLength: count },
    ...{ inputMode: "numeric", pattern: "[0-9]*", autocomplete: "off", required: true },
    ...facts,
  });
  input.addEventListener("input", () => {
    // Full-width digits are what a Japanese keyboard gives.
    input.value = input.value.normalize("NFKC").replaceAll(/\D/g, "").slice(0, count);
  });
  return drawn(label, input, count);
}

/** The boxes under a field of `count` digits, with its label. */
export function drawn(label, input, count) {
  const cells = Array.from({ length: count }, () => h("i"));
  return h(
    "div",
    { class: `boxes boxes--${count}` },
    h("label", { htmlFor: input.id }, label),
    h("div", { class: "boxes__row" }, ...cells, input),
  );
}

/** A large choice in a list: a link or a button with a picture, words, and a line beneath. */
export function choice({ href = null, onclick = null, picture, title, text = null, state = null }) {
  const inside = [
    h("span", { class: "choice__picture" }, icon(picture)),
    h(
      "span",
      { class: "choice__words" },
      h("strong", {}, title),
      text && h("span", {}, text),
      state,
    ),
    h("span", { class: "choice__next" }, icon("next")),
  ];
  return href
    ? h("a", { class: "choice", href }, ...inside)
    : h("button", { type: "button", class: "choice", onclick }, ...inside);
}
