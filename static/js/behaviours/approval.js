/* Waits until the phone has approved, says how it stands, and goes on by itself. Where nothing
 * happens, it opens the way without a network.
 *
 *   <form data-behaviour="approval" data-ask="/ib-key/pushes/…/" data-state="waiting"
 *         data-offers="id of a details" data-offer-after="30">
 *     <input type="hidden" name="code" value="approved">
 *     <p role="status" data-part="said">…</p>
 *     <p role="status" data-part="offered" data-words="Nothing came? …" hidden></p><button data-part="go">I have approved it</button>
 *   </form>
 *
 * It asks only while the page is seen, and stops when the answer is final.
 */
// A person has pressed Approve and looks at this page: half a second is what they wait at most.
const EVERY = 500;
const OPEN = ["waiting", "approved"];

export default function approval(form) {
  const said = form.querySelector('[data-part="said"]');
  form.querySelector('[data-part="go"]').hidden = true;
  const offered = form.querySelector('[data-part="offered"]');
  const offer = () => {
    const way = document.getElementById(form.dataset.offers);
    if (!way || way.open || !offered) return;
    way.open = true;
    offered.hidden = false;
    offered.textContent = offered.dataset.words;
  };
  setTimeout(offer, Number(form.dataset.offerAfter) * 1000);
  let gone = false;
  document.addEventListener("submit", () => (gone = true));

  const ask = async () => {
    if (gone) return;
    if (document.hidden) return void setTimeout(ask, EVERY);
    try {
      const response = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
      if (response.ok) {
        const { state, said: words } = await response.json();
        if (said.textContent !== words) said.textContent = words;
        if (state === "approved" && !gone) {
          gone = true;
          form.submit();
          return;
        }
        if (!OPEN.includes(state)) return void offer();
      }
    } catch {
      // The network may come back; the button of a page without script is the last resort.
    }
    setTimeout(ask, EVERY);
  };
  ask();
}
