/* Follows a test notification until it has been shown, or cannot be.
 *
 *   <div data-behaviour="follow-test" data-url="…" role="status" class="notice notice--notice">
 *     <p data-part="said">…</p>
 *   </div>
 *
 * An element with data-over is not asked about; it gives up after five minutes.
 */
const EVERY = 1000;
const PATIENCE = 300_000; // the life of a test

export default function followTest(element) {
  if (element.hasAttribute("data-over")) return;
  const said = element.querySelector('[data-part="said"]');
  const end = Date.now() + PATIENCE;
  const ask = async () => {
    if (Date.now() > end) return;
    try {
      const headers = { Accept: "application/json" };
      const response = document.hidden ? null : await fetch(element.dataset.url, { headers });
      if (response?.ok) {
        const test = await response.json();
        if (test.said && said.textContent !== test.said) {
          said.textContent = test.said;
          element.className = `notice notice--${test.tone}`;
        }
        if (test.is_over) return;
      }
    } catch {
      // The network may come back.
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
}
