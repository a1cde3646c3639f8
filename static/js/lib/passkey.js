/* Passkeys: from the JSON of the server to what the browser takes, and back. */

export const isSupported = "PublicKeyCredential" in window && "credentials" in navigator;

/** Makes a passkey; returns the credential as the server reads it. */
export async function make(options, signal) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials.map(withBytes),
  };
  const made = await navigator.credentials.create({ publicKey, signal });
  return packed(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

/** Asks a passkey. With `mediation` "conditional" it waits among the suggestions of a field. */
export async function ask(options, signal, mediation) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: options.allowCredentials.map(withBytes),
  };
  const answer = await navigator.credentials.get({ publicKey, signal, mediation });
  const { authenticatorData, signature, userHandle } = answer.response;
  return packed(answer, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle?.byteLength ? text(userHandle) : undefined,
  });
}

/** A signal that aborts when the page is left. Returns how to get a new one, which ends the old. */
export function oneAtATime() {
  let running = new AbortController();
  window.addEventListener("pagehide", () => running.abort());
  return () => {
    running.abort();
    running = new AbortController();
    return running.signal;
  };
}

/** Puts a sentence, or nothing, where it is announced:
 *
 *   <div data-part="problem" role="alert"></div>
 *   <template data-part="notice">… <span data-part="text"></span> …</template>
 */
export function say(element, sentence) {
  const place = element.querySelector('[data-part="problem"]');
  const notice = element.querySelector('template[data-part="notice"]').content.cloneNode(true);
  notice.querySelector('[data-part="text"]').textContent = sentence;
  place.replaceChildren(...(sentence ? [notice] : []));
}

/** The sentence for what the browser threw: <… data-said-cancelled data-said-there data-said-failed>.
 * Nothing for a request that the page itself gave up. */
export function sentenceFor(error, said) {
  if (error.name === "AbortError") return "";
  if (error.name === "NotAllowedError") return said.saidCancelled;
  if (error.name === "InvalidStateError") return said.saidThere ?? said.saidFailed;
  return said.saidFailed;
}

function packed(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  });
}

function withBytes(descriptor) {
  return { ...descriptor, id: bytes(descriptor.id) };
}

/** The bytes of a base64url text. */
function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** The base64url text of bytes, without padding. */
function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
