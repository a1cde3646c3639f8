/* The voice and the keys of a handset.

   <div data-say lang="ja-JP">…</div>                 is read aloud, in its language
   <button data-aloud aria-pressed="false" hidden>  switches the reading on and off
   <form data-keypad>                               is also pressed by the keys of the keyboard   */
"use strict";

const voice = window.speechSynthesis;
let isAloud = false;
let spoken = 0;
let current = "";

function speakNew() {
  const call = document.querySelector("[data-call]");
  if (call?.dataset.call !== current) {
    voice?.cancel();
    current = call?.dataset.call ?? "";
    spoken = 0;
  }
  const button = document.querySelector("[data-aloud]");
  if (button) {
    button.hidden = !voice;
    button.setAttribute("aria-pressed", String(isAloud));
  }
  const lines = [...document.querySelectorAll("[data-say]")];
  if (isAloud && voice) lines.slice(spoken).forEach(say);
  if (isAloud) spoken = lines.length;
}

function say(line) {
  const words = new SpeechSynthesisUtterance(line.textContent);
  words.lang = line.lang;
  voice.speak(words);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-aloud]")) return;
  isAloud = !isAloud;
  if (!isAloud) voice.cancel();
  spoken = 0;
  speakNew();
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!/^[0-9*#]$/.test(event.key)) return;
  document.querySelector(`[data-keypad] button[value="${event.key}"]`)?.click();
});

live.addEventListener("fresh", speakNew);
speakNew();
