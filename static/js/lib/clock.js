/* Time in words, in the reader's language and zone. */

const language = document.documentElement.lang;

/** "14:32"; "14:32:08" with `seconds`; "14:32 GMT+9" with `zone`. */
export function clock(at, { seconds = false, zone = false } = {}) {
  return new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
    second: seconds ? "2-digit" : undefined,
    hourCycle: "h23",
    timeZoneName: zone ? "short" : undefined,
  }).format(at);
}

/** "21 Nov 2026, 14:32 GMT+9". */
export function moment(at) {
  return new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  }).format(at);
}

/** "4:05" for 245 seconds. */
export function span(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Calls `tick` now and each second until it returns false. */
export function everySecond(tick) {
  if (tick() === false) return;
  const timer = setInterval(() => {
    if (tick() === false) clearInterval(timer);
  }, 1000);
}
