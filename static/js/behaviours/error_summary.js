/* Moves focus to what is wrong, and from its links to the field itself.
 *
 *   <div data-behaviour="error-summary" tabindex="-1"><a href="#id_code">…</a></div>
 */
export default function errorSummary(element) {
  element.focus();
  element.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select?.();
  });
}
