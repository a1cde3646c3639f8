"""Some minutes in which the same kind of change needs no further proof."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM, Origin
from accounts.sessions.models import Session
from sls.step_up import rules, wording
from sls.step_up.acts import table as acts
from sls.step_up.models import Pending
from tests.sls.step_up import windowed
from tests.sls.step_up.windowed import CHANGE, LIST

END = "/step-up/end/"
PHONES = "/settings/communication/phones/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scratch(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.sls.step_up.windowed"
    monkeypatch.setitem(acts.ACTS, CHANGE, windowed.act)
    windowed.changed.clear()


@pytest.fixture
def proven(signed_in, alice, prove) -> Client:
    """Alice has proven a change of the list, and not confirmed it yet."""
    prove(signed_in, alice, signed_in.post(LIST, {"entry": "1"})["Location"])
    return signed_in


@pytest.fixture
def opened(proven) -> Client:
    """She has confirmed it: the window is open."""
    assert proven.post(LIST, {"entry": "1"}).status_code == 200
    return proven


def passes(client, **fields) -> bool:
    before = len(windowed.changed)
    client.post(LIST, fields or {"entry": "2"})
    return len(windowed.changed) > before


def record(user, event: Event, origin: Origin = SYSTEM) -> None:
    with transaction.atomic():
        note = {"device": "none"}
        audit.record(event, user=audit.lock(user.pk), origin=origin, note=note)


def test_opens_with_the_confirmation_and_not_with_the_proof(proven):
    page = proven.get(f"{proven.post(LIST, {'entry': '3'})['Location']}").content.decode()
    assert "Change the list" in page
    assert Session.objects.get(ended_at=None).verified_until is None
    assert passes(proven, entry="1")
    assert passes(proven, entry="3")


def test_the_confirmation_says_so_beforehand(signed_in, alice, prove):
    url = prove(signed_in, alice, signed_in.post(LIST, {"entry": "1"})["Location"])
    assert "For 5 minutes after the proof" in signed_in.get(url).content.decode()


def test_the_record_says_for_how_long(opened, alice):
    entry = Entry.objects.get(user=alice, event=Event.IDENTITY_VERIFIED)
    assert entry.detail["minutes"] == 5


def test_lets_the_same_action_pass_with_other_fields(opened):
    assert passes(opened, entry="2")
    assert passes(opened, entry="3", more="x")


def test_lets_pass_what_is_never_kept(signed_in, opened):
    assert passes(opened, pin="4827")


def test_without_it_what_is_never_kept_is_refused(signed_in):
    answer = signed_in.post(LIST, {"pin": "4827"}, follow=True)
    assert "That took too long. To be safe, nothing was changed." in answer.content.decode()
    assert not Pending.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head"])
def test_lets_no_other_verb_and_no_other_kind_of_body_pass(opened, method):
    assert getattr(opened, method)(LIST).status_code == 403
    assert opened.post(LIST, "{}", content_type="application/json").status_code in (400, 403)


def test_opens_no_other_action(opened):
    response = opened.post(PHONES, {"number": "+14155550177"})
    assert response["Location"].startswith("/step-up/")


def test_never_opens_what_is_used_once_whatever_the_row_says(signed_in):
    Session.objects.update(
        verified_action="contacts.change", verified_until=timezone.now() + rules.GRANTED
    )
    response = signed_in.post(PHONES, {"number": "+14155550177"})
    assert response["Location"].startswith("/step-up/")


def test_is_over_five_minutes_after_the_proof(opened, clock):
    clock.shift(290)
    assert passes(opened)
    clock.shift(11)
    assert not passes(opened)


def test_belongs_to_its_session(opened, alice, sign_in, clock):
    clock.shift(61)
    other = sign_in(Client(), alice)
    assert not passes(other)
    assert passes(opened)


def test_does_not_survive_logging_off(opened, alice, sign_in, clock):
    opened.post("/logout/")
    clock.shift(61)
    sign_in(opened, alice)
    assert not passes(opened)


def test_ends_at_once_when_its_owner_says_so(opened):
    assert opened.post(END, {"next": "/help/"})["Location"] == "/help/"
    assert not passes(opened)
    assert "End now" not in opened.get("/").content.decode()


def test_its_end_takes_unused_grants_along(opened, alice, prove, clock):
    clock.shift(61)
    url = opened.post(PHONES, {"number": "+14155550177"})["Location"]
    prove(opened, alice, url)
    opened.post(END)
    response = opened.post(PHONES, {"number": "+14155550177"})
    assert response["Location"].startswith("/step-up/")


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:1", ""])
def test_its_end_leads_to_no_other_site(opened, away):
    assert opened.post(END, {"next": away})["Location"] == "/"


def test_its_end_needs_a_post_and_somebody_signed_in(opened):
    assert opened.get(END).status_code == 405
    assert Client().post(END)["Location"].startswith("/login/")


@pytest.mark.parametrize(
    "event",
    [
        *(Event.PASSWORD_SET, Event.CALL_REPORTED, Event.DEVICE_ENROLLED),
        *(Event.DEVICE_REVOKED, Event.DEVICE_DISABLED, Event.SMS_SWITCHED_OFF),
    ],
)
def test_ends_when_what_it_stood_on_is_no_longer_so(opened, alice, event):
    record(alice, event)
    assert not passes(opened)


def test_ends_when_wrong_passwords_in_this_session_lock_the_name(opened, alice):
    row = Session.objects.get(ended_at=None)
    record(alice, Event.SIGN_IN_LOCKED, Origin(session=row.key))
    assert not passes(opened)


def test_a_stranger_who_locks_the_name_does_not_end_it(opened, alice):
    record(alice, Event.SIGN_IN_LOCKED, Origin(address="198.51.100.9"))
    assert passes(opened)


def test_what_happens_to_somebody_else_does_not_end_it(opened, bob):
    record(bob, Event.PASSWORD_SET)
    assert passes(opened)


# --- The strip -----------------------------------------------------------------------------------


def test_every_page_shows_what_is_open_until_when_and_how_to_end_it(opened):
    until = Session.objects.get(ended_at=None).verified_until
    for path in ("/", "/help/", PHONES):
        page = opened.get(path).content.decode()
        assert wording.of_window(CHANGE) in page
        assert f'data-until="{timezone.localtime(until).isoformat()[:19]}' in page
        assert f'<input type="hidden" name="next" value="{path}">' in page
        assert "End now" in page


def test_the_strip_costs_no_statement(opened, counted_queries):
    with counted_queries() as shown:
        assert "End now" in opened.get("/help/").content.decode()
    opened.post(END)
    with counted_queries() as bare:
        assert "End now" not in opened.get("/help/").content.decode()
    assert len(shown) == len(bare)


def test_every_action_with_a_window_has_its_words():
    for action, demand in rules.TABLE.items():
        if demand.window:
            assert wording.of_window(action)
        else:
            with pytest.raises(KeyError):
                wording.of_window(action)
