/* The signing key of one user on this phone: P-256, made here, and never out of the browser: it is
 * not extractable, and IndexedDB keeps the key itself, not its bytes. */
import { encode, utf8 } from "./bytes.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

/** A new pair. */
export function make() {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** The public key: 65 bytes, uncompressed, as base64url. */
export async function publicText(pair) {
  return encode(await crypto.subtle.exportKey("raw", pair.publicKey));
}

/** ES256 over the text: r and s, 64 bytes, as base64url. */
export async function sign(privateKey, text) {
  return encode(await crypto.subtle.sign(SIGNATURE, privateKey, utf8(text)));
}
