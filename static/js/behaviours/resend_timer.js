/* Opens the buttons of "Didn't receive a security code?" at the moment the server will allow it.
 *
 *   <form data-behaviour="resend-timer" data-after="24" data-wait="You can ask in {seconds} s."
 *         data-ready="You can ask now."><span data-part="line"></span><button>…</button></form>
 *
 * Not announced while it runs: the sentence is there for whoever comes to the buttons.
 */
import { everySecond } from "../lib/clock.js";

export default function resendTimer(form) {
  const until = Date.now() + Number(form.dataset.after) * 1000;
  if (until <= Date.now()) return;
  const line = form.querySelector('[data-part="line"]');
  const buttons = form.querySelectorAll("button[name=delivery]");
  everySecond(() => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    const wait = seconds > 0;
    for (const button of buttons) button.disabled = wait;
    if (line) {
      line.textContent = wait
        ? form.dataset.wait.replace("{seconds}", seconds)
        : form.dataset.ready;
    }
    return wait;
  });
}
