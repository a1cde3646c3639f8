"""What systems report of programs, and what the rules of clients make of it."""

import hashlib
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.api_tokens import services as tokens
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.automation import services
from accounts.automation.models import Report, Watch
from accounts.automation.rules import Does, Kind
from accounts.client_accounts.models import Role
from accounts.client_accounts.services import grant
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.users.models import User
from tests.attacks.tools import at_once
from tests.cast import person
from tests.programs import TOKEN, call, issue

GATEWAY = "token-of-the-gateway-of-the-test"
pytestmark = pytest.mark.django_db
IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture(autouse=True)
def _system(settings) -> None:
    digest = hashlib.sha256(GATEWAY.encode()).hexdigest()
    settings.SERVICE_TOKENS = [f"gateway:{digest}:events"]


def stamp(ago: float = 0) -> str:
    return (timezone.now() - timedelta(seconds=ago)).isoformat(timespec="microseconds")


def body(kind: str = "api_calls", **changed: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"id": "1", "account": "U1000001", "kind": kind, "at": stamp()}
    usual |= {
        "api_calls": {"program": "Rebalancer", "count": 61, "seconds": 60},
        "bank_instruction": {"destination": IBAN},
        "order": {"amount": "50000.01", "interface": "api", "program": "Rebalancer"},
    }[kind]
    return usual | changed


