/* The keys of a card, pressed without leaving the page, also by the keyboard.

   <section data-card="…/press" data-seconds="60">   is switched off after so many seconds
   <form data-keys><button value="4">                is pressed; digits, P, K (Enter), C (Backspace)
   <g data-char="4">, eight of them                  show what the card answered
   <p data-shown>                                    says it                                        */
"use strict";

const card = document.querySelector("[data-card]");
const cells = [...card.querySelectorAll("[data-char]")];
const shown = card.querySelector("[data-shown]");
const named = { Enter: "K", Backspace: "C", Delete: "C", " ": "P" };
let waiting = "";
let sending = false;
let timer = 0;

function show(display, seconds) {
  cells.forEach((cell, place) => {
    cell.dataset.char = display[place] ?? " ";
  });
  shown.textContent = display.trim() || "–";
  sleepIn(seconds);
}

function sleepIn(seconds) {
  clearTimeout(timer);
  if (seconds > 0) timer = setTimeout(() => show("", 0), seconds * 1000);
}

/** One request at a time, so that keys arrive in the order in which they were pressed. */
async function press(key) {
  waiting += key;
  if (sending) return;
  sending = true;
  try {
    while (waiting) {
      const body = new URLSearchParams({ keys: waiting.slice(0, 32) });
      waiting = waiting.slice(32);
      const headers = { Accept: "application/json" };
      const answer = await fetch(card.dataset.card, { method: "POST", body, headers });
      const now = await answer.json();
      if (answer.ok) show(now.display, now.seconds);
    }
  } catch {
    waiting = "";
  } finally {
    sending = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-keys]")) return;
  event.preventDefault();
  press(event.submitter.value);
});

// A key that is clicked does not keep the focus: Enter after it means OK.
card.querySelector("[data-keys]").addEventListener("mousedown", (event) => event.preventDefault());

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, a") || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = /^[0-9]$/.test(event.key) ? event.key : named[event.key];
  const onButton = event.target.matches("button") && (event.key === "Enter" || event.key === " ");
  if (!key || onButton) return;
  event.preventDefault();
  card.querySelector(`[data-keys] [value="${key}"]`).animate(
    [{ translate: "0 2px" }, { translate: "0" }],
    { duration: 140 },
  );
  press(key);
});

sleepIn(Number(card.dataset.seconds));
