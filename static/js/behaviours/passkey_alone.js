/* Signs in by a passkey without a name: among the suggestions of the name field, or by the button.
 *
 *   <form hidden data-behaviour="passkey-alone" data-ask="/login/passkey/question/" data-life="300"
 *         data-with="id_public_computer" data-said-cancelled="…" data-said-failed="…">
 *     <input type="hidden" name="code"><input type="hidden" name="public_computer">
 *     <button>Sign in with a passkey</button>
 *     <div data-part="problem" role="alert"></div><template data-part="notice">…</template>
 *   </form>
 *
 * The server is asked for a question when somebody is there: at the first movement, key or touch,
 * which comes before the field is opened. A question that grows old is put anew at the next.
 */
import { ask, isSupported, oneAtATime, say, sentenceFor } from "../lib/passkey.js";
import { post } from "../lib/passkey_form.js";

const SIGNS = ["pointermove", "pointerdown", "keydown", "focusin"];

export default async function passkeyAlone(form) {
  if (!isSupported) return;
  const next = oneAtATime();
  const suggests = await PublicKeyCredential.isConditionalMediationAvailable?.();
  const suggest = () => suggests && whenSomebodyIsThere(() => wait(form, next, suggest));
  // With the first answer the page is left. A second one, posted while the first is on its way,
  // would come with the token of a session that is over.
  window.addEventListener("pageshow", () => delete form.dataset.left);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ("left" in form.dataset) return;
    say(form, "");
    try {
      const signal = next();
      enter(form, await answer(form, signal), signal);
    } catch (error) {
      say(form, sentenceFor(error, form.dataset));
      suggest();
    }
  });
  // Who types a password instead is not asked in the middle of it.
  document.addEventListener("submit", (event) => event.target !== form && next());
  form.hidden = false;
  suggest();
}

function whenSomebodyIsThere(act) {
  const start = () => {
    for (const sign of SIGNS) document.removeEventListener(sign, start);
    act();
  };
  for (const sign of SIGNS) document.addEventListener(sign, start);
}

/** Waits among the suggestions until a passkey is chosen, or its question is too old. */
async function wait(form, next, again) {
  const signal = next();
  const old = setTimeout(() => {
    next();
    again();
  }, form.dataset.life * 900);
  signal.addEventListener("abort", () => clearTimeout(old));
  try {
    enter(form, await answer(form, signal, "conditional"), signal);
  } catch {
    // Nobody asked for it, so nothing is said: password and button are still there.
  }
}

async function answer(form, signal, mediation) {
  const response = await question(form);
  signal.throwIfAborted();
  if (!response.ok) throw new Error(response.statusText);
  return ask(await response.json(), signal, mediation);
}

let asked = Promise.resolve();

/** One after the other, and none given up: the first brings the cookie that all are bound to. */
function question(form) {
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
  });
  const put = () => fetch(form.dataset.ask, { method: "POST", body });
  return (asked = asked.then(put, put));
}

function enter(form, code, signal) {
  if (signal.aborted || "left" in form.dataset) return;
  form.dataset.left = "";
  form.elements.public_computer.value = document.getElementById(form.dataset.with).checked
    ? "on"
    : "";
  post(form, code);
}
