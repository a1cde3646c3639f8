"""One stage for many cases: what a case does is undone before the next.

Setting a stage (a sign-in, a freeze) takes much longer than asking for one page from it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from redis import Redis

from accounts.outbox.hooks import taking
from accounts.support import record
from portal.servers import redis_database

# The queue, sessions, and counts and rates.
DATABASES = 3
Values = dict[bytes, tuple[bytes, int]]


def staged(client: Client) -> Callable[[], AbstractContextManager[None]]:
    """``again = staged(client)`` when the stage is set; each ``with again():`` finds rows, caches
    and cookies as they are now, and what it writes goes with it. Within one transaction, so that
    nothing that waits for a commit happens."""
    cookies = deepcopy(client.cookies)
    stores = [
        Redis.from_url(redis_database(settings.REDIS_URL, offset)) for offset in range(DATABASES)
    ]
    kept = [(store, _values(store)) for store in stores]

    @contextmanager
    def again() -> Iterator[None]:
        _forget()
        block = transaction.atomic()
        # As that of a test: what has to be committed by itself may begin within.
        block._from_testcase = True
        try:
            with block:
                yield
                transaction.set_rollback(True)
        finally:
            client.cookies = deepcopy(cookies)
            for store, values in kept:
                _put_back(store, values)

    return again


def _forget() -> None:
    """What a process remembers of requests: the language and time zone of the last one, too."""
    record.remember(None)
    taking.forget()
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


def _values(store: Redis) -> Values:
    """Each key with its value and how many milliseconds it lives; 0 means for ever."""
    return {key: (store.dump(key), max(store.pttl(key), 0)) for key in store.scan_iter()}


def _put_back(store: Redis, values: Values) -> None:
    pipe = store.pipeline(transaction=False)
    pipe.flushdb()
    for key, (value, lives) in values.items():
        pipe.restore(key, lives, value)
    pipe.execute()
