"""Somebody on the telephone proves that they are the client."""

import pytest
from django.db import transaction
from django.test import Client
from django_otp.oath import totp

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.callers import services as callers
from accounts.callers.models import Talk
from accounts.callers.rules import Proof
from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import PhoneNumber
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.outbox import calls
from accounts.outbox.models import Channel, Message, Status
from accounts.sessions.models import Session
from sls.callers import services
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.dsc_plus import asking
from sls.methods.dsc_plus.models import CardDevice
from sls.methods.ib_key.method import _question as ib_key_question
from sls.methods.ib_key.models import Push
from sls.methods.sms.models import PhoneDevice
from tests import phones
from tests.accounts.callers.conftest import DESK, talk
from tests.accounts.transactions.conftest import HERE
from tests.cast import SEED, app_device, begin, card_device, code_for, code_set, response
from tests.passkey_authenticator import Passkey, enrolled

__all__ = ["talk"]
pytestmark = pytest.mark.django_db(transaction=True)


def ask(talk: Talk, method: str, delivery: Channel | None = None):
    way = next(way for way in services.ways(talk.user_id) if way.row.method == method)
    problem = services.ask(talk=talk, way=way.row.id, delivery=delivery, origin=DESK)
    talk.refresh_from_db()
    return problem


def answer(talk: Talk, text: str):
    talk.refresh_from_db()
    problem = services.answer(talk=talk, text=text, origin=DESK)
    talk.refresh_from_db()
    return problem


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def code_of(talk: Talk) -> str:
    return Challenge.objects.get(pk=talk.challenge_id).code()


def test_only_what_can_be_read_out_is_asked_for(talk, alice):
    enrolled(alice, Passkey())
    code_set(alice)
    app_device(alice)
    card_device(alice)
    phones.activated(alice)
    methods = [way.row.method for way in services.ways(alice.pk)]
    assert methods == ["ib_key", "dsc_plus", "authenticator_app", "sms"]


def test_a_number_with_a_new_sim_card_proves_nothing(talk, alice):
    PhoneNumber.objects.filter(user=alice).update(sim_swapped_at=talk.opened_at)
    assert services.ways(alice.pk) == []


def test_a_number_that_was_just_added_proves_nothing(talk, alice, clock):
    later = talk.opened_at.replace(year=talk.opened_at.year + 1)
    PhoneNumber.objects.filter(user=alice).update(trusted_from=later)
    assert services.ways(alice.pk) == []


class TestCode:
    def test_passes_whoever_reads_it_out(self, talk, alice):
        assert ask(talk, "sms", Channel.SMS) is None
        challenge = Challenge.objects.get(pk=talk.challenge_id)
        assert (challenge.purpose, challenge.bound_to) == (Purpose.CALLER, str(talk.pk))
        assert answer(talk, f"{challenge.reference}-{challenge.code()}") is None
        assert talk.proof == Proof.PASSED
        entry = Entry.objects.get(event=Event.CALLER_PROVEN)
        assert (entry.user, entry.actor, entry.detail["method"]) == (alice, "staff:sam", "sms")
        assert audit.verify(alice) is None

    def test_comes_in_a_message_that_says_what_it_is_for(self, talk):
        ask(talk, "sms", Channel.SMS)
        message = Message.objects.latest("created_at")
        text = message.content()["text"]
        assert message.name == "caller_code"
        assert message.sensitive
        assert "for your call with our staff" in text
        assert "THIS code only" in text
        # No browser fills it in anywhere: it is bound to no site.
        assert "@" not in text

    def test_comes_by_a_call_on_which_key_9_says_no(self, talk):
        ask(talk, "sms", Channel.VOICE)
        message = Message.objects.latest("created_at")
        assert message.channel == Channel.VOICE
        assert "conversation with our staff" in message.content()["greeting"][0]
        Message.objects.filter(pk=message.pk).update(status=Status.SENT, detail="in-progress")
        message.refresh_from_db()
        calls.answer(message, key="9", turn=0, now=message.created_at)
        talk.refresh_from_db()
        assert talk.proof == Proof.FAILED

    def test_is_worth_nothing_for_signing_in(self, talk, alice, client):
        ask(talk, "sms", Channel.SMS)
        read_out = code_of(talk)
        Message.objects.all().delete()  # the spacing is another matter
        url = begin(client, alice.username)
        posted = client.post(f"{url}answer/", {"code": read_out})
        assert posted.status_code == 200
        assert not Session.objects.filter(user=alice).exists()

    def test_of_signing_in_is_worth_nothing_here(self, talk, alice, client):
        begin(client, alice.username)
        of_sign_in = code_for(alice)
        Message.objects.all().delete()
        ask(talk, "sms", Channel.SMS)
        assert answer(talk, of_sign_in).code == "wrong"
        assert talk.proof == Proof.ASKED

    def test_wrong_ones_are_counted_like_any_other(self, talk, alice):
        ask(talk, "sms", Channel.SMS)
        bad = wrong(code_of(talk))
        problems = [answer(talk, bad) for _ in range(5)]
        assert [one.code for one in problems] == ["wrong"] * 4 + ["no_tries"]
        assert talk.proof == Proof.FAILED
        assert PhoneDevice.objects.get(user=alice).failures == 5
        assert Entry.objects.filter(event=Event.CALLER_FAILED).count() == 5
        assert Message.objects.filter(name="caller_failed", channel="email").count() == 1
        assert answer(talk, bad).code == "over"
        assert ask(talk, "sms", Channel.SMS).code == "over"

    def test_too_late_it_can_be_asked_for_again(self, talk, clock):
        ask(talk, "sms", Channel.SMS)
        code = code_of(talk)
        clock.shift(301)
        assert answer(talk, code).code == "expired"
        assert talk.proof == Proof.ASKED
        assert ask(talk, "sms", Channel.SMS) is None
        assert answer(talk, code_of(talk)) is None

    def test_is_used_once_and_after_the_end_never(self, talk):
        ask(talk, "sms", Channel.SMS)
        code = code_of(talk)
        callers.end(talk=talk, origin=DESK)
        assert answer(talk, code).code == "over"
        assert talk.proof == Proof.ASKED

    def test_is_sent_to_whoever_stopped_everything(self, talk, alice):
        freezes.freeze(user_id=alice.pk, origin=HERE, how=How.PAGE, trading=Trading.NONE)
        assert ask(talk, "sms", Channel.SMS) is None
        assert Message.objects.filter(name="caller_code").count() == 1


