/* Warns before the session ends, lets the person stay, and leaves the page when it has ended.
 *
 *   <div data-behaviour="auto-log-off" data-left="900" data-most="43200" data-warning="120"
 *        data-ask="/session/left/" data-sign-in="/login/" data-page="/settings/" data-who="alice"
 *        data-keeps data-line="{time} left" data-said-120="…" data-said-60="…" data-said-30="…">
 *     <dialog data-part="dialog">
 *       <p data-part="idle"></p><p data-part="final" hidden></p>
 *       <p data-part="line"></p><span data-part="said" role="status"></span>
 *       <form data-part="extend">…<button>Stay signed in</button></form>
 *     </dialog>
 *   </div>
 *   <div id="restored" hidden>what was typed is back</div>
 *
 * The server knows when it ends; the tabs of a browser tell each other what it said. `left` is until
 * it ends without use, `most` in any case.
 */
import { everySecond, span } from "../lib/clock.js";
import * as drafts from "../lib/drafts.js";

const TOLD = [120, 60, 30];
const BY_ITSELF = { headers: { "HX-Request": "true" } }; // no use of the session
const SOON = 1500; // milliseconds in which a form of another tab has arrived

export default function autoLogOff(element) {
  const { dataset } = element;
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const dialog = part("dialog");
  const tabs = new BroadcastChannel("session");
  let until, most, told, isSure, isLeaving;

  function learn({ left, most: longest }) {
    until = Date.now() + left * 1000;
    most = Date.now() + longest * 1000;
    told = Infinity;
    if (left > Number(dataset.warning)) dialog.close();
  }

  /** What the server says now: another tab or device may have used the session. */
  async function ask(url = dataset.ask, options = BY_ITSELF) {
    const answer = await fetch(url, { redirect: "manual", cache: "no-store", ...options });
    const said = answer.ok ? await answer.json() : { left: 0 };
    if (said.left > 0) learn(said);
    else leave();
    return said;
  }

  function leave() {
    if (isLeaving) return;
    isLeaving = true;
    if ("keeps" in dataset) drafts.keep(dataset.who);
    const next = dataset.page ? `?next=${encodeURIComponent(dataset.page)}` : "";
    location.assign(dataset.signIn + next);
  }

  function warn(seconds) {
    const isFinal = most - until < 1000;
    part("idle").hidden = isFinal;
    part("final").hidden = !isFinal;
    part("extend").hidden = isFinal;
    dialog.setAttribute("aria-describedby", isFinal ? "log-off-final" : "log-off-text");
    part("line").textContent = dataset.line.replace("{time}", span(seconds));
    const passed = TOLD.filter((at) => told > at && seconds <= at).at(-1);
    if (passed) part("said").textContent = element.getAttribute(`data-said-${passed}`);
    if (!dialog.open) dialog.showModal();
    told = seconds;
  }

  /** Near the end the server is asked once; if it cannot be reached the page's own clock counts. */
  function tick() {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds > Number(dataset.warning)) isSure = false;
    else if (seconds <= 0) ask().catch(leave);
    else if (isSure) warn(seconds);
    else {
      isSure = true;
      ask().catch(() => {});
    }
  }

  function stay(event) {
    event.preventDefault();
    const form = part("extend");
    const body = new URLSearchParams(new FormData(form));
    ask(form.action, { method: "POST", body }).then((said) => tabs.postMessage(said), () => {});
  }

  part("extend").addEventListener("submit", stay);
  dialog.addEventListener("cancel", (event) => part("extend").hidden || stay(event));
  window.addEventListener("pageshow", (event) => event.persisted && ask().catch(() => {}));
  tabs.addEventListener("message", ({ data }) => {
    if (data.left > 0) learn(data);
    else setTimeout(() => ask().catch(() => {}), SOON);
  });
  listenToForms(dataset, tabs);

  if ("keeps" in dataset && drafts.restore(dataset.who)) {
    document.getElementById("restored").hidden = false;
  }
  const loaded = { left: Number(dataset.left), most: Number(dataset.most) };
  learn(loaded);
  tabs.postMessage(loaded);
  everySecond(tick);
}

/** Locking keeps what was typed, logging off forgets it, and the other tabs hear of both. */
function listenToForms(dataset, tabs) {
  document.addEventListener("submit", ({ target }) => {
    const isLock = target.id === "lock";
    if (target.id === "log-off") drafts.clear();
    else if ("keeps" in dataset && isLock) drafts.keep(dataset.who);
    else if ("keeps" in dataset && target.closest("main form")) drafts.keepSent(dataset.who);
    if (isLock || target.id === "log-off") tabs.postMessage({ left: 0 });
  });
}
