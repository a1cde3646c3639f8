"""Webhooks: kept by security officers, and a second person for whatever lets more out."""

from typing import Any

import pytest
from django.test import Client

from accounts.approvals.models import Request
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox.hooks import posting, rules, services
from accounts.outbox.hooks.models import Hook, HookKey
from accounts.outbox.models import Channel, Message, Status
from accounts.users.models import User
from tests.accounts.outbox.hooks.conftest import ORIGIN, URL
from tests.accounts.outbox.hooks.conftest import WHY as REASONS
from tests.cast import member_of_staff
from tests.portal.console.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/console/webhooks/"
NEW = REASONS | {"url": URL, "session_ended": "on", "account_frozen": "on"}


@pytest.fixture
def hook() -> Hook:
    return services.add(url=URL, types=rules.TYPES, origin=ORIGIN, **REASONS).hook


@pytest.fixture
def other(db) -> Client:
    """Olaf, another security officer."""
    return signed_in(member_of_staff("olaf", "+14155550122", "security_officer"))


def decide(tab: Client, decision: str = "approve", **more: str) -> Any:
    """The last request, decided by whoever looks."""
    made = Request.objects.latest("pk")
    fields = {"why": "I have asked the risk desk", "decision": decision} | more
    return tab.post(f"/console/approvals/{made.pk}/", fields, follow=True)


def test_one_asks_another_decides_and_then_it_is_there(officer, other):
    asked = officer.post(f"{HERE}new/", NEW)
    made = Request.objects.get()
    assert asked["Location"] == f"/console/approvals/{made.pk}/"
    assert not Hook.objects.exists()
    page = other.get(f"/console/approvals/{made.pk}/").content.decode()
    assert URL in page
    assert "Sessions ended, Everything stopped" in page
    said = decide(other).content.decode()
    assert Hook.objects.get().types == ["session.ended", "account.frozen"]
    key = HookKey.objects.get()
    assert key.opened() not in said
    entry = Entry.objects.get(event=Event.HOOK_ADDED)
    assert (entry.actor, entry.detail["ticket"]) == ("staff:uma+olaf", "SEC-77")
    assert "whs_" not in str(Request.objects.values_list("values", flat=True).get())


def test_what_concerns_the_house_waits_on_the_first_page(officer, other):
    officer.post(f"{HERE}new/", NEW)
    for tab in (officer, other):
        page = tab.get("/console/")
        assert page.status_code == 200
        assert "The house" in page.content.decode()


def test_a_lead_decides_and_neither_asks_nor_sees(officer):
    lead = signed_in(member_of_staff("karl", "+14155550120", "support_lead"))
    assert lead.get(f"{HERE}new/").status_code == 403
    assert lead.post(f"{HERE}new/", NEW).status_code == 403
    officer.post(f"{HERE}new/", NEW)
    decide(lead)
    made = Hook.objects.get()
    assert Entry.objects.get(event=Event.HOOK_ADDED).actor == "staff:uma+karl"
    assert lead.get(f"{HERE}{made.pk}/").status_code == 403


def test_whoever_asked_sees_the_secret_once_and_nobody_else(officer, other):
    officer.post(f"{HERE}new/", NEW)
    decide(other)
    key = HookKey.objects.get()
    place, way = f"{HERE}{key.hook_id}/", f"{HERE}{key.hook_id}/secret/{key.kid}/"
    assert way in officer.get(place).content.decode()
    page = other.get(place).content.decode()
    assert way not in page
    assert "has not looked at its secret yet" in page
    assert key.opened() not in other.post(way, follow=True).content.decode()
    assert officer.get(way).status_code == 405
    page = officer.post(way)
    assert page.status_code == 200
    assert page["Cache-Control"].count("no-store")
    assert key.opened() in page.content.decode()
    [entry] = Entry.objects.filter(event=Event.HOOK_KEY_SHOWN)
    assert (entry.actor, entry.detail["key"]) == ("staff:uma", key.kid)
    again = officer.post(way, follow=True).content.decode()
    assert "That secret was shown already" in again
    for path in (HERE, place):
        page = officer.get(path).content.decode()
        assert key.opened() not in page
        assert way not in page


def test_a_secret_that_nobody_looked_at_in_time_stays_unseen(officer, other):
    officer.post(f"{HERE}new/", NEW)
    decide(other)
    key = HookKey.objects.get()
    HookKey.objects.update(created_at=key.created_at - rules.SHOWN_WITHIN)
    page = officer.post(f"{HERE}{key.hook_id}/secret/{key.kid}/", follow=True).content.decode()
    assert key.opened() not in page
    assert HookKey.objects.get().shown_at is None


