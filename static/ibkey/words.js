/* The words of the app: the server's translations, which the page carries in both languages. */

const ALL = JSON.parse(document.getElementById("words").textContent);
let language = document.documentElement.lang in ALL ? document.documentElement.lang : "en";

/** The language that is spoken, e.g. "ja". */
export const spoken = () => language;

/** Speaks another language from now on. */
export function speak(other) {
  if (other in ALL) language = other;
  document.documentElement.lang = language;
}

/** t("home.title", {name: "alice"}): the words under a key, with the facts in place of {name}. */
export function t(key, facts = {}) {
  const text = ALL[language][key];
  if (text === undefined) throw new RangeError(`no words for ${key}`);
  return text.replaceAll(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

/** "27 Nov 2026, 14:32 GMT+9". */
export function moment(at) {
  return new Intl.DateTimeFormat(language, {
    ...{ year: "numeric", month: "short", day: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" },
  }).format(new Date(at));
}

/** "2:05" for 125 seconds. */
export function span(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The number of support, which does not break over two lines. */
export const telephone = () => document.body.dataset.support.replaceAll(" ", "\u00a0");
