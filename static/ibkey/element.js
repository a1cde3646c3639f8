/* The security element, which keeps the secret of a user closed.
 *
 * Biometrics: a platform authenticator that verifies its owner (Face ID, Touch ID, fingerprint, or
 * the phone's own lock). Where it has the PRF extension, the key that opens the secret comes out of
 * it and is nowhere else; elsewhere a key that cannot leave the browser is used only after it has
 * verified its owner, which holds against a stranger's hand and not against a program in this page.
 *
 * PIN: part of the computation itself and never kept, so that a stolen phone cannot tell whether a
 * PIN is right. The secret lies under a key that cannot leave the browser.
 */
import { decode, encode, random, utf8 } from "./bytes.js";

const CIPHER = "AES-GCM";
const VERIFIED = 0x04; // the flag of WebAuthn section 6.1
const FLAGS_AT = 32;
const TIMEOUT = 60_000; // milliseconds

/** The person, or the phone, did not verify. */
export class Unverified extends Error {}

/** Whether this phone can verify its owner. */
export async function hasBiometrics() {
  try {
    return await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  } catch {
    return false;
  }
}

/** Makes an element for a user: what is kept of it, and the key that seals. */
export async function make(kind, username) {
  if (kind === "pin") return ofBrowser({ element: "pin" });
  const salt = random(32);
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: location.hostname, name: "IB Key" },
        user: { id: random(32), name: username, displayName: `IB Key – ${username}` },
        challenge: random(32),
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: {
          authenticatorAttachment: "platform",
          residentKey: "preferred",
          userVerification: "required",
        },
        extensions: { prf: { eval: { first: salt } } },
        timeout: TIMEOUT,
      },
    }),
  );
  const facts = { element: "biometrics", credential: encode(made.rawId), salt };
  const prf = made.getClientExtensionResults().prf;
  if (!prf?.enabled) return ofBrowser({ ...facts, prf: false });
  // Some phones make the key at once, others at the first use only.
  const first = prf.results?.first ?? (await assertion({ ...facts, prf: true }));
  return { kept: { ...facts, prf: true }, key: await derived(first) };
}

/** The key that opens the secret of this user; asks the phone's owner where there are biometrics. */
export async function unlock(row) {
  if (row.element === "pin") return row.wrap;
  const first = await assertion(row);
  return row.prf ? derived(first) : row.wrap;
}

/** The secret, closed. */
export async function seal(key, secret, username) {
  const iv = random(12);
  const options = { name: CIPHER, iv, additionalData: utf8(username) };
  return { iv, data: await crypto.subtle.encrypt(options, key, secret) };
}

/** The secret of this user, opened with the key from `unlock`. */
export async function reveal(key, row) {
  const options = { name: CIPHER, iv: row.sealed.iv, additionalData: utf8(row.username) };
  return new Uint8Array(await crypto.subtle.decrypt(options, key, row.sealed.data));
}

async function ofBrowser(facts) {
  const key = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, [
    ...["encrypt", "decrypt"],
  ]);
  return { kept: { ...facts, wrap: key }, key };
}

async function derived(first) {
  const base = await crypto.subtle.importKey("raw", first, "HKDF", false, ["deriveKey"]);
  const options = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: utf8("ibkey-secret"),
  };
  return crypto.subtle.deriveKey(options, base, { name: CIPHER, length: 256 }, false, [
    ...["encrypt", "decrypt"],
  ]);
}

/* Asks the owner; returns what the PRF extension gives. */
async function assertion(row) {
  const answer = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: location.hostname,
        challenge: random(32),
        allowCredentials: [
          { type: "public-key", id: decode(row.credential), transports: ["internal"] },
        ],
        userVerification: "required",
        extensions: row.prf ? { prf: { eval: { first: row.salt } } } : {},
        timeout: TIMEOUT,
      },
    }),
  );
  const flags = new Uint8Array(answer.response.authenticatorData)[FLAGS_AT];
  if (!(flags & VERIFIED)) throw new Unverified();
  const first = answer.getClientExtensionResults().prf?.results?.first;
  if (row.prf && !first) throw new Unverified();
  return first;
}

async function asked(question) {
  try {
    return await question();
  } catch (error) {
    throw new Unverified(error.name);
  }
}