def test_nobody_decides_about_their_own(officer, uma, other):
    officer.post(f"{HERE}new/", NEW)
    decide(officer)
    assert not Hook.objects.exists()
    # Nor by another user name of the same person.
    User.objects.filter(username__in=["uma", "olaf"]).update(person="P-7")
    decide(other)
    assert not Hook.objects.exists()


@pytest.mark.parametrize("role", ["support_agent", "card_logistics", "auditor"])
def test_no_other_role_decides(officer, role):
    officer.post(f"{HERE}new/", NEW)
    decide(signed_in(member_of_staff("karl", "+14155550120", role)))
    assert not Hook.objects.exists()


def test_a_refusal_adds_nothing(officer, other):
    officer.post(f"{HERE}new/", NEW)
    decide(other, "refuse")
    decide(other)
    assert not Hook.objects.exists()


def test_one_waits_at_a_time(officer, other):
    officer.post(f"{HERE}new/", NEW)
    page = officer.post(f"{HERE}new/", NEW | {"url": "https://evil.example/"}).content.decode()
    assert "waits for a second person already" in page
    assert Request.objects.count() == 1


def test_nobody_adds_more_than_there_may_be(officer, other):
    officer.post(f"{HERE}new/", NEW)
    for number in range(services.MOST):
        services.add(url=f"{URL}/{number}", types=rules.TYPES, origin=ORIGIN, **REASONS)
    assert "There are as many endpoints" in decide(other).content.decode()
    assert Hook.objects.count() == services.MOST
    assert Request.objects.get().state == "open"
    decide(officer, "withdraw")
    assert "There are as many endpoints" in officer.post(f"{HERE}new/", NEW).content.decode()


@pytest.mark.parametrize("code", ["hook_add", "hook_key", "hook_widen"])
def test_nobody_reaches_it_as_an_act_about_a_client(code, officer, alice):
    assert officer.get(f"/console/clients/alice/do/{code}/").status_code == 404


@pytest.mark.parametrize("role", ["support_agent", "support_lead", "card_logistics", "auditor", ""])
def test_nobody_else_may(role, hook, db):
    other = signed_in(member_of_staff("karl", "+14155550120", role))
    message = services.test(pk=hook.pk, origin=ORIGIN, **REASONS)
    paths = ["", "new/", f"{hook.pk}/", f"{hook.pk}/do/choose/", f"{hook.pk}/do/key/"]
    paths += [f"{hook.pk}/do/test/", f"{hook.pk}/do/drop/", f"{hook.pk}/again/{message.pk}/"]
    paths += [f"{hook.pk}/secret/{HookKey.objects.get().kid}/"]
    for path in paths:
        assert other.get(HERE + path).status_code in (403, 405), path
        assert other.post(HERE + path, NEW).status_code == 403, path
    assert HERE not in other.get("/console/").content.decode()
    assert (
        Hook.objects.count(),
        HookKey.objects.count(),
        Message.objects.filter(channel=Channel.HOOK).count(),
    ) == (1, 1, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "http://hooks.broker.example/"},
        {"url": "https://10.0.0.1/"},
        {"url": "https://2130706433/"},
        {"url": "https://u:p@hooks.broker.example/"},
        {"url": "https://hooks.broker.example/#x"},
        {"url": "javascript:alert(1)"},
        {"session_ended": "", "account_frozen": ""},
        {"reason": ""},
        {"ticket": "12"},
    ],
)
def test_what_is_not_whole_adds_nothing(officer, fields):
    page = officer.post(f"{HERE}new/", NEW | fields)
    assert "error-summary" in page.content.decode()
    assert not Request.objects.exists()


def test_a_second_key_takes_two_and_the_first_goes(officer, other, hook):
    first = HookKey.objects.get()
    assert officer.post(f"{HERE}{hook.pk}/do/key/", REASONS).status_code == 302
    assert HookKey.objects.get() == first
    decide(other)
    second = HookKey.objects.exclude(pk=first.pk).get()
    page = officer.post(f"{HERE}{hook.pk}/secret/{second.kid}/").content.decode()
    assert second.opened() in page
    page = officer.post(f"{HERE}{hook.pk}/do/key/", REASONS)
    assert "There are two keys already" in page.content.decode()
    assert (HookKey.objects.count(), Request.objects.filter(state="open").count()) == (2, 0)
    drop = f"{HERE}{hook.pk}/do/drop/"
    assert officer.post(drop, REASONS | {"kid": first.kid}).status_code == 302
    assert officer.post(drop, REASONS | {"kid": second.kid}).status_code == 200
    assert HookKey.objects.get() == second
    assert Entry.objects.get(event=Event.HOOK_KEY_ADDED).actor == "staff:uma+olaf"
    assert Entry.objects.get(event=Event.HOOK_KEY_DROPPED).actor == "staff:uma"


