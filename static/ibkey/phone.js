/* What a person does with IB Key on this phone; each verb is one or two calls and a change of the
 * store. Screens call these and nothing beneath. */
import { Offline, Refused, call, now, signed } from "./api.js";
import { decode } from "./bytes.js";
import * as element from "./element.js";
import * as keys from "./keys.js";
import { compute } from "./ocra.js";
import { instance, kept, users } from "./store.js";

const PROOF_OF_ARRIVAL = "000000";
/** States from which a user may come back on this phone. */
export const MAY_RETURN = ["suspended", "stopped", "unknown"];

/** Begins an activation, by {username, password} or {session_id}; it is kept until it ends, so
 * that it can be resumed when the network or the app is lost in between. */
export async function begin(who) {
  const answer = await call("activations", who);
  const pair = await keys.make();
  const activation = { ...answer, id: answer.activation, pair, sent: null };
  await kept.put("activation", activation);
  return activation;
}

/** The activation that is going on, if its time is not over. */
export async function unfinished() {
  const activation = await kept.get("activation");
  if (!activation) return null;
  if (Date.parse(activation.expires_at) > (await now()) * 1000) return activation;
  await giveUp();
  return null;
}

/** Forgets the activation that is going on; the server forgets it by itself. */
export function giveUp() {
  return kept.drop("activation");
}

/** Has an activation code sent. */
export async function sendCode(activation, number, delivery) {
  const answer = await call(`activations/${activation.id}/code`, { number, delivery });
  const sent = { ...activation, sent: { ...answer, number, delivery } };
  await kept.put("activation", sent);
  return sent;
}

/** Ends the activation with what the person has answered, {code} or {response} or nothing. The
 * phone counts only from the moment when the server knows that the secret arrived. */
export async function finish(activation, answer, { held, pin, platform, name }) {
  const text = `ibkey-activate\n${activation.id}\n${location.origin}`;
  const made = await call(`activations/${activation.id}/finish`, {
    ...answer,
    public_key: await keys.publicText(activation.pair),
    proof: await keys.sign(activation.pair.privateKey, text),
    element: held.kept.element,
    ...(pin ? { pin } : {}),
    phone: { instance: await instance(), name, platform },
  });
  const { device, username, suite, phone_name } = made;
  const secret = decode(made.secret);
  const row = {
    ...{ device, username, suite, phone_name, ...held.kept, key: activation.pair.privateKey },
    ...{ state: "pending", since: Date.now(), push: false },
    sealed: await element.seal(held.key, secret, username),
  };
  await users.put(row);
  await giveUp();
  return confirm(row, secret, pin);
}

/** The same for a phone that was interrupted before its last step. */
export async function confirmLater(row, pin) {
  const secret = await element.reveal(await element.unlock(row), row);
  return confirm(row, secret, pin);
}

async function confirm(row, secret, pin) {
  const response = await compute(row.suite, secret, PROOF_OF_ARRIVAL, pin ?? null);
  let answer;
  try {
    answer = await signed(row, "confirm", { response });
  } catch (error) {
    if (error instanceof Refused) await users.drop(row.device);
    throw error;
  }
  const active = { ...row, state: "active" };
  for (const other of await users.all()) {
    if (other.username === row.username && other.device !== row.device)
      await users.drop(other.device);
  }
  await users.put(active);
  return { row: active, replaced: answer.replaced };
}

/** The state of a user. Where the server has none any more, the phone lets go of its keys. */
export async function state(row) {
  try {
    const told = await signed(row, "state");
    const known = { ...row, state: "active", phone_name: told.phone_name, push: told.push };
    if (
      JSON.stringify([known.state, known.phone_name, known.push]) !==
      JSON.stringify([row.state, row.phone_name, row.push])
    ) {
      const { state, phone_name, push } = known;
      await users.change(row.device, (now) => (now.key ? { ...now, state, phone_name, push } : now));
    }
    return { row: known, ...told, state: "active" };
  } catch (error) {
    if (error instanceof Refused && error.isGone) return { row: await letGo(row, error.word) };
    // Nobody answers for this key: it must not look active, and it may be known again later.
    if (error instanceof Refused && error.status === 401 && error.word === "signature")
      return { row: await letGo(row, "unknown") };
    throw error;
  }
}

/** What is left of a user whom this phone does not serve any more. One who may come back, because
 * IB Key is suspended or everything is stopped, keeps all. */
export async function letGo(row, why) {
  const { device, username, phone_name, element: kind, since } = row;
  const rest = { device, username, phone_name, element: kind, since, state: why };
  const mayReturn = MAY_RETURN.includes(why);
  await users.change(device, (now) => (mayReturn && now.key ? { ...now, state: why } : rest));
  return mayReturn ? { ...row, state: why } : rest;
}

/** Says that the approval is on the screen. */
export const seen = (row, approval) => signed(row, `approvals/${approval.id}/seen`);

/** Approves with the digits that the person has typed. Biometrics are asked first. Sent again, the
 * same signature is the same approval, so an answer that was lost is asked for again. */
export async function approve(row, approval, digits, pin) {
  // The security element proves itself: what it guards computes over the digits.
  const response = await respond(row, digits.padStart(6, "0"), pin);
  const at = await now();
  const parts = ["ibkey-approve", approval.id, digits, approval.action, location.origin, at];
  const body = { digits, response, at, sig: await keys.sign(row.key, parts.join("\n")) };
  for (let tries = 3; ; tries -= 1) {
    try {
      return await signed(row, `approvals/${approval.id}/approve`, body);
    } catch (error) {
      if (!(error instanceof Offline) || tries === 1) throw error;
    }
  }
}

/** Refuses; `why` is "cancelled", "not_me" or "unsure". */
export const refuse = (row, approval, why) =>
  signed(row, `approvals/${approval.id}/refuse`, { why });

/** The response string for a challenge code; needs no network. */
export async function respond(row, challenge, pin) {
  const secret = await element.reveal(await element.unlock(row), row);
  return compute(row.suite, secret, challenge, row.element === "pin" ? pin : null);
}

/** Another PIN, proven with the old one. */
export async function changePin(row, old, fresh) {
  const { question } = await signed(row, "pin/question");
  const response = await respond(row, question, old);
  await signed(row, "pin", { response, pin: fresh });
}

/** Another name for this phone. */
export async function rename(row, name) {
  await signed(row, "rename", { name });
  await users.change(row.device, (now) => ({ ...now, phone_name: name }));
}

/** Takes the user off this phone, on the server first. */
export async function remove(row) {
  try {
    await signed(row, "remove");
  } catch (error) {
    if (!(error instanceof Refused && (error.isGone || error.status === 401))) throw error;
  }
  await users.drop(row.device);
}

/** Takes a user off this phone whom the server does not know any more. */
export const forget = (row) => users.drop(row.device);
