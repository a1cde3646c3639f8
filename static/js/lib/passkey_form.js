/* A form whose hidden field `code` is filled by a passkey when its button is pressed. */
import { isSupported, oneAtATime, say, sentenceFor } from "./passkey.js";

/** `run(options, signal)` gives what is posted. The button appears where passkeys can be used. */
export function onPress(form, run) {
  form.querySelector('[data-part="without"]').remove();
  if (!isSupported) {
    say(form, form.dataset.saidUnsupported);
    return;
  }
  const next = oneAtATime();
  form.querySelector("button").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, "");
    try {
      post(form, await run(JSON.parse(form.dataset.options), next()));
    } catch (error) {
      say(form, sentenceFor(error, form.dataset));
    }
  });
}

/** Posts the form with `code`; what is left in the field when the page comes back is not sent. */
export function post(form, code) {
  form.elements.code.value = code;
  form.submit();
  form.elements.code.value = "";
}
