/* A button that shows what was typed into a password field.
 *
 *   <div data-behaviour="reveal"><input type="password"></div>
 *
 * Its words come from <body data-show="Show" data-hide="Hide">. The field turns back into a
 * password before it is sent, so that no browser keeps it as ordinary text.
 */
export default function reveal(element) {
  const input = element.querySelector("input");
  const { show, hide } = document.body.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "field__reveal";
  button.setAttribute("aria-controls", input.id);
  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? hide : show;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => {
    set(input.type === "password");
    input.focus();
  });
  input.form?.addEventListener("submit", () => set(false));
  set(false);
  element.append(button);
}
