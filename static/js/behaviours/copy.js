/* Copies the text of an element. Where the clipboard is refused, the text is selected instead.
 *
 *   <p data-behaviour="copy" data-copies="id of the text" data-closed data-done="Copied."
 *      data-failed="It is selected …" hidden>
 *     <button type="button">Copy</button> <span role="status" data-part="said"></span>
 *   </p>
 *
 * data-closed: without the spaces that group it for the eye.
 */
export default function copy(element) {
  const text = document.getElementById(element.dataset.copies);
  const said = element.querySelector('[data-part="said"]');
  element.hidden = false;
  element.querySelector("button").addEventListener("click", async () => {
    const words = text.textContent.trim();
    try {
      await navigator.clipboard.writeText(
        "closed" in element.dataset ? words.replace(/\s/g, "") : words,
      );
      said.textContent = element.dataset.done;
    } catch {
      text.hidden = false;
      getSelection().selectAllChildren(text);
      said.textContent = element.dataset.failed;
    }
  });
}
