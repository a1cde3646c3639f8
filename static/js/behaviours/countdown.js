/* The life of a code: remaining time and a draining bar, announced at four moments only.
 *
 *   <div data-behaviour="countdown" data-until="2026-11-21T14:32:00Z" data-life="300"
 *        data-left="{time} left" data-over="Expired"
 *        data-said-5="…" data-said-1="…" data-said-30="…" data-said-0="…">
 *     <span data-part="left"></span>
 *     <progress data-part="bar" hidden></progress>
 *     <p data-part="over" hidden>the way on, once it is over</p>
 *     <span data-part="said" role="status"></span>
 *   </div>
 */
import { everySecond, span } from "../lib/clock.js";

const PHASES = [
  [300, "said-5"],
  [60, "said-1"],
  [30, "said-30"],
  [0, "said-0"],
];

export default function countdown(element) {
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const until = Date.parse(element.dataset.until);
  const bar = part("bar");
  let before = Infinity;
  bar.hidden = false;
  everySecond(() => {
    const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    bar.value = seconds;
    part("left").textContent =
      seconds > 0 ? element.dataset.left.replace("{time}", span(seconds)) : element.dataset.over;
    element.dataset.phase = seconds <= 60 ? "last" : "calm";
    // Only a moment that passes while the page is open is announced, not the one it opened at.
    const passed = PHASES.filter(([at]) => before > at && seconds <= at).at(-1);
    if (passed && (before !== Infinity || seconds === 0)) {
      part("said").textContent = element.getAttribute(`data-${passed[1]}`);
    }
    if (seconds === 0) part("over")?.removeAttribute("hidden");
    before = seconds;
    return seconds > 0;
  });
}
