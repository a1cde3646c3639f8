/* Keys on the page that type into a password field. Optional: a button opens them.
 *
 *   <div class="keyboard" data-behaviour="virtual-keyboard" data-for="id of the field"
 *        data-names="names of the signs, with | between them" data-capital="capital {letter}"
 *        data-said-letters=… data-said-capitals=… data-said-signs=… data-said-open=… data-said-closed=…>
 *     <template data-part="toggle|panel|shift|delete|signs|close">…</template>
 *     <span role="status" data-part="said"></span>
 *   </div>
 *
 * The field stays what it is for password managers: its type, name and autocomplete are not touched,
 * it keeps the focus when a key is pressed by mouse or finger, and each key is an ordinary input
 * event. From a keyboard the keys are one stop of Tab; arrows move among them, Enter and the blank
 * press, Escape closes.
 */
const DIGITS = [..."1234567890"];
const LETTERS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map((row) => [...row]);
const SIGNS = ["!@#$%^&*()", "-_=+[]{}\\|", ";:'\",.<>/?", "`~"].map((row) => [...row]);
const NAMED = [...SIGNS.flat(), " "];

export default function virtualKeyboard(element) {
  const input = document.getElementById(element.dataset.for);
  const said = element.querySelector('[data-part="said"]');
  const names = element.dataset.names.split("|");
  const part = (name) => {
    const template = element.querySelector(`template[data-part="${name}"]`);
    return template.content.firstElementChild.cloneNode(true);
  };
  const toggle = part("toggle");
  const panel = part("panel");
  panel.id = `${input.id}-keyboard`;
  toggle.setAttribute("aria-controls", panel.id);
  element.prepend(toggle, panel);

  let capitals = false;
  let signs = false;

  const nameOf = (sign) => {
    const place = NAMED.indexOf(sign);
    if (place >= 0) return names[place];
    return sign === sign.toLowerCase() ? sign : element.dataset.capital.replace("{letter}", sign);
  };

  const insert = (text) => {
    const { selectionStart: start, selectionEnd: end } = input;
    input.setRangeText(text, start, end, "end");
    tell("insertText", text);
  };

  const remove = () => {
    const { selectionStart: start, selectionEnd: end } = input;
    if (end === 0) return;
    const before = [...input.value.slice(0, start)].slice(0, -1).join("").length;
    input.setRangeText("", start === end ? before : start, end, "end");
    tell("deleteContentBackward", null);
  };

  const tell = (inputType, data) => {
    input.dispatchEvent(new InputEvent("input", { bubbles: true, inputType, data }));
  };

  const character = (sign) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = sign === " " ? "key key--blank" : "key";
    button.textContent = sign;
    button.setAttribute("aria-label", nameOf(sign));
    button.dataset.key = sign;
    button.addEventListener("click", () => insert(sign));
    return button;
  };

  const word = (name, act, pressed) => {
    const button = part(name);
    button.dataset.key = name;
    if (pressed !== undefined) button.setAttribute("aria-pressed", String(pressed));
    button.addEventListener("click", act);
    return button;
  };

  const row = (...keys) => {
    const line = document.createElement("div");
    line.className = "keyboard__row";
    line.append(...keys);
    return line;
  };

  const draw = () => {
    const held = panel.contains(document.activeElement) && document.activeElement.dataset.key;
    const cased = (key) => character(capitals ? key.toUpperCase() : key);
    const [first, second, third] = signs ? SIGNS : LETTERS;
    const erase = word("delete", remove);
    const turn = word("signs", () => change({ to: !signs }), signs);
    const last = [turn, ...(signs ? SIGNS[3].map(character) : []), character(" ")];
    const close = word("close", () => open(false));
    panel.replaceChildren(
      row(...DIGITS.map(character)),
      row(...first.map(signs ? character : cased)),
      row(...second.map(signs ? character : cased)),
      signs
        ? row(...third.map(character))
        : row(word("shift", () => change({ shift: !capitals }), capitals), ...third.map(cased), erase),
      signs ? row(...last, erase, close) : row(...last, close),
    );
    const keys = [...panel.querySelectorAll("button")];
    for (const key of keys) key.tabIndex = -1;
    const next = keys.find((key) => key.dataset.key === held) ?? keys[0];
    next.tabIndex = 0;
    if (held) next.focus();
  };

  const change = ({ to = signs, shift = capitals }) => {
    [signs, capitals] = [to, shift];
    draw();
    const { saidSigns, saidCapitals, saidLetters } = element.dataset;
    said.textContent = signs ? saidSigns : capitals ? saidCapitals : saidLetters;
  };

  const open = (isOpen) => {
    if (!isOpen && panel.contains(document.activeElement)) toggle.focus();
    panel.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
    // The telephone's own keyboard would lie over this one.
    if (isOpen) input.setAttribute("inputmode", "none");
    else input.removeAttribute("inputmode");
    said.textContent = isOpen ? element.dataset.saidOpen : element.dataset.saidClosed;
  };

  /** The key beside `from`: in the row for left and right, in the next row for up and down. */
  const beside = (from, arrow) => {
    const rows = [...panel.children].map((line) => [...line.children]);
    const at = rows.findIndex((line) => line.includes(from));
    const along = { ArrowLeft: -1, ArrowRight: 1 }[arrow];
    if (along) return rows.flat().at((rows.flat().indexOf(from) + along) % rows.flat().length);
    const line = rows.at((at + (arrow === "ArrowUp" ? -1 : 1)) % rows.length);
    const middle = (key) => {
      const box = key.getBoundingClientRect();
      return box.left + box.width / 2;
    };
    const far = (key) => Math.abs(middle(key) - middle(from));
    return line.reduce((best, key) => (far(key) < far(best) ? key : best));
  };

  panel.addEventListener("keydown", (event) => {
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const next = beside(event.target.closest("button"), event.key);
    for (const key of panel.querySelectorAll("button")) key.tabIndex = key === next ? 0 : -1;
    next.focus();
  });
  for (const place of [element, input]) {
    place.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !panel.hidden) open(false);
    });
    // Neither the button nor a key takes the focus from the field.
    if (place === element) place.addEventListener("mousedown", (event) => event.preventDefault());
  }
  toggle.addEventListener("click", () => open(panel.hidden));
  draw();
}
