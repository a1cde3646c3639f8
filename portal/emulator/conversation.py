"""An answered call: fetches TwiML, speaks it in its own time, takes keys.

Speech runs faster than life (25 characters a second), so that nobody waits for it, and slowly
enough that a person who reads along can press a key.
"""

import time
from contextlib import suppress
from urllib.parse import urljoin

from portal.emulator import callbacks, orders, web
from portal.emulator.clock import clock
from portal.emulator.state import Call, Spoken, store
from portal.emulator.twiml import (
    Gather,
    Hangup,
    Pause,
    Play,
    Redirect,
    Say,
    Unreadable,
    Verb,
    parse,
)

CHARACTERS_A_SECOND = 25
SHORTEST_SPEECH = 0.3
PLAY_SECONDS = 1
# A document that redirects to itself without a pause would spin for ever.
DOCUMENTS_MOST = 100


class HungUp(Exception):
    """The call is over while something was being said."""


class Elsewhere(Exception):
    """The talk goes on with another document."""

    def __init__(self, document: str, base: str = "") -> None:
        super().__init__()
        self.document = document
        self.base = base


class Trouble(Exception):
    """The application failed; the call ends as Twilio ends it, and the reason is kept."""


class Conversation:
    """Runs on a thread of its own; the person acts on the call from other threads."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.deadline = time.monotonic() + clock.seconds(call.time_limit)
        self.base = ""

    def run(self) -> None:
        """Talks until either side hangs up."""
        with suppress(HungUp):
            try:
                self._follow()
            except (Trouble, Unreadable) as trouble:
                self.call.trouble = str(trouble)

    def _follow(self) -> None:
        document = self.call.twiml
        if self.call.url:
            document = self._first_document()
        for _ in range(DOCUMENTS_MOST):
            try:
                for verb in parse(document):
                    self._perform(verb)
            except Elsewhere as turn:
                document, self.base = turn.document, turn.base
            else:
                return
        raise Trouble("The documents redirect without end.")

    def _first_document(self) -> str:
        self.base = self.call.url
        try:
            return self._fetch(self.call.url, self.call.method)
        except Trouble:
            if not self.call.fallback_url:
                raise
        self.base = self.call.fallback_url
        return self._fetch(self.call.fallback_url, "POST")

    def _perform(self, verb: Verb) -> None:
        match verb:
            case Say() | Pause() | Play():
                self._utter(verb)
            case Gather():
                self._gather(verb)
            case Redirect(url, method):
                self._go(url, method, {})
            case Hangup():
                raise HungUp

    def _utter(self, verb: Say | Pause | Play, *, until_key: bool = False) -> None:
        seconds: float = PLAY_SECONDS
        if isinstance(verb, Pause):
            seconds = verb.seconds
        elif isinstance(verb, Say):
            with store.lock:
                self.call.spoken.append(Spoken(verb.text, verb.language))
                store.lock.notify_all()
            once = max(SHORTEST_SPEECH, len(verb.text) / CHARACTERS_A_SECOND)
            seconds = once * verb.loop if verb.loop else self.call.time_limit
        self._wait(seconds, until_key=until_key)

    def _gather(self, gather: Gather) -> None:
        self.call.listening = gather.hears_keys
        try:
            for prompt in gather.prompts:
                # A key interrupts the prompt, and what was left of it is not said.
                if not (gather.hears_keys and self.call.keys):
                    self._utter(prompt, until_key=gather.hears_keys)
            digits, finish = self._digits(gather)
        finally:
            self.call.listening = False
        if digits or gather.even_empty:
            params = {"Digits": digits, "msg": "Gather End"}
            if finish:
                params["FinishedOnKey"] = finish
            self._go(gather.action or self.base, gather.method, params)

    def _digits(self, gather: Gather) -> tuple[str, str]:
        """The keys that belong to this Gather, and the key that finished it."""
        digits = ""
        while True:
            self._wait(gather.timeout, until_key=gather.hears_keys)
            with store.lock:
                key, self.call.keys = self.call.keys[:1], self.call.keys[1:]
            if not key or not gather.hears_keys:
                return digits, ""
            if key in gather.finish_on_key:
                return digits, key
            digits += key
            if len(digits) == gather.num_digits:
                return digits, ""

    def _go(self, url: str, method: str, params: dict[str, str]) -> None:
        target = urljoin(self.base, url)
        if not orders.is_url(target):
            raise Trouble(f"11100 Not an absolute URL: {url!r}")
        raise Elsewhere(self._fetch(target, method, params), target)

    def _fetch(self, url: str, method: str, more: dict[str, str] | None = None) -> str:
        params = callbacks.call_params(self.call, self.call.status) | (more or {})
        try:
            answer = web.send(url, method, params)
        except web.Unanswered as unanswered:
            raise Trouble(f"11200 {unanswered}") from None
        if answer.status != 200:
            raise Trouble(f"11200 The application answered {answer.status}")
        return answer.body

    def _wait(self, seconds: float, *, until_key: bool = False) -> None:
        """Lets time pass; a key shortens it if wanted, the end of the call always."""
        until = min(time.monotonic() + clock.seconds(seconds), self.deadline)
        call = self.call
        with store.lock:
            store.lock.wait_for(
                lambda: call.is_over or call.replacement or (until_key and call.keys),
                timeout=until - time.monotonic(),
            )
            if call.is_over or time.monotonic() >= self.deadline:
                raise HungUp
            replacement, call.replacement = call.replacement, None
        if replacement:
            kind, value = replacement
            if kind == "twiml":
                raise Elsewhere(value)
            raise Elsewhere(self._fetch(value, call.method), value)
