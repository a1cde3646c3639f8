"""Twilio's Programmable Messaging and Voice by the official client.

One client a process: its session keeps the connection, and threads share it. The same code serves
the live account, test credentials ("sandbox") and the emulator; only base address and credentials
differ. Requests are signed with the API key where there is one; the account's auth token then
verifies callbacks only, and its rotation stops no message.
"""

import functools
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from accounts.outbox.gateways import twiml, words
from accounts.outbox.gateways.signatures import is_genuine
from accounts.outbox.models import Channel
from accounts.outbox.ports import Accepted, Busy, Refused, Sighting, Unknown, VoiceScript

__all__ = ["RebasedTwilioHttpClient", "TwilioGateway", "from_settings", "is_genuine"]

HOSTS = frozenset({"api.twilio.com", "lookups.twilio.com"})
POOL = 32  # connections; more than a worker has threads
RING_SECONDS = 25  # before most voicemails answer
CALL_SECONDS = 120
CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
# A fragment is not sent nor signed: Twilio repeats a callback three times, whatever failed.
REPEAT = "#rc=3&rp=all"
LISTED = 20


class RebasedTwilioHttpClient(TwilioHttpClient):
    """The client's transport with a time-out, and with another base address where one is given.

    A rebased client reaches that address alone: a host that is not played there is refused, proxies
    of the environment are ignored.
    """

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.base_url = base_url.rstrip("/")
        self.last = threading.local()
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=POOL))
        if self.base_url:
            self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """As the base class; raises ``TwilioException`` for a foreign host."""
        if self.base_url:
            place = urlsplit(url)
            if place.hostname not in HOSTS:
                raise TwilioException(f"refusing {place.hostname}: it is not emulated")
            url = self.base_url + place.path + (f"?{place.query}" if place.query else "")
        response = super().request(method, url, *args, **kwargs)
        # The client's exceptions do not carry headers.
        self.last.retry_after = response.headers.get("Retry-After", "")
        return response

    def retry_after(self) -> float | None:
        """Seconds that the last answer of this thread asked to wait."""
        asked = getattr(self.last, "retry_after", "")
        return float(asked) if asked.isdecimal() else None


@functools.lru_cache(maxsize=4)
def _client(account: str, user: str, password: str, base: str, timeout: int) -> Client:
    return Client(
        user,
        password,
        account,
        http_client=RebasedTwilioHttpClient(base, timeout),
        # Not empty, or the client reads region, edge and credentials from the environment.
        environment={"-": "-"},
    )


class TwilioGateway:
    """A ``CodeSender``."""

    def __init__(self, client: Client, *, sender: str, service: str, sandbox: bool) -> None:
        self.client = client
        self.sender = sender
        self.service = service
        self.sandbox = sandbox

    def send_sms(self, to: str, text: str, *, ttl: int, ref: UUID) -> Accepted:
        """Hands over a text message that is worthless after ``ttl`` seconds."""
        source = {"messaging_service_sid": self.service} if self.service else {"from_": self.sender}
        message = self._do(
            lambda: self.client.messages.create(
                to=to, body=text, validity_period=ttl, **source, **_callback(ref)
            )
        )
        return self._accepted(message.sid, message.status)

    def call(self, to: str, script: VoiceScript, *, ref: UUID) -> Accepted:
        """Rings for 25 seconds; the script is inline, so no code is ever in an address."""
        callback = _callback(ref)
        if callback:
            callback["status_callback_event"] = CALL_EVENTS
        call = self._do(
            lambda: self.client.calls.create(
                to=to,
                from_=self.sender,
                twiml=twiml.render(script),
                timeout=RING_SECONDS,
                time_limit=CALL_SECONDS,
                **callback,
            )
        )
        return self._accepted(call.sid, call.status)

    def fetch(self, channel: str, provider_id: str) -> Sighting:
        """Where a message or call is now."""
        if channel == Channel.VOICE:
            return _call_seen(self._do(lambda: self.client.calls(provider_id).fetch()))
        return _message_seen(self._do(lambda: self.client.messages(provider_id).fetch()))

    def look(
        self, channel: str, to: str, *, text: str, since: datetime, until: datetime
    ) -> Sequence[Sighting]:
        """What was made for ``to`` in that time, oldest first; messages with this text only."""
        if channel == Channel.VOICE:
            kind, seen = self.client.calls, _call_seen
        else:
            kind, seen = self.client.messages, _message_seen
        filters = {} if self.service else {"from_": self.sender}
        listed = self._do(lambda: kind.list(to=to, limit=LISTED, page_size=LISTED, **filters))
        found = [
            one
            for one in listed
            if one.date_created is not None
            and since <= one.date_created <= until
            # A trial account writes a sentence of its own before the text.
            and (channel == Channel.VOICE or (one.body or "").endswith(text))
        ]
        return [seen(one) for one in sorted(found, key=lambda one: one.date_created)]

    def _accepted(self, sid: str, status: str) -> Accepted:
        return Accepted(sid, "sandbox" if self.sandbox else status)

    def _do[T](self, request: Callable[[], T]) -> T:
        return attempt(self.client, request)


def attempt[T](client: Client, request: Callable[[], T]) -> T:
    """Runs one request of ``client`` and tells its failures apart by what may have happened."""
    try:
        return request()
    except TwilioRestException as error:
        raise _answered(client, error) from None
    except requests.RequestException as error:
        if _never_arrived(error):
            raise Busy(type(error).__name__) from None
        raise Unknown(type(error).__name__) from None
    except (TwilioException, ValueError, TypeError, AttributeError) as error:
        # An answer, but not one of Twilio's.
        raise Unknown(type(error).__name__) from None


def _answered(client: Client, error: TwilioRestException) -> Exception:
    """What an answer of 300 and above means; its text may hold user data and is not kept."""
    if error.status == 429:
        return Busy("429", client.http_client.retry_after())
    if 400 <= error.status < 500 and error.status != 408:
        return Refused(error.code)
    return Unknown(f"status {error.status}")


def _never_arrived(error: requests.RequestException) -> bool:
    """Whether not even a connection came about, so that nothing can have been processed."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError))


def _message_seen(message: Any) -> Sighting:
    status, detail = words.MESSAGES.get(message.status, ("sent", ""))
    code = message.error_code
    return Sighting(message.sid, status, detail, int(code) if code else None)


def _call_seen(call: Any) -> Sighting:
    status, detail = words.CALLS.get(call.status, ("sent", ""))
    return Sighting(call.sid, status, detail)


def _callback(ref: UUID) -> dict[str, Any]:
    """Where to tell the status; nowhere when Twilio could not reach this machine anyway."""
    if settings.TWILIO_MODE != "emulator" and not _is_public(settings.PUBLIC_HOST):
        return {}
    return {"status_callback": f"{settings.PUBLIC_BASE_URL}/twilio/status/{ref}/{REPEAT}"}


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host


def shared_client(*, timeout: int) -> Client:
    """The client as the settings say: one in the process for each time-out."""
    return _client(
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_API_KEY or settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_API_SECRET
        or (settings.TWILIO_AUTH_TOKENS[0] if settings.TWILIO_AUTH_TOKENS else ""),
        settings.TWILIO_API_BASE,
        timeout,
    )


def from_settings() -> TwilioGateway:
    """The gateway as the settings say."""
    return TwilioGateway(
        shared_client(timeout=settings.TWILIO_TIMEOUT),
        sender=settings.TWILIO_FROM,
        service=settings.TWILIO_MESSAGING_SERVICE_SID,
        sandbox=settings.TWILIO_MODE == "sandbox",
    )