class TestApp:
    def test_passes_whoever_reads_the_code_out(self, talk, alice):
        app_device(alice)
        ask(talk, "authenticator_app")
        assert answer(talk, f"{totp(SEED):06d}") is None
        assert talk.proof == Proof.PASSED

    def test_a_code_that_was_read_out_signs_nobody_in(self, talk, alice, client, clock):
        """The code of an app is bound to nothing: while it may be read out, it opens nothing."""
        app_device(alice)
        PhoneDevice.objects.filter(user=alice).delete()
        url = begin(client, alice.username)
        ask(talk, "authenticator_app")
        posted = client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"})
        assert "asking for a code of this app" in posted.content.decode()
        assert not Session.objects.filter(user=alice).exists()
        # Nor in a sign-in that begins now.
        other = Client()
        again = begin(other, alice.username)
        other.post(f"{again}answer/", {"code": f"{totp(SEED):06d}"})
        assert not Session.objects.filter(user=alice).exists()
        assert AppDevice.objects.get(user=alice).failures == 0

    def test_afterwards_it_signs_in_as_before(self, talk, alice, client, clock):
        app_device(alice)
        PhoneDevice.objects.filter(user=alice).delete()
        ask(talk, "authenticator_app")
        clock.shift(211)
        url = begin(client, alice.username)
        client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"})
        assert Session.objects.filter(user=alice).exists()

    def test_a_right_answer_lets_it_go_at_once(self, talk, alice, client, clock):
        app_device(alice)
        PhoneDevice.objects.filter(user=alice).delete()
        ask(talk, "authenticator_app")
        spent = f"{totp(SEED):06d}"
        assert answer(talk, spent) is None
        url = begin(client, alice.username)
        client.post(f"{url}answer/", {"code": spent})
        assert not Session.objects.filter(user=alice).exists()
        clock.shift(31)
        client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"})
        assert Session.objects.filter(user=alice).exists()


def test_a_card_answers_the_challenge_of_the_conversation(talk, alice):
    card_device(alice)
    ask(talk, "dsc_plus")
    challenge = Challenge.objects.get(pk=talk.challenge_id)
    assert len(challenge.question) == 6
    assert answer(talk, wrong(response(challenge))).code == "wrong"
    assert answer(talk, response(challenge)) is None
    assert talk.proof == Proof.PASSED


