"""The cache holds JSON, not code."""

import pickle

import pytest
from django.core.cache import cache, caches

from tests.bench.counts import counted_trips


def test_keeps_what_json_can_say():
    cache.set("thing", {"a": [1, None, "é"]})
    assert cache.get("thing") == {"a": [1, None, "é"]}


def test_counts():
    cache.set("count", 1)
    assert cache.incr("count") == 2


def test_counts_nothing_that_is_not_there():
    with pytest.raises(ValueError, match="not found"):
        cache.incr("count")
    assert "count" not in cache


def test_keeps_the_end_of_what_it_counts():
    cache.set("count", 1, 60)
    cache.incr("count", 5)
    client = cache._cache.get_client(None)
    assert 0 < client.ttl(cache.make_key("count")) <= 60


def test_counts_with_one_trip():
    cache.set("count", 1)
    with counted_trips() as trips:
        cache.incr("count")
    assert len(trips) == 1


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
