"""How values lie in the cache, and how counting in it costs one trip."""

import json
from typing import Any

from django.core.cache.backends import redis

# The first use makes the key with its end; each further one only counts.
_USE = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then return false end
return redis.call('INCR', KEYS[1])
"""


class JsonSerializer:
    """JSON instead of pickle: who can write to Redis cannot thereby run code in the portal.

    Whole numbers stay bare, so that Redis can count with them.
    """

    def dumps(self, value: Any) -> bytes | int:
        """Raises ``TypeError`` for what JSON cannot say."""
        if type(value) is int:
            return value
        return json.dumps(value, separators=(",", ":")).encode()

    def loads(self, stored: bytes) -> Any:
        """The value that was stored."""
        return json.loads(stored)


class _Client(redis.RedisCacheClient):
    """For one server, as the settings name it: reads and writes share one client."""

    _shared: Any = None

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        # Django makes a new one for each command, which costs more than the command itself.
        if self._shared is None:
            self._shared = super().get_client(key, write=True)
        return self._shared


class RedisCache(redis.RedisCache):
    """Django's, with its client kept."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client


class _RatesClient(_Client):
    _used: tuple[str, int] | None = None

    def add(self, key: str, value: int, timeout: int) -> bool:
        count = self.get_client(key, write=True).eval(_USE, 1, key, value, timeout)
        self._used = None if count is None else (key, count)
        return count is None

    def incr(self, key: str, delta: int) -> int:
        if self._used is None or self._used[0] != key or delta != 1:
            raise ValueError(f"Key '{key}' was not asked for.")
        (_, count), self._used = self._used, None
        return count


class RatesCache(RedisCache):
    """For django-ratelimit alone, which adds a count and, where there is one, goes on to raise it.

    ``add`` does both at once, and ``incr`` tells what came of it: one trip a use instead of two,
    and no count can end in between. Each thread has a cache of its own, as Django's always are.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _RatesClient
