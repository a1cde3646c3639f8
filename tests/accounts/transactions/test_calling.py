"""A call asks whether a transaction was the client's: keys, silence, and what comes late."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases.models import Case
from accounts.contacts.models import PhoneNumber
from accounts.freeze.models import Freeze, How
from accounts.holds.models import Hold, Why
from accounts.origin import SYSTEM
from accounts.outbox.models import Message, Status
from accounts.transactions import calling, services
from accounts.transactions.rules import Silent, State
from tests.accounts.transactions.conftest import DESK, HERE, flagged
from tests.callbacks import fields_of, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(alice, sam, hers) -> Message:
    """The call that asks Alice, as the provider has taken it."""
    assert calling.call(made=hers, staff=sam, origin=DESK) == "+1 ... 01"
    message = Message.objects.get(name=calling.MESSAGE)
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(
        status=Status.SENT, detail="answered", sent_at=now, posting_at=now
    )
    message.refresh_from_db()
    return message


def press(call: Message, key: str, turn: int = 0, **wrong: str) -> str:
    """What the call says after a key; signed, as Twilio tells it."""
    path = f"/twilio/voice/{call.pk}/" + (f"?turn={turn}" if turn else "")
    answer = post(path, fields_of(call, Digits=key), **wrong)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def is_held(made) -> bool:
    return Hold.objects.filter(user=made.user, why=Why.TRANSACTION, lifted_at=None).exists()


def test_nothing_is_said_of_it_without_a_key(call):
    greeting = " ".join(call.content()["greeting"])
    for secret in ("25,000", "Nowhere", "withdrawal", "Alice"):
        assert secret not in greeting
    assert "25,000" not in press(call, "")
    call.refresh_from_db()
    assert call.turns == 0


def test_after_a_key_it_says_amount_and_destination(call):
    said = press(call, "1")
    assert "25,000 US dollars" in said
    assert "Bank of Nowhere, account ending 4471" in said
    assert "Press 9 if it was not" in said
    assert "turn=1" in said


def test_it_speaks_the_language_of_the_client(alice, sam):
    alice.language = "ja"
    alice.save(update_fields=["language"])
    made = flagged(alice)
    calling.call(made=made, staff=sam, origin=DESK)
    message = Message.objects.get(name=calling.MESSAGE)
    assert message.language == "ja"
    assert "25,000米ドル" in " ".join(message.content()["lines"])


def test_not_mine_opens_a_case_and_offers_to_stop_everything(call, hers):
    press(call, "1")
    said = press(call, "9", 1)
    assert "Press 9 again to stop everything" in said
    hers.refresh_from_db()
    assert hers.state is State.NOT_MINE
    assert hers.case == Case.objects.get()
    assert is_held(hers)
    assert not Freeze.objects.exists()
    assert "Everything is stopped" in press(call, "9", 2)
    assert Freeze.objects.get().how == How.CALL
    call.refresh_from_db()
    assert call.body is None


def test_whoever_hangs_up_after_not_mine_is_not_stopped(call, hers):
    press(call, "1")
    press(call, "9", 1)
    assert "Goodbye" in press(call, "1", 2)
    assert not Freeze.objects.exists()


def test_mine_is_written_down_and_lets_nothing_go_on(call, hers):
    press(call, "1")
    assert "still held" in press(call, "1", 1)
    hers.refresh_from_db()
    assert hers.said_mine_at is not None
    assert hers.state is State.WAITING
    assert is_held(hers)
    entry = Entry.objects.get(event=Event.TRANSACTION_SAID_MINE)
    assert (entry.user, entry.actor) == (hers.user, "phone")
    # They can still say otherwise where they have proven who they are, or refuse without.
    assert services.refuse(made=hers, origin=HERE)


def test_it_is_read_again(call):
    press(call, "1")
    said = press(call, "3", 1)
    assert "25,000" in said
    assert "Press 9 again" in press(call, "9", 2)


@pytest.mark.parametrize("key", ["", "5", "0", "*", "#"])
def test_silence_and_other_keys_keep_the_hold(call, hers, key):
    press(call, "1")
    assert "Goodbye" in press(call, key, 1)
    hers.refresh_from_db()
    assert hers.state is State.WAITING
    assert is_held(hers)


def test_a_key_before_the_question_answers_nothing(call, hers):
    for key in ("9", "3", "5"):
        assert "Goodbye" in press(call, key)
    hers.refresh_from_db()
    assert hers.state is State.WAITING


def same(hers, call) -> tuple:
    hers.refresh_from_db()
    call.refresh_from_db()
    counts = [model.objects.count() for model in (Case, Freeze, Entry)]
    return hers.stored, hers.said_mine_at, call.turns, call.key_pressed, *counts


def test_repeated_requests_change_nothing(call, hers):
    press(call, "1")
    press(call, "9", 1)
    before = same(hers, call)
    for key, turn in (("1", 0), ("1", 1), ("9", 1), ("9", 3), ("9", 9)):
        assert "25,000" not in press(call, key, turn)
    assert same(hers, call) == before


def test_forged_requests_change_nothing(call, hers):
    press(call, "1")
    before = same(hers, call)
    assert press(call, "9", 1, token="not ours") == "403"
    assert press(call, "9", 1, signed="") == "403"
    assert same(hers, call) == before


def test_late_requests_change_nothing(call, hers):
    press(call, "1")
    fields = fields_of(call, CallStatus="completed")
    fields.pop("Digits", None)
    assert post(f"/twilio/status/{call.pk}/", fields).status_code == 204
    before = same(hers, call)
    assert "no code to read" in press(call, "9", 1)
    assert same(hers, call) == before


def test_a_call_that_has_expired_says_nothing(call, hers):
    Message.objects.filter(pk=call.pk).update(expires_at=timezone.now())
    assert "25,000" not in press(call, "1")


def test_what_was_answered_elsewhere_meanwhile_stands(call, hers, tess):
    press(call, "1")
    services.release(made=hers, staff=tess, origin=DESK, reason="They came by")
    assert "answered already" in press(call, "9", 1)
    hers.refresh_from_db()
    assert hers.state is State.RELEASED


@pytest.mark.parametrize(
    "change",
    [
        {"trusted_from": timezone.now() + timedelta(days=3)},
        {"sim_swapped_at": timezone.now()},
        {"primary": False},
        {"primary": False, "verified_at": None},
    ],
)
def test_only_a_number_that_is_verified_and_settled_is_called(alice, sam, hers, change):
    PhoneNumber.objects.filter(user=alice).update(**change)
    assert calling.call(made=hers, staff=sam, origin=DESK) is Silent.NO_NUMBER
    assert not Message.objects.filter(name=calling.MESSAGE).exists()


def test_a_new_sim_card_that_nobody_knew_of_is_not_called(call):
    assert call.sensitive


def test_calls_are_bounded(alice, sam, hers):
    for _time in range(3):
        assert isinstance(calling.call(made=hers, staff=sam, origin=DESK), str)
        assert calling.call(made=hers, staff=sam, origin=DESK) is Silent.CALLING
        Message.objects.filter(name=calling.MESSAGE).update(status=Status.UNDELIVERED)
    assert calling.call(made=hers, staff=sam, origin=DESK) is Silent.TOO_OFTEN


def test_what_was_answered_is_not_asked_again(sam, hers):
    services.refuse(made=hers, origin=SYSTEM)
    assert calling.call(made=hers, staff=sam, origin=DESK) is Silent.ANSWERED


def test_nobody_calls_themselves(alice, sam, hers):
    sam.person = alice.username
    with pytest.raises(services.OwnTransaction):
        calling.call(made=hers, staff=sam, origin=DESK)


def test_what_a_voice_says_is_text(alice, sam):
    made = flagged(alice, what="</Say><Dial>+1900</Dial> & sons")
    calling.call(made=made, staff=sam, origin=DESK)
    message = Message.objects.get(name=calling.MESSAGE)
    Message.objects.filter(pk=message.pk).update(status=Status.SENT)
    message.refresh_from_db()
    said = press(message, "1")
    assert not re.search(r"<Dial", said)
    assert "&lt;Dial&gt;" in said
