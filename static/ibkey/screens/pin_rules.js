/* What a PIN of IB Key is: 4 to 6 letters and digits, at least one digit. */
const PIN = /^(?=.*[0-9])[0-9A-Za-z]{4,6}$/;

/** Whether the text is one. */
export const isPin = (text) => PIN.test(text ?? "");

/** Why two fields do not give a PIN, as a key of the words, or null. */
export function objection(pin, again) {
  if (!isPin(pin)) return "pin.rule";
  return pin === again ? null : "pin.differ";
}
