/* Fills in the code of a text message where the browser offers it (WebOTP; the message ends with
 * "@host #code"). Pressing Continue is left to the person. The request ends when the form is sent.
 *
 *   <input data-behaviour="webotp" autocomplete="one-time-code">
 */
export default function webotp(input) {
  if (!("OTPCredential" in window)) return;
  const abort = new AbortController();
  input.form?.addEventListener("submit", () => abort.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: abort.signal })
    .then((credential) => {
      if (credential?.code && !input.value) input.value = credential.code;
    })
    .catch(() => {
      // Refused, timed out or aborted: the code is typed.
    });
}
