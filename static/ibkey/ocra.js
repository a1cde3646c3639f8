/* OCRA (RFC 6287) for the two suites of IB Key; equal to sls/algorithms/ocra.py.
 * The suite is part of the computation, so it is taken only in the spelling that was issued. */
import { sha256, utf8 } from "./bytes.js";

const WITH_PIN = "OCRA-1:HOTP-SHA256-8:QN06-PSHA256";
const WITHOUT = "OCRA-1:HOTP-SHA256-8:QN06";
const QUESTION_BYTES = 128;
const DIGITS = 8;

/** The response to a question of up to 6 digits. `pin` is given exactly when the suite has one. */
export async function compute(suite, secret, question, pin = null) {
  if (suite !== WITH_PIN && suite !== WITHOUT) throw new RangeError("not a suite of IB Key");
  if ((pin !== null) !== (suite === WITH_PIN)) throw new RangeError("PIN and suite do not agree");
  if (!/^[0-9]{1,6}$/.test(question)) throw new RangeError("the question does not fit the suite");
  const parts = [utf8(`${suite}\0`), questionBytes(question)];
  if (pin !== null) parts.push(await sha256(utf8(pin)));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  return truncated(new Uint8Array(await crypto.subtle.sign("HMAC", key, joined(parts))));
}

/* The hexadecimal digits of the number, filled up from the right. */
function questionBytes(question) {
  const digits = Number(question)
    .toString(16)
    .padEnd(2 * QUESTION_BYTES, "0");
  return Uint8Array.from(digits.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/* Dynamic truncation (RFC 4226 section 5.3). */
function truncated(digest) {
  const offset = digest.at(-1) & 0x0f;
  const number = new DataView(digest.buffer).getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}
