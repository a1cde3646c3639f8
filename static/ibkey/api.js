/* Calls of /api/v1/ib-key/. Signed ones carry who calls, when, a nonce used once, and a signature
 * over all of it and the body; no cookie is sent. */
import { encode, random, sha256, utf8 } from "./bytes.js";
import { sign } from "./keys.js";
import { kept } from "./store.js";

const BASE = "/api/v1/ib-key/";
const PATIENCE = 15_000; // milliseconds
const GONE = ["replaced", "removed", "suspended", "stopped"];

/** The server said no: `word` is the stable name of the reason, `facts` the whole answer. */
export class Refused extends Error {
  constructor(status, facts) {
    super(facts.detail ?? String(status));
    this.status = status;
    this.word = String(facts.type ?? "")
      .split("/")
      .at(-1);
    this.facts = facts;
  }

  /** Whether this phone has no part in the user any more, for now or for good. */
  get isGone() {
    return this.status === 410 && GONE.includes(this.word);
  }
}

/** No answer came: whether the call arrived is unknown. */
export class Offline extends Error {}

/** The time of the server as well as it is known, in seconds. */
export async function now() {
  return Math.round(Date.now() / 1000) + ((await kept.get("offset")) ?? 0);
}

/** A call that anybody may make. */
export function call(path, body = {}) {
  return post(path, JSON.stringify(body));
}

/** A call in the name of a user on this phone. A clock that is wrong is corrected once. */
export async function signed(row, path, body = {}) {
  const text = JSON.stringify(body);
  try {
    return await post(path, text, await authorization(row, path, text));
  } catch (error) {
    if (!(error instanceof Refused && error.word === "clock" && error.facts.now)) throw error;
    await kept.put("offset", Math.round(error.facts.now - Date.now() / 1000));
    return post(path, text, await authorization(row, path, text));
  }
}

async function authorization(row, path, text) {
  const at = await now();
  const nonce = encode(random(16));
  const digest = encode(await sha256(utf8(text)));
  const parts = ["ibkey-call", "POST", BASE + path, digest, at, nonce, location.origin];
  const sig = await sign(row.key, parts.join("\n"));
  return `IBKey key=${row.device}, at=${at}, nonce=${nonce}, sig=${sig}`;
}

async function post(path, body, authorization) {
  const headers = {
    "Content-Type": "application/json",
    "Accept-Language": document.documentElement.lang,
  };
  if (authorization) headers.Authorization = authorization;
  let answer;
  let facts;
  try {
    answer = await fetch(BASE + path, {
      ...{ method: "POST", body, headers, credentials: "omit", cache: "no-store" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    facts = await answer.json().catch(() => ({}));
  } catch {
    throw new Offline();
  }
  if (!answer.ok) throw new Refused(answer.status, facts);
  return facts;
}
