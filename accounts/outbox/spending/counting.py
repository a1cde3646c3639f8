"""Codes sent and codes used, counted in Redis: one trip a send, and none of a page.

For each range two sorted sets of message ids by the time of their sending: what was sent within
the hour, the newest five thousand at most, and what of it was used. Raises when Redis does not
answer: nothing is sent uncounted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import caches

from accounts.outbox.spending.rules import Gauge, Range

WINDOW = 3600  # seconds
NEWEST = 5000
OPEN, FREE = "open", "free"
KEPT = 600  # seconds; ``services.sync`` writes the states anew long before

_COUNT = """
local states, gauges = {}, {}
for i = 0, 2 do
  states[i + 1] = redis.call('GET', KEYS[3 * i + 1]) or ''
end
for i = 0, 2 do
  if string.sub(states[i + 1], 1, 4) == 'open' then return {states, gauges} end
end
local now, from = tonumber(ARGV[2]), tonumber(ARGV[2]) - tonumber(ARGV[3])
for i = 0, 2 do
  local sends, used = KEYS[3 * i + 2], KEYS[3 * i + 3]
  redis.call('ZADD', sends, now, ARGV[1])
  redis.call('ZREMRANGEBYSCORE', sends, '-inf', from)
  redis.call('ZREMRANGEBYRANK', sends, 0, -tonumber(ARGV[4]) - 1)
  local oldest = redis.call('ZRANGE', sends, 0, 0, 'WITHSCORES')
  redis.call('ZREMRANGEBYSCORE', used, '-inf', '(' .. oldest[2])
  redis.call('EXPIRE', sends, ARGV[3])
  redis.call('EXPIRE', used, ARGV[3])
  gauges[i + 1] = {redis.call('ZCARD', sends), redis.call('ZCARD', used)}
end
return {states, gauges}
"""
_USED = """
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if at then
  redis.call('ZADD', KEYS[2], at, ARGV[1])
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end
"""
# One thousand at a time: a call takes only so many arguments.
_TAKE_OUT = """
local gone = redis.call('ZRANGE', KEYS[1], 0, -1)
for i = 2, #KEYS do
  for from = 1, #gone, 1000 do
    redis.call('ZREM', KEYS[i], unpack(gone, from, math.min(from + 999, #gone)))
  end
end
"""


@dataclass(frozen=True, slots=True)
class Count:
    """What is known of one range; ``gauge`` is None where something is shut and nothing counted."""

    state: str  # OPEN, FREE or ""
    trial_at: float  # seconds since 1970, when it is open
    gauge: Gauge | None


def count(ranges: Iterable[Range], message_id: object, now: datetime) -> list[Count]:
    """Counts a send in all of its ranges, unless one is shut. One trip."""
    keys = [key for one in ranges for key in _keys(one)]
    arguments = (str(message_id), now.timestamp(), WINDOW, NEWEST)
    states, gauges = _redis().eval(_COUNT, len(keys), *keys, *arguments)
    padded = gauges or [None] * len(states)
    return [_read(state, gauge) for state, gauge in zip(states, padded, strict=True)]


def _read(state: bytes, gauge: list[int] | None) -> Count:
    word, _, at = state.decode().partition(":")
    return Count(word, float(at or 0), Gauge(*gauge) if gauge else None)


def used(ranges: Iterable[Range], message_id: object) -> None:
    """A code that was counted was used. One trip."""
    pipe = _redis().pipeline(transaction=False)
    for one in ranges:
        _, sends, entered = _keys(one)
        pipe.eval(_USED, 2, sends, entered, str(message_id), WINDOW)
    pipe.execute()


def forget(ranges: Iterable[Range], message_id: object) -> None:
    """Takes back a send that cost nobody anything. One trip."""
    pipe = _redis().pipeline(transaction=False)
    for one in ranges:
        pipe.zrem(_keys(one)[1], str(message_id))
    pipe.execute()


def take_out(one: Range, wider: Iterable[Range]) -> None:
    """What was sent to a range that is stopped does not count against its neighbours. One trip."""
    keys = [key for other in wider for key in _keys(other)[1:]]
    if keys:
        _redis().eval(_TAKE_OUT, 1 + len(keys), _keys(one)[1], *keys)


def shut(key: str, trial_at: datetime) -> None:
    """Nothing but trials goes to the range."""
    _redis().set(_state(key), f"{OPEN}:{trial_at.timestamp()}", ex=KEPT)


def let_through(key: str, seconds: float) -> None:
    """The range is not judged for so long."""
    _redis().set(_state(key), FREE, ex=max(1, min(KEPT, int(seconds))))


def clear(key: str) -> None:
    """The range is judged, from nothing."""
    _redis().delete(_state(key), _state(key, "sends"), _state(key, "used"))


def _keys(one: Range) -> tuple[str, str, str]:
    return _state(one.key), _state(one.key, "sends"), _state(one.key, "used")


def _state(key: str, what: str = "state") -> str:
    return caches["limits"].make_key(f"spending:{key}:{what}")


def _redis() -> Any:
    # The server itself: sorted sets are beyond Django's own words for a cache.
    return caches["limits"]._cache.get_client(write=True)
