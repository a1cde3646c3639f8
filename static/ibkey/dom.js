/* Elements of the page, made without markup from texts. */

/** h("p", {class: "lead", onclick: f}, "text", child): an element; what is null or false is left out. */
export function h(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list" && name !== "form") element[name] = value;
    else element.setAttribute(name === "class" ? "class" : name, value === true ? "" : value);
  }
  if (facts.class) element.setAttribute("class", facts.class);
  element.append(
    ...children.flat().filter((child) => child !== null && child !== false && child !== undefined),
  );
  return element;
}

/** One of the icons of the page's template. */
export function icon(name) {
  const found = document.getElementById("icons").content.querySelector(`[data-icon="${name}"]`);
  return found.firstElementChild.cloneNode(true);
}

/** A button; `kind` is "", "quiet", "danger" or "text". */
export function button(text, onclick, { kind = "", picture = null, ...facts } = {}) {
  const classes = `button button--wide${kind ? ` button--${kind}` : ""}`;
  return h(
    "button",
    { type: onclick ? "button" : "submit", class: classes, onclick, ...facts },
    picture && icon(picture),
    text,
  );
}

/** A sentence that matters: `kind` is "good", "notice", "warning" or "danger". */
export function notice(kind, picture, ...text) {
  return h("div", { class: `note note--${kind}` }, icon(picture), h("div", {}, ...text));
}

/** A field with its label, and a hint that is read with it. */
export function field(label, name, { hint = null, ...facts } = {}) {
  const id = `field-${name}`;
  const described = hint ? `${id}-hint` : null;
  return h(
    "div",
    { class: "field" },
    h("label", { htmlFor: id }, label),
    hint && h("p", { class: "field__hint", id: described }, hint),
    h("input", {
      id,
      name,
      "aria-describedby": described,
      autocapitalize: "none",
      spellcheck: false,
      ...facts,
    }),
  );
}

/** A sentence for those who do not see the page. */
export function announce(text) {
  document.getElementById("said").textContent = text;
}
