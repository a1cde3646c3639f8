"""Proving by a factor whose answers are made by a device, and going from one to another."""

import pytest
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import PhoneNumber
from accounts.outbox.models import Message
from sls.step_up.models import Pending
from tests.attacks.tools import other_than
from tests.cast import PASSWORD, SEED, app_device

PHONES = "/settings/communication/phones/"
NEW = "+14155550177"

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(signed_in, alice) -> str:
    """Alice, who has two apps, wants to add a number; the address of the step-up."""
    app_device(alice, "Pixel")
    app_device(alice, "Tablet")
    return signed_in.post(PHONES, {"number": NEW})["Location"]


@pytest.fixture
def asked(signed_in, held) -> str:
    """The same, after the password."""
    assert signed_in.post(held, {"password": PASSWORD}).status_code == 302
    return held


def right() -> str:
    return f"{totp(SEED):06d}"


def page(client, url) -> str:
    return client.get(url).content.decode()


def newest() -> Challenge:
    return Challenge.objects.filter(purpose=Purpose.STEP_UP).latest("created_at")


def test_the_name_is_filled_in_and_the_next_step_is_said(signed_in, held):
    shown = page(signed_in, held)
    assert '<label class="field__label" for="id_username">User name</label>' in shown
    assert 'value="alice" autocomplete="username" readonly' in shown
    assert "After this: Authenticator app on Pixel" in shown


def test_the_strongest_is_asked_and_nothing_is_sent(signed_in, asked):
    assert newest().method == "authenticator_app"
    assert not Message.objects.filter(about=str(newest().pk)).exists()
    shown = page(signed_in, asked)
    assert "Open your authenticator app" in shown
    assert "Other ways to verify" in shown
    assert "Authenticator app on Tablet" in shown
    assert "Text message" not in shown


def test_its_code_grants_and_the_record_says_by_what_for_what(signed_in, alice, asked):
    response = signed_in.post(f"{asked}answer/", {"code": right()})
    assert response["Location"] == f"{asked}confirm/"
    entry = Entry.objects.get(user=alice, event=Event.IDENTITY_VERIFIED)
    assert entry.detail == {"action": "contacts.change", "method": "authenticator_app"}
    signed_in.post(PHONES, {"number": NEW})
    assert PhoneNumber.objects.filter(number=NEW).exists()


def test_a_wrong_code_is_recorded_with_method_and_action(signed_in, alice, asked):
    signed_in.post(f"{asked}answer/", {"code": other_than(right(), 7)})
    entry = Entry.objects.get(user=alice, event=Event.IDENTITY_FAILED)
    assert entry.detail["method"] == "authenticator_app"
    assert entry.detail["action"] == "contacts.change"


def test_another_way_is_taken_without_the_password(signed_in, alice, asked):
    first = newest()
    response = signed_in.post(f"{asked}resend/", {"way": "1"})
    assert response["Location"] == asked
    assert newest().device != first.device
    first.refresh_from_db()
    assert first.cancelled_at is not None
    signed_in.post(f"{asked}answer/", {"code": right()})
    assert Pending.objects.get().granted_at is not None


def test_the_way_in_use_is_left_as_it_is(signed_in, asked):
    first = newest()
    signed_in.post(f"{asked}resend/", {"way": "0"})
    assert newest().pk == first.pk


@pytest.mark.parametrize("way", ["2", "9999"])
def test_a_way_that_is_not_offered_is_refused(signed_in, asked, way):
    response = signed_in.post(f"{asked}resend/", {"way": way})
    assert "cannot be used now" in response.content.decode()
    assert newest().method == "authenticator_app"


def test_switching_is_bounded(signed_in, asked, settings):
    for place in range(settings.SWITCHES_PER_ATTEMPT + 5):
        signed_in.post(f"{asked}resend/", {"way": str((place + 1) % 2)})
    opened = Challenge.objects.filter(purpose=Purpose.STEP_UP).count()
    assert opened == settings.SWITCHES_PER_ATTEMPT + 1


def test_a_lapsed_question_is_asked_anew_without_the_password(signed_in, asked, clock):
    old = newest()
    clock.shift(301)
    shown = page(signed_in, asked)
    assert "your password is not asked again" in shown
    assert 'name="way" value="0">Try again' in shown
    assert newest().pk == old.pk
    assert signed_in.post(f"{asked}resend/", {"way": "0"})["Location"] == asked
    assert newest().pk != old.pk
    response = signed_in.post(f"{asked}answer/", {"code": right()})
    assert response["Location"] == f"{asked}confirm/"


def test_an_answer_that_comes_too_late_is_asked_anew_at_once(signed_in, asked, clock):
    old = newest()
    clock.shift(301)
    response = signed_in.post(f"{asked}answer/", {"code": right()})
    assert "you are asked anew" in response.content.decode()
    assert "Open your authenticator app" in response.content.decode()
    assert newest().pk != old.pk
    response = signed_in.post(f"{asked}answer/", {"code": right()})
    assert response["Location"] == f"{asked}confirm/"


def test_asking_anew_is_bounded(signed_in, asked, clock, settings):
    for _ in range(settings.CHALLENGES_PER_ATTEMPT + 2):
        Challenge.objects.update(tries_left=0)
        signed_in.post(f"{asked}resend/", {"way": "0"})
    opened = Challenge.objects.filter(purpose=Purpose.STEP_UP).count()
    assert opened == settings.CHALLENGES_PER_ATTEMPT


def test_when_the_tries_are_used_up_the_page_leads_on(signed_in, asked):
    for number in range(1, 6):
        response = signed_in.post(f"{asked}answer/", {"code": other_than(right(), number * 7)})
    shown = response.content.decode()
    assert "5 codes that did not match" in shown
    assert "Send a new code" not in shown
    assert 'name="way" value="0">Try again' in shown
    assert "Authenticator app on Tablet" in shown


def test_a_method_is_told_of_a_challenge_that_its_answer_is_a_passcode(signed_in, asked):
    def told() -> set[str]:
        contexts = signed_in.get(asked).context
        assert contexts["purpose"] == "step_up"
        return {layer["label"] for one in contexts for layer in one.dicts if "label" in layer}

    assert "Passcode" not in told()
    Challenge.objects.filter(pk=newest().pk).update(question="492817")
    assert "Passcode" in told()


def test_who_holds_an_app_is_told_why_nothing_can_prove_while_it_is_switched_off(
    signed_in, alice, clock
):
    app = app_device(alice)
    app.disabled_at = app.created_at
    app.save(update_fields=["disabled_at"])
    url = signed_in.post(PHONES, {"number": NEW})["Location"]
    assert "something stronger than you can use now" in page(signed_in, url)
    signed_in.post(url, {"password": PASSWORD})
    assert not Challenge.objects.filter(purpose=Purpose.STEP_UP).exists()
