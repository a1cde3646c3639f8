/* Asks the server every two seconds, while the app is seen, whether something waits. */
import { Offline } from "./api.js";
import * as phone from "./phone.js";
import { users } from "./store.js";

const EVERY = 2000; // milliseconds
const SELDOM = 15; // rounds, for those who may come back

/** Calls `told({rows, waiting, last, offline})` after each round. Returns a function that asks now. */
export function watch(told) {
  let timer = null;
  let running = null;
  let rounds = 0;

  async function round() {
    clearTimeout(timer);
    if (document.hidden) return;
    const states = rounds++ % SELDOM ? ["active"] : ["active", ...phone.MAY_RETURN];
    await ask(told, states).catch(() =>
      told({ rows: [], waiting: [], offline: false, failed: true }),
    );
    timer = setTimeout(next, EVERY);
  }

  function next() {
    running ??= round().finally(() => {
      running = null;
    });
    return running;
  }

  document.addEventListener("visibilitychange", next);
  window.addEventListener("online", next);
  next();
  return next;
}

async function ask(told, states) {
  const waiting = [];
  const last = {};
  let offline = false;
  for (const row of await users.all()) {
    if (!states.includes(row.state)) continue;
    try {
      const answer = await phone.state(row);
      if (answer.approval)
        waiting.push({ row: answer.row, approval: answer.approval, now: answer.now });
      if (answer.last) last[answer.last.id] = answer.last.state;
    } catch (error) {
      offline ||= error instanceof Offline;
    }
  }
  // Read anew: meanwhile somebody may have been taken off this phone, or have come onto it.
  const rows = await users.all();
  const here = new Set(rows.map(({ device }) => device));
  told({
    ...{ rows, last, offline, failed: false },
    waiting: waiting.filter(({ row }) => here.has(row.device)),
  });
}
