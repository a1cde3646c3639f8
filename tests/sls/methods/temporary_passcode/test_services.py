"""Issued by two, delivered to the client alone, never two in a row (KB69, SECURITY A14)."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import PhoneNumber
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM, Origin
from accounts.outbox.models import Channel, Message, Status
from accounts.sessions.models import Session
from accounts.users.two import NotTwo
from accounts.vault import CannotOpen
from sls.methods import registry
from sls.methods.temporary_passcode import services
from sls.methods.temporary_passcode.models import Passcode
from sls.methods.temporary_passcode.rules import Refusal, Stage
from tests.cast import app_device, person

pytestmark = pytest.mark.django_db
DESK = Origin(address="198.51.100.9")


@pytest.fixture
def tess(db):
    return person("tess", staff=True)


@pytest.fixture
def issue(alice, sam, tess):
    def call(user=alice, by=(sam, tess), delivery=Channel.SMS, **more):
        return services.issue(
            user=user, by=by, delivery=delivery, reason="T-1001", origin=DESK, **more
        )

    return call


def entry(event: Event) -> Entry:
    return Entry.objects.filter(event=event).latest("at")


def sent() -> Message:
    return Message.objects.filter(name="temporary_passcode").latest("created_at")


def text_of(message: Message) -> str:
    return json.dumps(message.content())


def test_goes_to_the_clients_number_and_says_for_how_long(issue, alice):
    made = issue()
    code = made.code()
    assert sent().to == "+14155550101"
    assert code in text_of(sent())
    assert "2 days" in text_of(sent())
    assert made.until - made.created_at == timedelta(days=2)
    assert made.card_until - made.until == timedelta(days=10)


def test_a_call_spells_it_and_says_nothing_before_a_key(issue):
    code = issue(delivery=Channel.VOICE).code()
    content = sent().content()
    assert ", ".join(code) in " ".join(content["lines"])
    assert not any(", ".join(code) in line for line in content["greeting"])


def test_stands_nowhere_but_in_the_message(issue, alice, caplog):
    code = issue().code()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert code not in repr(cursor.fetchall()), table
    assert code not in caplog.text


def test_is_told_to_every_contact_without_it(issue, alice):
    code = issue().code()
    told = Message.objects.filter(user=alice, name="passcode_issued")
    assert {one.channel for one in told} == {Channel.EMAIL, Channel.SMS}
    assert not any(code in text_of(one) for one in told)


def test_names_both_persons_and_the_reason_in_the_clients_record(issue, alice):
    issue()
    found = entry(Event.PASSCODE_ISSUED)
    assert (found.user, found.actor) == (alice, "staff:sam+tess")
    assert found.detail["reason"] == "T-1001"
    assert found.detail["phone"].endswith("01")


def test_the_client_may_be_the_second_person(issue, alice, sam):
    issue(by=(sam, alice))
    assert entry(Event.PASSCODE_ISSUED).actor == "staff:sam+client"


def test_one_person_is_not_enough_whatever_names_they_have(issue, alice, sam, tess):
    tess.person = sam.person = "P-77"
    carol = person("carol2", mobile="+14155550144")
    for by in [(sam,), (sam, sam), (sam, tess), (sam, carol), (alice, sam), (sam, tess, sam)]:
        with pytest.raises(NotTwo):
            issue(by=by)
    assert not Passcode.objects.exists()
    assert not Message.objects.exists()


def test_staff_who_are_the_client_may_not(issue, alice, sam, tess):
    alice.person = sam.person = "P-77"
    alice.save(update_fields=["person"])
    with pytest.raises(NotTwo):
        issue(user=alice)


def test_neither_may_whoever_left_or_is_stopped(issue, sam, tess):
    tess.is_active = False
    with pytest.raises(NotTwo):
        issue(by=(sam, tess))


def test_staff_get_none(issue, sam, tess):
    third = person("uma", staff=True, mobile="+14155550107")
    assert issue(user=third, by=(sam, tess)) is Refusal.STAFF


def test_never_a_second_one_while_one_lives(issue):
    issue()
    assert issue() is Refusal.LIVE


def test_never_two_in_a_row(issue, alice, clock):
    issue()
    clock.shift(timedelta(days=13))
    assert issue() is Refusal.IN_A_ROW
    services.expire_due()
    assert issue() is Refusal.IN_A_ROW


def test_another_one_after_the_client_signed_in_by_something_else(issue, alice, clock, sign_in):
    issue()
    clock.shift(timedelta(days=13))
    session = Session.objects.create(
        key="k" * 64,
        token="k" * 64,
        user=alice,
        device="x/1",
        method="temporary_passcode",
        address="192.0.2.1",
        agent="",
        opened_at=timezone.now(),
        seen_at=timezone.now(),
        idle_seconds=900,
        expires_at=timezone.now() + timedelta(hours=1),
    )
    assert issue() is Refusal.IN_A_ROW
    Session.objects.filter(pk=session.pk).update(method="authenticator_app")
    assert isinstance(issue(), Passcode)


def test_a_withdrawn_one_counts_too(issue, alice):
    issue()
    assert services.withdraw(user=alice, reason="wrong person", origin=DESK, actor="staff:sam")
    assert issue() is Refusal.IN_A_ROW
    assert not services.withdraw(user=alice, reason="again", origin=DESK, actor="staff:sam")


def test_a_number_that_is_new_or_has_a_new_sim_gets_none(issue, alice):
    phone = alice.phonenumbers.get()
    PhoneNumber.objects.filter(pk=phone.pk).update(sim_swapped_at=timezone.now())
    assert issue() is Refusal.NO_NUMBER
    PhoneNumber.objects.filter(pk=phone.pk).update(
        sim_swapped_at=None, trusted_from=timezone.now() + timedelta(hours=1)
    )
    assert issue() is Refusal.NO_NUMBER
    assert not Passcode.objects.exists()


def test_another_persons_number_gets_none(issue, bob):
    assert issue(phone=bob.phonenumbers.get().pk) is Refusal.NO_NUMBER


def test_a_number_without_text_messages_is_called(issue, alice):
    PhoneNumber.objects.filter(user=alice).update(sms_refused_by_carrier=True)
    assert issue() is Refusal.NO_TEXT
    assert isinstance(issue(delivery=Channel.VOICE), Passcode)


def test_the_same_one_is_sent_again_and_counts_for_the_number(issue, alice, clock):
    code = issue().code()

    def resend(delivery):
        return services.resend(
            user=alice, delivery=delivery, reason="T-1001", origin=DESK, actor="staff:sam"
        )

    outcomes = []
    for _ in range(6):
        Message.objects.update(status=Status.SENT)
        clock.shift(timedelta(seconds=301))
        outcomes.append(resend(Channel.VOICE))
    assert outcomes == [None] * 4 + [Refusal.TOO_OFTEN] * 2
    assert ", ".join(code) in text_of(sent())
    assert entry(Event.PASSCODE_RESENT).detail["channel"] == "voice"


def test_nothing_is_sent_again_once_it_is_over(issue, alice, clock):
    issue()
    clock.shift(timedelta(days=12, seconds=1))
    again = services.resend(
        user=alice, delivery=Channel.SMS, reason="T", origin=DESK, actor="staff:sam"
    )
    assert again is Refusal.NONE


def test_a_freeze_ends_it(issue, alice):
    made = issue()
    freeze(user_id=alice.pk, origin=DESK, how=How.STAFF, trading=Trading.CLOSE_ONLY)
    made.refresh_from_db()
    assert made.revoked_at is not None
    assert issue() is Refusal.FROZEN


def test_its_secret_is_erased_when_it_is_over(issue, clock):
    made = issue()
    clock.shift(timedelta(days=12))
    assert services.expire_due() == 1
    made.refresh_from_db()
    with pytest.raises(CannotOpen):
        made.code()
    assert entry(Event.PASSCODE_OVER).actor == "system"
    assert services.expire_due() == 0


def test_proves_two_days_and_signs_in_to_the_portal_ten_more(issue, alice, clock):
    issue()

    def held(rows):
        return [row.method for row in rows if row.method == "temporary_passcode"]

    assert held(registry.devices(alice.pk))
    clock.shift(timedelta(days=2))
    assert not held(registry.devices(alice.pk))
    assert held(registry.signing_in(alice.pk, "web"))
    assert not held(registry.signing_in(alice.pk, "tws"))
    clock.shift(timedelta(days=10))
    assert not held(registry.signing_in(alice.pk, "web"))


def test_it_says_where_it_stands_and_why_there_can_be_no_other(issue, alice, clock):
    app_device(alice)
    assert services.refusal_to_issue(alice) is None
    issue()
    assert services.refusal_to_issue(alice) is Refusal.LIVE
    assert services.live(alice.pk).stage(timezone.now()) is Stage.EVERYWHERE
    clock.shift(timedelta(days=3))
    assert services.live(alice.pk).stage(timezone.now()) is Stage.CARD_ONLY


def test_nobody_enrols_one(alice):
    method = registry.get("temporary_passcode")
    problem = method.enrol(user=alice, origin=SYSTEM, bound_to="a" * 64)
    assert problem.code == "by_support"
