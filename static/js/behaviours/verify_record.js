/* Computes the record's chain of seals here, so that nobody has to believe ours.
 *
 *   <div data-behaviour="verify-record" data-url="/activity/record/entries/" data-whole="… {number} …"
 *        data-broken data-running data-failed>
 *     <p data-part="without">…</p> <button data-part="start" hidden>…</button>
 *     <div role="status" data-part="said"></div> <template data-part="good|bad">…</template>
 *   </div>
 *
 * A seal is SHA-256 over the 32 bytes of the one before and the text of the entry. The first one
 * stands on 32 zero bytes. Entries that the head knows of and that are not there are missing.
 */
const GENESIS = "0".repeat(64);

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The seal of an entry whose text is `content`, after the seal `previous`. */
export async function seal(previous, content) {
  const text = new TextEncoder().encode(content);
  const whole = new Uint8Array(32 + text.length);
  whole.set(bytes(previous));
  whole.set(text, 32);
  return hex(await crypto.subtle.digest("SHA-256", whole));
}

/** Does this entry stand where its text says, and follow from the one before? */
async function follows(entry, number, previous) {
  const said = JSON.parse(entry.content);
  return (
    entry.number === number &&
    said.number === number &&
    (await seal(previous, entry.content)) === entry.digest
  );
}

/** How many entries follow, and the `broken` one after them, or null; `told` hears how far it is. */
export async function firstBroken(load, told) {
  let number = 0;
  let previous = GENESIS;
  for (;;) {
    const part = await load(number);
    for (const entry of part.entries) {
      if (!(await follows(entry, number + 1, previous))) return { number, broken: number + 1 };
      number += 1;
      previous = entry.digest;
    }
    told(number);
    if (number >= part.number || part.entries.length === 0) {
      const isWhole = number === part.number && previous === part.digest;
      return { number, broken: isWhole ? null : Math.min(number + 1, part.number) };
    }
  }
}

export default function verifyRecord(element) {
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const said = part("said");
  const start = part("start");
  if (!globalThis.crypto?.subtle) return;
  part("without").hidden = true;
  start.hidden = false;

  const say = (template, text) => {
    const state = template.content.cloneNode(true);
    state.firstElementChild.append(text);
    said.replaceChildren(state);
  };
  const words = (name, number) => element.dataset[name].replace("{number}", number);

  const load = async (after) => {
    const answer = await fetch(`${element.dataset.url}?after=${after}`, { redirect: "error" });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };

  start.addEventListener("click", async () => {
    start.disabled = true;
    try {
      const found = await firstBroken(load, (number) => {
        said.textContent = words("running", number);
      });
      if (found.broken === null) say(part("good"), words("whole", found.number));
      else say(part("bad"), words("broken", found.broken));
    } catch {
      said.textContent = element.dataset.failed;
    }
    start.disabled = false;
  });
}
