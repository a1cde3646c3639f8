/* Prints the page.
 *
 *   <span data-behaviour="print" hidden><button type="button">Print</button></span>
 */
export default function print(element) {
  element.hidden = false;
  element.querySelector("button").addEventListener("click", () => window.print());
}
