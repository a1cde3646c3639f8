/* Shows a moment in the reader's own zone.
 *
 *   <time datetime="2026-11-21T14:32:00Z" data-behaviour="local-time" data-show="clock">14:32 UTC</time>
 *
 * data-show: "clock", "seconds", or nothing for date, time and zone.
 */
import { clock, moment } from "../lib/clock.js";

export default function localTime(element) {
  const at = new Date(element.dateTime);
  if (Number.isNaN(at.getTime())) return;
  const { show } = element.dataset;
  element.textContent = show ? clock(at, { seconds: show === "seconds" }) : moment(at);
}
