/* Shows a moment in the reader's own zone.
 *
 *   <time datetime="2026-11-21T14:32:00Z" data-behaviour="local-time" data-show="clock">14:32 UTC</time>
 *
 * data-show: "clock", "seconds", or nothing for date, time and zone. A clock names its zone only
 * when that differs from the zone the server writes in, so that both cannot be mixed up.
 */
import { clock, moment } from "../lib/clock.js";

export default function localTime(element) {
  const at = new Date(element.dateTime);
  if (Number.isNaN(at.getTime())) return;
  const { show } = element.dataset;
  const zone = offset(element.dateTime) !== -at.getTimezoneOffset();
  element.textContent = show ? clock(at, { seconds: show === "seconds", zone }) : moment(at);
}

/** Minutes east of UTC that an ISO 8601 time was written in. */
function offset(text) {
  const [, sign, hours, minutes] = text.match(/([+-])(\d\d):(\d\d)$/) ?? [null, "+", 0, 0];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
