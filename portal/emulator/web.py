"""Requests of the emulator to the portal: signed as Twilio signs them."""

import base64
import hashlib
import hmac
import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from portal.emulator.accounts import AUTH_TOKEN

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
ANSWER_MOST = 256 * 1024
FORM = "application/x-www-form-urlencoded; charset=utf-8"


class Unanswered(Exception):
    """No HTTP answer came; ``connected`` tells whether the request may have been read."""

    def __init__(self, reason: str, *, connected: bool) -> None:
        super().__init__(reason)
        self.connected = connected


@dataclass(frozen=True)
class Answer:
    """What the portal said."""

    status: int
    body: str


@dataclass(frozen=True)
class Overrides:
    """Connection overrides in a URL's fragment, as in ``#rc=3&rp=ct,rt,5xx``; times in seconds."""

    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})
    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS

    @classmethod
    def of(cls, url: str) -> "Overrides":
        """Reads the fragment; values that Twilio would not take are ignored."""
        found = dict(parse_qsl(urlsplit(url).fragment))
        numbers = {key: int(found[key]) for key in ("rc", "ct", "rt") if _is_number(found, key)}
        return cls(
            retries=min(numbers.get("rc", 1), 5),
            policy=frozenset(found.get("rp", "ct").split(",")),
            connect=numbers.get("ct", CONNECT_SECONDS * 1000) / 1000,
            read=numbers.get("rt", READ_SECONDS * 1000) / 1000,
        )

    def again(self, outcome: Answer | Unanswered) -> bool:
        """Whether the policy wants another try after ``outcome``."""
        if isinstance(outcome, Unanswered):
            kind = "rt" if outcome.connected else "ct"
        else:
            kind = f"{outcome.status // 100}xx"
        wanted = {"ct", "rt", "4xx", "5xx"} if "all" in self.policy else self.policy
        return kind in wanted


def signature(url: str, params: Mapping[str, str], token: str = AUTH_TOKEN) -> str:
    """X-Twilio-Signature: HMAC-SHA1 over the URL and the sorted fields of the form, in base64.

    The URL stands as configured, without its fragment. For a GET the fields are in the URL.
    """
    signed = url + "".join(name + params[name] for name in sorted(params))
    digest = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def send(
    url: str,
    method: str,
    params: Mapping[str, str],
    *,
    token: str = AUTH_TOKEN,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One signed request; raises ``Unanswered``. Redirects are not followed."""
    limits = Overrides.of(url)
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(fragment=""))
    if method == "GET" and params:
        bare += ("&" if parts.query else "?") + urlencode(params)
        params = {}
    sent = {
        "X-Twilio-Signature": signature(bare, params, token),
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        **(headers or {}),
    }
    body = urlencode(params) if method == "POST" else None
    if body is not None:
        sent["Content-Type"] = FORM
    target = bare[len(f"{parts.scheme}://{parts.netloc}") :] or "/"
    return _exchange(parts, method, target, body, sent, limits)


def _exchange(parts, method, target, body, headers, limits) -> Answer:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    link = kind(parts.hostname, parts.port, timeout=limits.connect)
    try:
        try:
            link.connect()
        except OSError as error:
            raise Unanswered(_reason(error), connected=False) from None
        try:
            link.sock.settimeout(limits.read)
            link.request(method, target, body, headers)
            answer = link.getresponse()
            content = answer.read(ANSWER_MOST)
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(_reason(error), connected=True) from None
    finally:
        link.close()
    return Answer(answer.status, content.decode("utf-8", "replace"))


def send_patiently(
    url: str, method: str, params: Mapping[str, str], headers: Mapping[str, str], token: str
) -> Answer | Unanswered:
    """``send`` with the retries that the URL's fragment asks for; returns the last outcome."""
    limits = Overrides.of(url)
    deadline = time.monotonic() + READ_SECONDS
    for left in range(limits.retries, -1, -1):
        try:
            outcome: Answer | Unanswered = send(url, method, params, token=token, headers=headers)
        except Unanswered as unanswered:
            outcome = unanswered
        if not left or not limits.again(outcome) or time.monotonic() > deadline:
            break
    return outcome


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _is_number(found: Mapping[str, str], key: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,5}", found.get(key, "")))
