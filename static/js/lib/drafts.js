/* What somebody typed and had not sent when the session ended or was locked, kept in the tab until
 * the same person is back on the same page. Never a secret: no password, code or PIN, nothing hidden
 * and nothing that a field's name calls one. Logging off empties it.
 */
const KEPT = "draft";
const SENT = "draft-sent";
const LIFE = 3_600_000; // milliseconds
const SECRET = /pass|pin|code|secret|token|answer|response|csrf/i;
const PLAIN = ["text", "email", "tel", "url", "search", "number", "date", "checkbox", "radio"];
const ELSEWHERE = /one-time-code|password|cc-/;

/** Keeps what was changed on the page of `who`. */
export function keep(who, key = KEPT) {
  const fields = [...plain()].filter(isChanged).map(valueOf);
  if (fields.length) store(key, { who, page: here(), at: Date.now(), fields });
}

/** Keeps it in case the form, which is sent now, comes to the end of the session. */
export function keepSent(who) {
  keep(who, SENT);
}

/** The session had ended: what was sent did not arrive. For the pages that lead back in. */
export function confirm() {
  const sent = sessionStorage.getItem(SENT);
  if (sent) sessionStorage.setItem(KEPT, sent);
  sessionStorage.removeItem(SENT);
}

/** Puts back what `who` had typed on this page; returns whether there was anything. */
export function restore(who) {
  sessionStorage.removeItem(SENT);
  const draft = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (!draft) return false;
  if (draft.who !== who || Date.now() - draft.at > LIFE) {
    clear();
    return false;
  }
  if (draft.page !== here()) return false;
  sessionStorage.removeItem(KEPT);
  return draft.fields.filter(put).length > 0;
}

/** Forgets everything. */
export function clear() {
  sessionStorage.removeItem(KEPT);
  sessionStorage.removeItem(SENT);
}

function store(key, draft) {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Full, or not allowed: then it has to be typed again.
  }
}

function here() {
  return location.pathname + location.search;
}

function* plain() {
  for (const form of document.querySelectorAll("main form[method=post]")) {
    for (const field of form.elements) {
      const kind = field.type?.replace(/^select-.*/, "text").replace("textarea", "text");
      const isSecret = SECRET.test(field.name) || ELSEWHERE.test(field.autocomplete);
      if (field.name && PLAIN.includes(kind) && !isSecret && !field.readOnly) yield field;
    }
  }
}

function isTick(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function isChanged(field) {
  if (isTick(field)) return field.checked !== field.defaultChecked;
  if (field.options) return ![...field.options].every((one) => one.selected === one.defaultSelected);
  return field.value !== field.defaultValue;
}

function valueOf(field) {
  return { form: field.form.action, name: field.name, value: field.value, ticked: field.checked };
}

function put({ form, name, value, ticked }) {
  for (const field of plain()) {
    if (field.form.action !== form || field.name !== name) continue;
    if (isTick(field) && field.value !== value) continue;
    if (isTick(field)) field.checked = ticked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }
  return false;
}
