"""How often the data of a session goes to the cache."""

import pytest

from accounts.sessions.store import SessionStore
from tests.bench.counts import counted_trips


@pytest.fixture
def live() -> SessionStore:
    """The session of a request whose row is live."""
    store = SessionStore("a-key-of-some-length-0123456789")
    store.is_live = True
    return store


def test_stores_the_same_data_once_a_request(live):
    live["a"] = [1]
    with counted_trips() as trips:
        live.save()
        live.save()
    assert trips == ["SET"]
    assert SessionStore(live.session_key)["a"] == [1]


def test_stores_what_was_changed_since(live):
    live["a"] = [1]
    live.save()
    live["a"].append(2)
    live.save()
    assert SessionStore(live.session_key)["a"] == [1, 2]


def test_stores_the_same_data_under_a_new_key(live):
    live["a"] = 1
    live.save()
    live.cycle_key()
    live.save()
    assert SessionStore(live.session_key)["a"] == 1


def test_a_session_that_was_emptied_stores_anew(live):
    live["a"] = 1
    live.save()
    old = live.session_key
    live.flush()
    live["a"] = 1
    live.save()
    assert live.session_key != old
    assert SessionStore(live.session_key)["a"] == 1
    assert "a" not in SessionStore(old)