def test_one_alone_switches_off_and_two_switch_on(officer, other, hook):
    url = f"{HERE}{hook.pk}/do/choose/"
    officer.post(url, REASONS | {"is_on": ""})
    assert Hook.objects.get().off == ""  # none at all is refused
    officer.post(url, REASONS | {"session_ended": "on"})
    assert Hook.objects.get().off == "staff"
    page = officer.post(f"{HERE}{hook.pk}/do/test/", REASONS)
    assert "switched off" in page.content.decode()
    assert not Message.objects.filter(channel=Channel.HOOK).exists()
    officer.post(url, REASONS | {"session_ended": "on", "is_on": "on"})
    assert Hook.objects.get().off == "staff"
    page = other.get(f"/console/approvals/{Request.objects.get().pk}/").content.decode()
    assert "Switched off by staff: Sessions ended" in page
    decide(other)
    assert Hook.objects.get().off == ""
    assert Entry.objects.filter(event=Event.HOOK_CHANGED).latest("pk").actor == "staff:uma+olaf"


def test_one_alone_takes_kinds_of_events_off_and_two_add_some(officer, other, hook):
    url = f"{HERE}{hook.pk}/do/choose/"
    officer.post(url, REASONS | {"is_on": "on", "session_ended": "on", "account_frozen": "on"})
    assert Hook.objects.get().types == ["session.ended", "account.frozen"]
    officer.post(url, REASONS | {"is_on": "on", "session_ended": "on", "contact_changed": "on"})
    assert Hook.objects.get().types == ["session.ended", "account.frozen"]
    decide(other)
    assert Hook.objects.get().types == ["session.ended", "contact.changed"]


def test_what_would_let_out_less_when_it_was_looked_at_lets_out_no_more(hook):
    services.choose(pk=hook.pk, types=["session.ended"], is_on=True, origin=ORIGIN, **REASONS)
    asked = {"types": ["account.frozen"], "is_on": True, "origin": ORIGIN} | REASONS
    assert not services.choose(pk=hook.pk, only_less=True, **asked)
    assert Hook.objects.get().types == ["session.ended"]


def test_a_test_and_again(officer, hook):
    assert officer.post(f"{HERE}{hook.pk}/do/test/", REASONS).status_code == 302
    first = Message.objects.get(channel=Channel.HOOK)
    again = f"{HERE}{hook.pk}/again/{first.pk}/"
    assert officer.post(again, {"reason": "no"}).status_code == 200
    assert officer.post(again, REASONS).status_code == 302
    assert Message.objects.filter(channel=Channel.HOOK, about=first.about).count() == 2
    page = officer.get(f"{HERE}{hook.pk}/").content.decode()
    assert page.count(first.about) >= 2


def test_what_is_not_there_is_not_found(officer, hook):
    message = services.test(pk=hook.pk, origin=ORIGIN, **REASONS)
    for path in ("999999/", "999999/do/choose/", f"{hook.pk}/do/x/", f"999999/again/{message.pk}/"):
        assert officer.get(HERE + path).status_code == 404
    Message.objects.update(channel=Channel.SMS)
    assert officer.get(f"{HERE}{hook.pk}/again/{message.pk}/").status_code == 404


def test_the_page_costs_the_same_however_long_the_log(officer, hook, django_assert_max_num_queries):
    for _ in range(25):
        services.test(pk=hook.pk, origin=ORIGIN, **REASONS)
    Message.objects.update(status=Status.FAILED, detail="timeout")
    with django_assert_max_num_queries(12):
        page = officer.get(f"{HERE}{hook.pk}/").content.decode()
    assert page.count("No answer in time") == 20
    assert "?before=" in page


def test_the_telephony_desk_shows_none(officer, hook):
    services.test(pk=hook.pk, origin=ORIGIN, **REASONS)
    page = officer.get("/console/desk/messages/").content.decode()
    assert "Webhook</" not in page
    assert 'value="hook"' not in page


def test_every_officer_hears_that_a_receiver_is_gone_and_nobody_else(officer, uma, other, sam):
    secret = "https://hooks.broker.example/secret-of-theirs"
    hook = services.add(url=secret, types=rules.TYPES, origin=ORIGIN, **REASONS).hook
    Message.objects.all().delete()
    posting._gone(hook)
    posting._gone(hook)
    mails = Message.objects.filter(name="webhook_gone", channel=Channel.EMAIL)
    assert {one.user.username for one in mails} == {"uma", "olaf"}
    assert mails.count() == 2
    told = str([one.content() for one in mails])
    assert "hooks.broker.example" in told
    assert "secret-of-theirs" not in told
    assert Hook.objects.get().off == "gone"
