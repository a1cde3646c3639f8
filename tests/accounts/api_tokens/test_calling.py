"""What a call costs, what is kept of it, and when its owner hears of it."""

from datetime import timedelta

import pytest

from accounts.api_tokens.models import Call
from accounts.audit.events import Event
from accounts.audit.models import Entry
from tests.programs import OPERATIONS, TOKEN, call, fresh, issue

pytestmark = pytest.mark.django_db

HOME, ABROAD = "203.0.113.7", "198.51.100.20"
READS = [path for method, path, _scope in OPERATIONS if method == "GET" and "security" not in path]


def told(event: Event) -> int:
    return Entry.objects.filter(event=event).count()


@pytest.mark.parametrize("path", READS)
def test_a_call_costs_four_statements_at_most_with_its_log(alice, counted_queries, path):
    text = issue(alice).text
    call(text, path)
    with counted_queries(most=4):
        assert call(text, path).status_code == 200


def test_the_token_alone_costs_two_and_once_a_minute_three(alice, counted_queries, clock):
    text = issue(alice).text
    with counted_queries(3):
        call(text, TOKEN)
    with counted_queries(2):
        call(text, TOKEN)
    clock.shift(61)
    with counted_queries(3):
        call(text, TOKEN)


def test_the_last_use_is_written_once_a_minute(alice, clock):
    issued = issue(alice)
    call(issued.text, TOKEN)
    first = fresh(issued.row).used_at
    clock.shift(30)
    call(issued.text, TOKEN)
    assert fresh(issued.row).used_at == first
    clock.shift(31)
    call(issued.text, TOKEN)
    assert fresh(issued.row).used_at > first + timedelta(minutes=1)


def test_each_call_is_kept_with_what_became_of_it(alice):
    issued = issue(alice, scopes=["account.read"])
    call(issued.text, address=HOME)
    call(issued.text, "/api/v1/freeze", "POST", HOME)
    call(issued.text, "/api/v1/token", "DELETE", HOME)
    call(f"{issued.text[:-1]}_")
    kept = list(Call.objects.order_by("pk").values_list("operation", "status", "address"))
    assert kept == [("GET /account", 200, HOME), ("POST /freeze", 403, HOME)]
    assert fresh(issued.row).used_scopes == ["account.read"]


def test_what_was_refused_is_no_use(alice):
    issued = issue(alice, scopes=[])
    call(issued.text)
    assert fresh(issued.row).used_at is None
    assert fresh(issued.row).used_scopes == []


def test_a_new_address_is_told_and_the_first_is_not(alice):
    issued = issue(alice)
    for address in (HOME, HOME, ABROAD, ABROAD):
        call(issued.text, TOKEN, address=address)
    assert told(Event.API_TOKEN_ELSEWHERE) == 1
    entry = Entry.objects.get(event=Event.API_TOKEN_ELSEWHERE)
    assert (entry.origin["address"], entry.origin["platform"]) == (ABROAD, "api")


def test_a_busy_one_is_told_once_a_day_and_goes_on(alice, settings, clock):
    settings.API_CALLS_NOTICED = 3
    text = issue(alice, life=timedelta(days=7)).text
    assert {call(text, TOKEN).status_code for _ in range(9)} == {200}
    assert told(Event.API_TOKEN_BUSY) == 1


def test_too_many_calls_are_told_when_to_come_back(alice, settings):
    settings.API_CALLS_PER_MINUTE = 3
    text, other = issue(alice).text, issue(alice).text
    answers = [call(text, TOKEN) for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["retry_after"] >= 1
    assert call(other, TOKEN).status_code == 200
    assert Call.objects.filter(status=429).count() == 2


def test_a_token_used_from_place_to_place_floods_nobody(alice):
    """Two machines, or a thief beside the owner: each place is told of once a day, and a handful
    of places at most."""
    text = issue(alice).text
    for number in range(12):
        assert call(text, address=f"203.0.113.{number % 2}").status_code == 200
    told = Entry.objects.filter(user=alice, event=Event.API_TOKEN_ELSEWHERE)
    assert 1 <= told.count() <= 2
    for number in range(20):
        assert call(text, address=f"198.51.100.{number}").status_code == 200
    assert told.count() <= 10
