/* Keeps one live region alive while htmx polls: an answer that says nothing new is not put into
 * the page (a reader would repeat it every two seconds), a new one fills the same element.
 *
 *   <div id="delivery" role="status" data-behaviour="delivery" data-status="sent" hx-get="…">
 *     <span data-part="shown" aria-hidden="true">…</span><span class="said">…</span>
 *   </div>
 *
 * An element with data-final is not asked about any more.
 */
const KEPT = ["data-channel", "data-status", "data-final"];

export default function delivery(element) {
  // While an answer is on its way: a reload would take its place, and the sign-in that it completed
  // would be lost to this browser.
  let leaving = false;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) leaving = true;
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  element.addEventListener("htmx:beforeRequest", (event) => {
    const rests = leaving || element.hasAttribute("data-final") || document.hidden;
    if (rests) event.preventDefault();
  });
  element.addEventListener("htmx:beforeSwap", (event) => {
    event.detail.shouldSwap = false;
    const page = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    const fresh = page.getElementById("delivery");
    if (!fresh && leaving) return;
    if (!fresh) {
      // The sign-in ended elsewhere; the page itself knows where to go.
      element.setAttribute("data-final", "");
      if (event.detail.xhr.status < 400) location.reload();
      return;
    }
    if (same(element, fresh)) {
      grow(element, fresh);
      return;
    }
    for (const name of KEPT) {
      if (fresh.hasAttribute(name)) element.setAttribute(name, fresh.getAttribute(name));
      else element.removeAttribute(name);
    }
    element.replaceChildren(...fresh.childNodes);
    reveal(element);
    element.dispatchEvent(new CustomEvent("portal:changed", { bubbles: true }));
  });
}

function same(element, fresh) {
  return KEPT.every((name) => element.getAttribute(name) === fresh.getAttribute(name));
}

/** What is advised below must not lie closed: <p data-opens="id of a form in a disclosure">. */
function reveal(element) {
  for (const advice of element.querySelectorAll("[data-opens]")) {
    const details = document.getElementById(advice.dataset.opens)?.closest("details");
    if (details) details.open = true;
  }
}

/** "8 s ago" becomes "10 s ago" for the eye alone: that line is hidden from readers. */
function grow(element, fresh) {
  const shown = (node) => node.querySelector('[data-part="shown"]');
  if (shown(element) && shown(fresh)) shown(element).textContent = shown(fresh).textContent;
}
