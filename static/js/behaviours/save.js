/* Saves the text of an element as a file, made here: nothing is asked of the server again.
 *
 *   <span data-behaviour="save" data-saves="id of the text" data-file="name.txt" hidden>
 *     <button type="button">Save as a file</button>
 *   </span>
 */
export default function save(element) {
  const text = document.getElementById(element.dataset.saves);
  element.hidden = false;
  element.querySelector("button").addEventListener("click", () => {
    const file = new Blob([`${text.textContent.trim()}\n`], { type: "text/plain" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = element.dataset.file;
    link.click();
    // Not kept in memory for who comes to this browser later.
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
