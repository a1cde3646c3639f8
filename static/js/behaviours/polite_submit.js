/* A second press within three seconds is not sent. Politeness only: the server counts on nothing
 * of this, and a page brought back by the Back button can be sent again.
 *
 *   <form data-behaviour="polite-submit">
 */
export default function politeSubmit(form) {
  let last = -Infinity;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - last < 3000) event.preventDefault();
    else last = event.timeStamp;
  });
  window.addEventListener("pageshow", () => {
    last = -Infinity;
  });
}