def send(sent: dict[str, Any], token: str = GATEWAY) -> HttpResponse:
    return Client(raise_request_exception=False).post(
        "/api/v1/events",
        json.dumps(sent),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def report(kind: str = "api_calls", **changed: Any) -> dict[str, Any]:
    answer = send(body(kind, **changed))
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def rule(user: User, kind: Kind, most: int | None = None, does: Does = Does.TELL) -> Watch:
    made = services.make(
        user_id=user.pk,
        kind=kind,
        most=None if most is None else Decimal(most),
        does=does,
        origin=SYSTEM,
    )
    # Made a while ago, as far as the events of a test are concerned.
    Watch.objects.filter(pk=made.pk).update(since=timezone.now() - timedelta(hours=3))
    made.refresh_from_db()
    Message.objects.all().delete()
    return made


def met(user: User) -> list[dict[str, Any]]:
    entries = Entry.objects.filter(user=user, event=Event.AUTOMATION_RULE_MET).order_by("number")
    return [one.detail for one in entries]


def is_stopped(user: User) -> bool:
    user.refresh_from_db()
    return user.automation_stopped_at is not None


def test_a_burst_stops_all_automation_and_the_owner_is_told(alice):
    text = issue(alice).text
    rule(alice, Kind.CALLS, 60, Does.STOP)
    assert report(count=60) == {"id": "1", "repeated": False, "stopped": False}
    assert call(text, TOKEN).status_code == 200
    assert report(id="2", at=stamp(-1), count=61, seconds=1)["stopped"] is True
    assert call(text, TOKEN).status_code == 403
    [detail] = met(alice)
    assert detail["source"] == "Rebalancer"
    assert detail["account"] == "U1000001"
    events = Entry.objects.filter(user=alice).values_list("event", flat=True).order_by("-number")
    assert events[0] == Event.AUTOMATION_STOPPED
    # One message tells of the rule and of what it did.
    names = set(Message.objects.filter(user=alice).values_list("name", flat=True))
    assert names == {"automation_rule_met"}
    assert audit.verify(alice) is None


def test_halves_of_a_burst_add_up_in_whatever_order_they_come(alice):
    rule(alice, Kind.CALLS, 60, Does.STOP)
    at = timezone.now()
    parts = [(40, 20), (0, 21), (20, 20)]
    for number, (ago, count) in enumerate(parts):
        when = (at - timedelta(seconds=ago)).isoformat()
        got = report(id=f"part-{number}", at=when, count=count, seconds=10)
        assert got["stopped"] == (number == 2)


@pytest.mark.parametrize("changed", [{"program": "Another"}, {"account": "U1000002"}, {"at": None}])
def test_calls_of_others_do_not_add_up(alice, bob, changed):
    rule(alice, Kind.CALLS, 60, Does.STOP)
    report(count=40, seconds=10)
    changed = {key: value or stamp(90) for key, value in changed.items()}
    report(id="2", count=40, seconds=10, **changed)
    assert not is_stopped(alice)


def test_the_same_again_changes_nothing_and_an_id_stands_for_one_event(alice):
    rule(alice, Kind.BANK)
    sent = body("bank_instruction")
    assert send(sent).json()["repeated"] is False
    assert send(sent).json() == {"id": "1", "repeated": True, "stopped": False}
    answer = send(sent | {"destination": "DE02 1203 0000 0000 2020 51"})
    assert (answer.status_code, answer.json()["reason"]) == (409, "other")
    assert len(met(alice)) == 1
    assert Report.objects.count() == 1


def test_a_known_event_stops_nothing_after_programs_were_let_go_on(alice):
    watch = rule(alice, Kind.CALLS, 60, Does.STOP)
    sent = body(count=500)
    assert send(sent).json()["stopped"] is True
    tokens.resume_automation(user_id=alice.pk, origin=SYSTEM)
    assert send(sent).json() == {"id": "1", "repeated": True, "stopped": False}
    # Nor does one of before that comes late, or a small one just after.
    report(id="late", at=stamp(30), count=500)
    report(id="small", count=5, seconds=1)
    assert not is_stopped(alice)
    watch.refresh_from_db()
    assert datetime.fromisoformat(stamp(30)) < watch.since
    assert report(id="again", count=61, seconds=1)["stopped"] is True


def test_nothing_that_was_before_a_rule_meets_it(alice):
    services.make(user_id=alice.pk, kind=Kind.BANK, most=None, does=Does.STOP, origin=SYSTEM)
    report("bank_instruction", at=stamp(5))
    assert not is_stopped(alice)


@pytest.mark.parametrize(
    ("changed", "is_met"),
    [
        ({}, True),
        ({"interface": "tws_api"}, True),
        ({"amount": "50000"}, False),
        ({"interface": "tws"}, False),
        ({"interface": "mobile", "amount": "9000000"}, False),
    ],
)
def test_a_large_order_of_a_program_is_told(alice, changed, is_met):
    rule(alice, Kind.ORDER, 50_000)
    report("order", **changed)
    assert bool(met(alice)) == is_met
    assert Message.objects.filter(user=alice).exists() == is_met
    assert not is_stopped(alice)


def test_every_new_bank_instruction_is_told_without_where_it_leads(alice):
    rule(alice, Kind.BANK)
    report("bank_instruction")
    report("bank_instruction", id="2", destination="DE02 1203 0000 0000 2020 51")
    assert [one["seen"] for one in met(alice)] == ["…3000", "…2051"]
    kept = json.dumps(list(Report.objects.values()), default=str)
    kept += json.dumps(list(Entry.objects.values("detail")))
    assert "3704" not in kept
    mail = Message.objects.filter(user=alice).first()
    assert mail is not None


def test_what_goes_on_is_told_once_an_hour(alice):
    rule(alice, Kind.ORDER, 50_000)
    for number in range(30):
        report("order", id=str(number))
    assert len(met(alice)) == 1


def test_an_officer_of_the_account_has_rules_of_their_own_and_a_stranger_sees_nothing(alice, bob):
    trader = person("tina")
    grant(account=alice.memberships.get().account, user=trader, role=Role.TRADER)
    rule(trader, Kind.ORDER, 1, Does.STOP)
    rule(bob, Kind.ORDER, 1, Does.STOP)
    assert report("order")["stopped"] is True
    assert (is_stopped(trader), is_stopped(alice), is_stopped(bob)) == (True, False, False)


def test_our_own_calls_meet_the_rule_too(alice, settings):
    settings.API_CALLS_PER_MINUTE = 1000
    text = issue(alice).text
    rule(alice, Kind.CALLS, 10, Does.STOP)
    assert [call(text, TOKEN).status_code for _ in range(11)] == [200] * 11
    assert call(text, TOKEN).status_code == 403
    assert [one["source"] for one in met(alice)] == ["report"]
    # Let go on within the same minute: what was counted before stops nothing.
    tokens.resume_automation(user_id=alice.pk, origin=SYSTEM)
    for _ in range(25):
        assert call(text, TOKEN).status_code == 200


def test_a_call_costs_no_more_statements_for_a_rule_it_does_not_meet(alice, counted_queries):
    text = issue(alice).text
    call(text, TOKEN)
    with counted_queries() as without:
        call(text, TOKEN)
    rule(alice, Kind.CALLS, 60, Does.STOP)
    with counted_queries() as with_rule:
        call(text, TOKEN)
    assert len(with_rule) == len(without)


def test_a_rule_is_tried_out_and_stops_nothing(alice):
    watch = rule(alice, Kind.CALLS, 60, Does.STOP)
    assert services.try_out(watch=watch, origin=SYSTEM) is False
    assert not is_stopped(alice)
    assert set(Message.objects.values_list("name", flat=True)) == {"automation_rule_tried"}
    report(count=30, seconds=5)
    report(id="2", at=stamp(5), count=31, seconds=5, program="Another")
    assert services.try_out(watch=watch, origin=SYSTEM) is False
    report(id="3", at=stamp(5), count=31, seconds=5)
    assert services.try_out(watch=watch, origin=SYSTEM) is True


def test_reports_are_kept_for_as_long_as_they_may_come_again(alice, clock):
    report()
    assert services.purge() == 0
    clock.shift(49 * 3600)
    assert services.purge() == 1


def test_a_known_event_that_was_purged_is_too_late(alice, clock):
    sent = body()
    send(sent)
    clock.shift(24 * 3600)
    answer = send(sent)
    assert (answer.status_code, answer.json()["reason"]) == (422, "late")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"id": ""}, 400),
        ({"id": "a b"}, 400),
        ({"id": "x" * 65}, 400),
        ({"id": 7}, 400),
        ({"kind": "login"}, 400),
        ({"kind": None}, 400),
        ({"kind": "order"}, 400),
        ({"account": "U9999999"}, 404),
        ({"account": "1000001"}, 400),
        ({"at": "now"}, 400),
        ({"at": 1}, 400),
        ({"at": "2026-02-30T00:00:00Z"}, 422),
        ({"at": "2020-01-01T00:00:00Z"}, 422),
        ({"at": "2099-01-01T00:00:00Z"}, 422),
        ({"at": "0001-01-01T00:00:00+23:59"}, 422),
        ({"count": 0}, 400),
        ({"count": -1}, 400),
        ({"count": 1.5}, 400),
        ({"count": "61"}, 400),
        ({"count": True}, 400),
        ({"count": 10**18}, 400),
        ({"seconds": 0}, 400),
        ({"seconds": 3601}, 400),
        ({"program": ""}, 400),
        ({"program": "a\nb"}, 400),
        ({"program": "x" * 61}, 400),
        ({"destination": IBAN}, 400),
        ({"more": 1}, 400),
    ],
)
def test_what_is_malformed_is_not_kept(alice, changed, status):
    rule(alice, Kind.CALLS, 10, Does.STOP)
    answer = send(body() | changed)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Report.objects.exists()
    assert not is_stopped(alice)


