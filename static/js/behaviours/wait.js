/* Adds the time of day from which something may be tried again.
 *
 *   <p data-behaviour="wait" data-seconds="42" data-from="from {time}">… <span data-part="from"></span></p>
 */
import { clock } from "../lib/clock.js";

export default function wait(element) {
  const seconds = Number(element.dataset.seconds);
  const at = new Date(Date.now() + seconds * 1000);
  const time = clock(at, { seconds: seconds < 120 });
  element.querySelector('[data-part="from"]').textContent = element.dataset.from.replace(
    "{time}",
    time,
  );
}
