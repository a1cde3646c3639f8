/* Opens the buttons of "Didn't receive a security code?" at the moment the server will allow it.
 *
 *   <form data-behaviour="resend-timer" data-after="24" data-wait="You can ask in {seconds} s."
 *         data-ready="You can ask now."><span data-part="line"></span><button>…</button></form>
 *
 * A button elsewhere that belongs to the form (form="resend") waits too, and its
 * <span data-wait-of="resend"> says how long.
 *
 * Not announced while it runs: the sentence is there for whoever comes to the buttons.
 */
import { everySecond } from "../lib/clock.js";

export default function resendTimer(form) {
  const until = Date.now() + Number(form.dataset.after) * 1000;
  if (until <= Date.now()) return;
  const line = form.querySelector('[data-part="line"]');
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    const wait = seconds > 0;
    const words = wait ? form.dataset.wait.replace("{seconds}", seconds) : "";
    for (const button of form.elements) {
      if (button.type === "submit") button.disabled = wait;
    }
    if (line) line.textContent = words || form.dataset.ready;
    for (const place of document.querySelectorAll(`[data-wait-of="${form.id}"]`)) {
      place.ariaHidden = "true"; // it lies in a live region, which would be read each second
      place.textContent = words;
    }
    return wait;
  };
  everySecond(tick);
  // The delivery line has brought a button of its own.
  document.addEventListener("portal:changed", tick);
}
