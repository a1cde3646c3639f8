"""How values lie in the cache, and how counting in it costs one trip."""

import json
from typing import Any

from django.core.cache.backends import redis

# Only what is there is counted: INCRBY alone would make a key that never expires.
_COUNT = """
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('INCRBY', KEYS[1], ARGV[1])
"""


class JsonSerializer:
    """JSON instead of pickle: who can write to Redis cannot thereby run code in the portal.

    Whole numbers stay bare, so that ``incr`` works on them.
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

    def incr(self, key: str, delta: int) -> int:
        count = self.get_client(key, write=True).eval(_COUNT, 1, key, delta)
        if count is None:
            raise ValueError(f"Key '{key}' not found.")
        return count


class RedisCache(redis.RedisCache):
    """Django's, with its client kept, and with an ``incr`` that looks and counts at once.

    Django asks whether the key is there and counts afterwards: a trip more for every rate limit,
    and a key that expires in between is made anew without an end.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
