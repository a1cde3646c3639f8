/* Says what the server would say of a new password, while it is typed.
 *
 *   <div data-behaviour="password-advice" data-url="/…/advice/">
 *     field, <ul data-part="rules">, <div role="status" data-part="verdict"></div>
 *     <template data-part="good|bad"> … <span data-part="text"></span> … </template>
 *   </div>
 *
 * The verdict is the server's own, so that nothing else is said here than there. What cannot be asked
 * (too often, no connection) is not said: the server says it when the form is sent.
 */
const PAUSE = 600; // milliseconds without a key

export default function passwordAdvice(element) {
  const input = element.querySelector("input");
  const rules = element.querySelector('[data-part="rules"]');
  const verdict = element.querySelector('[data-part="verdict"]');
  let timer;
  let asking;

  const say = ({ may, sentences }) => {
    const template = element.querySelector(`template[data-part="${may ? "good" : "bad"}"]`);
    const lines = sentences.map((sentence) => {
      const line = template.content.firstElementChild.cloneNode(true);
      line.querySelector('[data-part="text"]').textContent = sentence;
      return line;
    });
    verdict.replaceChildren(...lines);
    rules.hidden = true;
  };

  const unsay = () => {
    verdict.replaceChildren();
    rules.hidden = false;
  };

  const ask = async () => {
    asking = new AbortController();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", input.form.elements.csrfmiddlewaretoken.value);
    body.set("password", input.value);
    try {
      const { signal } = asking;
      const { url } = element.dataset;
      const answer = await fetch(url, { method: "POST", body, redirect: "error", signal });
      if (answer.ok) say(await answer.json());
      else unsay();
    } catch (error) {
      if (error.name !== "AbortError") unsay();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asking?.abort();
    if (input.value === "") unsay();
    else timer = setTimeout(ask, PAUSE);
  });
}