@pytest.mark.parametrize("amount", ["0", "-1", "1e9", "NaN", "1.001", "01", 5, None, "1" * 13])
def test_what_is_no_amount_is_not_kept(alice, amount):
    assert send(body("order", amount=amount)).status_code == 400
    assert not Report.objects.exists()


@pytest.mark.parametrize("text", ["", "x", GATEWAY + "x", GATEWAY.upper()])
def test_only_a_system_reports(alice, text):
    assert send(body(), text).status_code == 401
    assert not Report.objects.exists()


def test_a_system_that_is_there_for_something_else_reports_nothing(alice, settings):
    digest = hashlib.sha256(GATEWAY.encode()).hexdigest()
    for scopes in ("", ":figures", ":decisions+documents"):
        settings.SERVICE_TOKENS = [f"gateway:{digest}{scopes}"]
        answer = send(body())
        assert (answer.status_code, answer.json()["reason"]) == (403, "scope")
    assert send(body(), issue(alice).text).status_code == 401


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Fifty events at the same instant."""

    def test_of_a_burst_in_fifty_parts_one_stops_once(self, alice):
        rule(alice, Kind.CALLS, 60, Does.STOP)
        at = stamp()
        got = at_once(
            50, lambda number: report(id=f"p{number}", at=at, count=2, seconds=5)["stopped"]
        )
        assert sorted(got) == [False] * 49 + [True]
        assert is_stopped(alice)
        assert Entry.objects.filter(user=alice, event=Event.AUTOMATION_STOPPED).count() == 1
        assert len(met(alice)) == 1
        assert Report.objects.count() == 50
        assert audit.verify(alice) is None

    def test_of_fifty_times_the_same_one_counts(self, alice):
        rule(alice, Kind.BANK, None, Does.STOP)
        sent = body("bank_instruction")
        got = at_once(50, lambda _: send(sent))
        assert {one.status_code for one in got} == {200}
        assert sum(not one.json()["repeated"] for one in got) == 1
        assert sum(one.json()["stopped"] for one in got) == 1
        assert (len(met(alice)), Report.objects.count()) == (1, 1)

    def test_events_and_the_owner_at_once_leave_a_whole_record(self, alice, bob):
        account = alice.memberships.get().account
        grant(account=account, user=bob, role=Role.TRADER)
        for user in (alice, bob):
            rule(user, Kind.ORDER, 1, Does.STOP)

        def act(number: int) -> int:
            if number % 5 == 0:
                tokens.resume_automation(user_id=alice.pk, origin=SYSTEM)
                return 200
            return send(body("order", id=str(number))).status_code

        assert set(at_once(50, act)) == {200}
        assert audit.verify(alice) is None
        assert audit.verify(bob) is None
