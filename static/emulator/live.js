/* Keeps a page alive: every part of it that changes is fetched again and patched in place.

   <div data-part="name">…</div>          is compared with the same part of a fresh copy of the page
   <form method="post" data-quiet>        is posted without leaving the page
   <form data-at-once>                    is posted as soon as one of its checkboxes changes
   <time data-local datetime="…">         is shown in the person's own time
   <… data-bottom>                        is scrolled to its end when something is added
   <input data-keep>                      is emptied after its form was posted, never patched      */
"use strict";

const EVERY = 700;
const live = new EventTarget();
let busy = false;

/** Makes `from` equal to `to`, touching only what differs, so that focus and selection survive. */
function patch(from, to) {
  if (from.isEqualNode(to)) return;
  if (from.nodeType !== Node.ELEMENT_NODE || from.nodeName !== to.nodeName) {
    from.replaceWith(to.cloneNode(true));
    return;
  }
  if (from.matches("[data-keep]") || from === document.activeElement && from.matches("input")) return;
  patchAttributes(from, to);
  const old = [...from.childNodes];
  [...to.childNodes].forEach((child, place) => {
    if (old[place]) patch(old[place], child);
    else from.append(child.cloneNode(true));
  });
  old.slice(to.childNodes.length).forEach((child) => child.remove());
}

function patchAttributes(from, to) {
  // What the person opened or pressed is theirs.
  const own = new Set(["open", "aria-pressed"]);
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !own.has(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !own.has(name)) from.setAttribute(name, value);
  }
  if (from.type === "checkbox") from.checked = to.hasAttribute("checked");
}

function localise(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const seconds = time.dataset.local === "clock" ? undefined : "2-digit";
    const form = { hour: "2-digit", minute: "2-digit", second: seconds };
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], form);
  }
}

function toBottom(before) {
  for (const box of document.querySelectorAll("[data-bottom]")) {
    if (before.get(box) !== box.childElementCount) box.scrollTop = box.scrollHeight;
  }
}

async function refresh() {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    localise(fresh);
    const before = new Map(
      [...document.querySelectorAll("[data-bottom]")].map((box) => [box, box.childElementCount]),
    );
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (other) patch(part, other);
    }
    toBottom(before);
    live.dispatchEvent(new Event("fresh"));
  } catch {
    // The emulator is being restarted; the next round finds it again.
  } finally {
    busy = false;
  }
}

async function submit(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  for (const input of form.querySelectorAll("[data-keep]")) input.value = "";
  await refresh();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-quiet]")) return;
  event.preventDefault();
  submit(event.target, event.submitter);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-at-once]");
  if (form && event.target.type === "checkbox") submit(form);
});

localise(document);
toBottom(new Map());
setInterval(() => document.hidden || refresh(), EVERY);
