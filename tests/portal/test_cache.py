"""The cache holds JSON, not code."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache, caches

from accounts import limits
from tests.bench.counts import counted_trips


def test_keeps_what_json_can_say():
    cache.set("thing", {"a": [1, None, "é"]})
    assert cache.get("thing") == {"a": [1, None, "é"]}


def used(name: str = "rl:count", seconds: int = 60) -> int:
    """A use as django-ratelimit counts one."""
    rates = caches["rates"]
    return 1 if rates.add(name, 1, seconds) else rates.incr(name)


def test_counts_the_uses_of_a_rate():
    assert [used(), used(), used("rl:other"), used()] == [1, 2, 1, 3]


def test_counts_nothing_that_was_not_used():
    with pytest.raises(ValueError, match="not asked for"):
        caches["rates"].incr("rl:count")
    used()
    used()
    with pytest.raises(ValueError, match="not asked for"):
        caches["rates"].incr("rl:count")
    assert used() == 3


def test_keeps_the_end_of_what_it_counts():
    used(seconds=60)
    used(seconds=600)
    client = caches["rates"]._cache.get_client(None)
    assert 0 < client.ttl(caches["rates"].make_key("rl:count")) <= 60


def test_a_use_costs_one_trip():
    for _ in range(2):
        with counted_trips() as trips:
            limits.take("sign_ins_per_address", "192.0.2.1")
        assert len(trips) == 1


def test_parallel_uses_are_all_counted():
    with ThreadPoolExecutor(8) as pool:
        counts = sorted(pool.map(lambda _: used(), range(40)))
    assert counts == list(range(1, 41))


def test_refuses_an_object():
    with pytest.raises(TypeError):
        cache.set("thing", object())


def test_does_not_run_a_pickle():
    client = cache._cache.get_client(None, write=True)
    client.set(cache.make_key("thing"), pickle.dumps({"a": 1}))
    with pytest.raises(ValueError):
        cache.get("thing")


def test_clearing_the_limits_leaves_the_sessions():
    cache.set("thing", 1)
    caches["limits"].clear()
    assert cache.get("thing") == 1