class TestAnAgentWhoLies:
    """An agent neither chooses what is asked nor turns what signs in into what is read out."""

    def test_what_is_read_out_begins_with_nine_and_nothing_else_does(self, talk, alice, settings):
        settings.CARD_CHALLENGES = 100
        card_device(alice)
        ask(talk, "dsc_plus")
        read_out = Challenge.objects.get(pk=talk.challenge_id)
        assert read_out.question.startswith("9")
        asked = [asking_of(alice, Purpose.SIGN_IN) for _time in range(25)]
        assert not [one for one in asked if one.startswith("9")]
        assert len({*asked, read_out.question}) == 26

    def test_the_same_holds_for_a_phone(self, talk, alice):
        phones.activated(alice)
        assert all(ib_key_question(Purpose.CALLER).startswith("9") for _time in range(50))
        assert not any(ib_key_question(Purpose.SIGN_IN).startswith("9") for _time in range(50))

    def test_a_response_that_was_read_out_signs_nobody_in(self, talk, alice, client):
        url = asked_at_sign_in(client, alice)
        ask(talk, "dsc_plus")
        read_out = Challenge.objects.get(pk=talk.challenge_id)
        client.post(f"{url}answer/", {"code": response(read_out)})
        assert not Session.objects.filter(user=alice).exists()

    def test_the_challenge_of_a_sign_in_is_none_of_a_conversation(self, talk, alice, client):
        """Also where a row points to it."""
        asked_at_sign_in(client, alice)
        live = Challenge.objects.filter(user=alice, method="dsc_plus").latest("created_at")
        assert live.purpose == Purpose.SIGN_IN
        Talk.objects.filter(pk=talk.pk).update(challenge=live, proof=Proof.ASKED, method="dsc_plus")
        assert answer(talk, response(live)).code == "over"
        assert talk.proof == Proof.ASKED
        live.refresh_from_db()
        assert live.used_at is None


def asked_at_sign_in(client: Client, user) -> str:
    """The page of a sign-in that waits for the answer of a card."""
    card = card_device(user)
    url = begin(client, user.username)
    client.post(f"{url}method/", {"device": card.persistent_id})
    return url


def asking_of(user, purpose: Purpose) -> str:
    """What the card of ``user`` is asked next for ``purpose``."""
    device = CardDevice.objects.get(user=user)
    with transaction.atomic():
        card = asking.lock(device.pk)
        question = asking.next_question(
            card, user=audit.lock(user.pk), purpose=purpose, origin=DESK
        )
        card.save(update_fields=["issued"])
    return question


class TestIbKey:
    def test_approves_what_it_shows(self, talk, alice):
        phone = phones.activated(alice)
        ask(talk, "ib_key")
        assert answer(talk, "approved").code == "not_approved"
        waits = phone.waits()
        assert waits["action"] == "Prove to our staff on the telephone that it is you"
        push = Push.objects.latest("created_at")
        assert phone.approve(waits, push.shown()).status_code == 200
        assert answer(talk, "approved") is None
        assert talk.proof == Proof.PASSED

    def test_answers_without_a_network(self, talk, alice):
        phone = phones.activated(alice)
        ask(talk, "ib_key")
        question = Challenge.objects.get(pk=talk.challenge_id).question
        assert answer(talk, phone.respond(question)) is None
        assert talk.proof == Proof.PASSED

    def test_a_refusal_fails_the_caller(self, talk, alice):
        phone = phones.activated(alice)
        ask(talk, "ib_key")
        waits = phone.waits()
        assert phone.call(f"approvals/{waits['id']}/refuse", {"why": "not_me"}).status_code == 200
        assert answer(talk, "approved").code == "refused"
        assert talk.proof == Proof.FAILED


def test_what_one_conversation_asks_is_no_answer_to_another(talk, alice, sam):
    card_device(alice)
    ask(talk, "dsc_plus")
    first = Challenge.objects.get(pk=talk.challenge_id)
    newer = callers.open_talk(
        user_id=alice.pk, staff=sam, department="services", topic="card", origin=DESK
    )
    ask(newer, "dsc_plus")
    assert answer(newer, response(first)).code == "wrong"
    assert answer(talk, response(first)).code == "over"


def test_a_client_is_asked_ten_times_an_hour_at_most(talk, alice, sam):
    app_device(alice)
    codes = []
    for _ in range(4):
        newer = callers.open_talk(
            user_id=alice.pk, staff=sam, department="services", topic="card", origin=DESK
        )
        codes += [ask(newer, "authenticator_app") for _ in range(3)]
    assert [one.code if one else "" for one in codes] == [""] * 10 + ["too_often"] * 2


def test_one_conversation_asks_three_times_at_most(talk, alice):
    app_device(alice)
    asked = [ask(talk, "authenticator_app") for _ in range(4)]
    assert [one.code if one else "" for one in asked] == ["", "", "", "over"]


def test_nobody_elses_authenticator_is_asked(talk, bob):
    other = card_device(bob, serial="DSC1000009")
    problem = services.ask(talk=talk, way=other.persistent_id, delivery=None, origin=DESK)
    assert problem.code == "no_way"
    assert services.ask(talk=talk, way="", delivery=None, origin=DESK).code == "no_way"
