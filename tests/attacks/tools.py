"""What several attacks need: many at once, tolerant browsers, wrong codes."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

from django.db import connections
from django.test import Client

from accounts.users.models import User
from tests.cast import code_for

PHONES = "/settings/communication/phones/"
EMAILS = "/settings/communication/emails/"
NEW_PHONE = "+14155550177"


def browser(**headers: str) -> Client:
    """A browser to which an error of the server is an answer, as it is to an attacker."""
    return Client(raise_request_exception=False, headers=headers or None)


def twin(client: Client) -> Client:
    """Another tab: a browser with the same cookies."""
    other = browser()
    other.cookies = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()})
    return other


def at_once[T](count: int, act: Callable[[int], T]) -> list[T]:
    """``act(0)``, ``act(1)`` … in as many threads, let go together."""
    gate = threading.Barrier(count)

    def run(number: int) -> T:
        gate.wait()
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def other_than(code: str, number: int = 1) -> str:
    """A wrong code; another one for each ``number`` from 1."""
    return f"{(int(code) + number) % 10 ** len(code):0{len(code)}d}"


def wrong_code(user: User) -> str:
    """A wrong code for the user's newest challenge."""
    return other_than(code_for(user))
