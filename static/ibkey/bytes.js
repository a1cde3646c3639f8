/* Bytes and texts. */

const UTF8 = new TextEncoder();

/** The bytes of a text. */
export const utf8 = (text) => UTF8.encode(text);

/** Base64url without padding. */
export function encode(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of a base64url text. */
export function decode(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** `count` random bytes. */
export const random = (count) => crypto.getRandomValues(new Uint8Array(count));

/** SHA-256. */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
