/* How the app comes onto the home screen; nothing where it already is. */
import { button, h, icon } from "./dom.js";
import { t } from "./words.js";

let offered = null;
window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
});

const isInstalled = () =>
  matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
export const isApple = () => /iPhone|iPad|iPod/.test(navigator.userAgent);
export const isAndroid = () => navigator.userAgent.includes("Android");

/** A card, or null. */
export function installation() {
  if (isInstalled()) return null;
  if (isApple()) return h("p", { class: "quiet quiet--row" }, icon("install"), t("install.apple"));
  if (!offered) return null;
  const press = async () => {
    await offered.prompt();
    offered = null;
  };
  return button(t("install.button"), press, { kind: "quiet", picture: "install" });
}

/** What this phone is called until its owner says otherwise. */
export function defaultName() {
  if (isApple()) return navigator.userAgent.includes("iPad") ? "iPad" : "iPhone";
  return isAndroid() ? t("name.android") : t("name.other");
}

/** "ios", "android" or "other". */
export function platform() {
  return isApple() ? "ios" : isAndroid() ? "android" : "other";
}
