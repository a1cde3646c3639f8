import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import PhoneNumber
from accounts.outbox import services as outbox
from accounts.outbox.models import Message
from sls.step_up.models import Pending
from tests.cast import PASSWORD, code_for

PHONES = "/settings/communication/phones/"
NEW = "+14155550177"

pytestmark = pytest.mark.django_db


def ask(client, number=NEW):
    response = client.post(PHONES, {"number": number})
    assert response.status_code == 302
    assert response["Location"].startswith("/step-up/")
    return response["Location"]


def confirm(client, url):
    """Posts what the confirmation page would post."""
    page = client.get(url).content.decode()
    path = re.search(r'<form[^>]*class="cluster"[^>]*action="([^"]+)"', page)
    path = path or re.search(r'action="([^"]+)"[^>]*class="cluster"', page)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    fields.pop("csrfmiddlewaretoken", None)
    fields.pop("next", None)
    return client.post(path[1], fields)


def test_a_sensitive_request_waits_for_password_code_and_confirmation(signed_in, alice, prove):
    url = ask(signed_in)
    page = signed_in.get(url).content.decode()
    assert "+1 415-555-0177" in page
    assert 'value="alice"' in page
    done = confirm(signed_in, prove(signed_in, alice, url))
    phone = PhoneNumber.objects.get(number=NEW)
    assert done["Location"] == f"{PHONES}{phone.pk}/verify/"
    assert Entry.objects.filter(user=alice, event=Event.IDENTITY_VERIFIED).count() == 1


def test_the_code_goes_to_the_number_on_file_and_not_to_the_new_one(signed_in, alice):
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    challenge = Challenge.objects.get(user=alice, purpose=Purpose.STEP_UP)
    assert challenge.destination == "+14155550101"
    assert Message.objects.filter(about=str(challenge.pk), to="+14155550101").count() == 1
    assert "+1 ... 01" in signed_in.get(url).content.decode()


def test_nothing_is_kept_in_clear(signed_in):
    url = ask(signed_in)
    pending = Pending.objects.get(pk=url.split("/")[2])
    assert NEW.encode() not in bytes(pending.fields)
    assert pending.posted() == [("number", NEW)]


def test_a_wrong_password_is_said_and_recorded(signed_in, alice):
    url = ask(signed_in)
    response = signed_in.post(url, {"password": "wrong"})
    assert response.status_code == 200
    assert "does not match" in response.content.decode()
    assert Entry.objects.filter(user=alice, event=Event.PASSWORD_FAILED).count() == 1
    assert not Challenge.objects.filter(purpose=Purpose.STEP_UP).exists()


def test_cve_2026_123521_guessing_the_password_is_slowed_and_locked(signed_in, alice, clock):
    url = ask(signed_in)
    answers = [signed_in.post(url, {"password": "wrong"}).status_code for _try in range(5)]
    slowed = signed_in.post(url, {"password": PASSWORD})
    assert answers == [200] * 5
    assert slowed.status_code == 429
    assert int(slowed["Retry-After"]) > 0
    for _try in range(5):
        clock.shift(250)
        signed_in.get("/settings/communication/phones/")
        signed_in.post(ask(signed_in), {"password": "wrong"})
    locked = signed_in.post(ask(signed_in), {"password": PASSWORD})
    assert locked.status_code == 200
    assert "no more are accepted" in locked.content.decode()
    assert Entry.objects.filter(user=alice, event=Event.SIGN_IN_LOCKED).count() == 1


def test_a_wrong_code_is_counted_and_sends_nothing(signed_in, alice):
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    sent = Message.objects.count()
    right = code_for(alice)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    response = signed_in.post(f"{url}answer/", {"code": wrong})
    assert response.status_code == 200
    assert "You can try 4 more times" in response.content.decode()
    assert Message.objects.count() == sent
    assert Entry.objects.filter(user=alice, event=Event.IDENTITY_FAILED).count() == 1
    assert Challenge.objects.latest("created_at").tries_left == 4


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Enter the security code"), ("abcdef", "digits only"), ("123", "too short")],
)
def test_what_cannot_be_a_code_is_not_counted(signed_in, typed, said):
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    assert said in signed_in.post(f"{url}answer/", {"code": typed}).content.decode()
    assert Challenge.objects.latest("created_at").tries_left == 5


def test_the_code_is_sent_again_by_voice_with_the_same_code(signed_in, alice, clock):
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    code = code_for(alice)
    early = signed_in.post(f"{url}resend/", {"delivery": "voice"})
    assert early.status_code == 429
    assert 1 <= int(early["Retry-After"]) <= 60
    clock.shift(61)
    assert signed_in.post(f"{url}resend/", {"delivery": "voice"}).status_code == 302
    assert Message.objects.latest("created_at").channel == "voice"
    assert code_for(alice) == code


def test_an_expired_code_is_replaced_without_the_password(signed_in, alice, clock, prove):
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    old = Challenge.objects.latest("created_at")
    clock.shift(301)
    page = signed_in.get(url).content.decode()
    assert "no longer works" in page
    assert signed_in.post(f"{url}resend/", {"delivery": "sms"}).status_code == 302
    assert Challenge.objects.latest("created_at").pk != old.pk
    response = signed_in.post(f"{url}answer/", {"code": code_for(alice)})
    assert response["Location"] == f"{url}confirm/"


def test_new_codes_for_one_request_are_bounded(signed_in, clock):
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    for _opening in range(2):
        clock.shift(299)
        signed_in.get(url)
        clock.shift(2)
        signed_in.post(f"{url}resend/", {"delivery": "sms"})
    assert Challenge.objects.filter(purpose=Purpose.STEP_UP).count() <= 3


def test_a_request_that_waited_too_long_is_over(signed_in, clock):
    url = ask(signed_in)
    clock.shift(301)
    page = signed_in.post(url, {"password": PASSWORD})
    assert "too long" in page.content.decode()
    assert not Challenge.objects.filter(purpose=Purpose.STEP_UP).exists()


def test_asking_again_by_get_sends_nothing(signed_in):
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    sent = Message.objects.count()
    for path in (url, f"{url}answer/", f"{url}resend/", f"{url}confirm/"):
        signed_in.get(path)
    assert Message.objects.count() == sent


def test_an_impossible_request_is_refused_before_anything_is_proven(signed_in):
    response = signed_in.post(PHONES, {"number": "+19005551234"})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="error-summary"' in page
    assert "premium" in page
    assert 'value="+19005551234"' in page
    assert not Pending.objects.exists()


def test_the_number_in_use_is_refused_before_anything_is_proven(signed_in, alice):
    phone = alice.phonenumbers.get()
    response = signed_in.post(f"{PHONES}{phone.pk}/remove/", follow=True)
    assert response.redirect_chain[-1][0] == PHONES
    assert "it cannot be removed" in response.content.decode()
    assert not Pending.objects.exists()


def test_the_number_that_is_being_changed_cannot_prove_the_change(signed_in, alice):
    alice.phonenumbers.update(primary=False)
    phone = alice.phonenumbers.get()
    response = signed_in.post(f"{PHONES}{phone.pk}/remove/", follow=True)
    assert "there is no other verified number" in response.content.decode()
    assert "+1 415 555 0100" in response.content.decode()
    url = response.redirect_chain[-1][0]
    signed_in.post(url, {"password": PASSWORD})
    assert not Challenge.objects.filter(purpose=Purpose.STEP_UP).exists()


def test_a_new_number_is_too_new_to_prove(signed_in, alice, clock):
    old, now = alice.phonenumbers.get(), timezone.now()
    PhoneNumber.objects.create(
        user=alice,
        number=NEW,
        created_at=now,
        verified_at=now,
        trusted_from=now + timedelta(hours=72),
    )
    alice.phonenumbers.filter(pk=old.pk).update(primary=False)
    response = signed_in.post(f"{PHONES}{old.pk}/remove/", follow=True)
    assert "too new" in response.content.decode()


def test_another_trusted_number_can_prove(signed_in, alice):
    old, then = alice.phonenumbers.get(), timezone.now() - timedelta(days=30)
    other = PhoneNumber.objects.create(
        user=alice, number=NEW, created_at=then, verified_at=then, trusted_from=then
    )
    alice.phonenumbers.filter(pk=old.pk).update(primary=False)
    url = signed_in.post(f"{PHONES}{old.pk}/remove/")["Location"]
    signed_in.post(url, {"password": PASSWORD})
    challenge = Challenge.objects.latest("created_at")
    assert challenge.destination == other.number
    signed_in.post(f"{url}answer/", {"code": "000000" if challenge.code() != "000000" else "1"})
    assert alice.phonenumbers.get(pk=old.pk).devices.get().failures == 1


def test_a_number_with_a_new_sim_proves_nothing(signed_in, alice):
    alice.phonenumbers.update(sim_swapped_at=timezone.now())
    page = signed_in.get(ask(signed_in)).content.decode()
    assert "Your number got a new SIM card recently" in page
    assert "+1 415 555 0100" in page
    assert not Challenge.objects.filter(purpose=Purpose.STEP_UP).exists()


def test_another_number_proves_while_a_sim_is_new(signed_in, alice):
    alice.phonenumbers.update(sim_swapped_at=timezone.now())
    then = timezone.now() - timedelta(days=30)
    other = PhoneNumber.objects.create(
        user=alice, number="+14155550166", created_at=then, verified_at=then, trusted_from=then
    )
    signed_in.post(ask(signed_in), {"password": PASSWORD})
    assert Challenge.objects.latest("created_at").destination == other.number


def test_the_page_of_a_code_stays_when_the_sim_turns_out_to_be_new(signed_in, alice):
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    message = Message.objects.latest("created_at")
    outbox.settle(message.pk, status="failed", detail="new_sim")
    alice.phonenumbers.update(sim_swapped_at=timezone.now())
    page = signed_in.get(url).content.decode()
    assert 'data-status="failed"' in page
    assert "no code for sensitive changes goes there. Use another way." in page


def test_codes_for_sensitive_actions_are_marked_as_such(signed_in, alice, clock):
    assert not Message.objects.latest("created_at").sensitive
    url = ask(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    clock.shift(61)
    signed_in.post(f"{url}resend/", {"delivery": "voice"})
    codes = Message.objects.filter(about=str(Challenge.objects.latest("created_at").pk))
    assert [code.sensitive for code in codes] == [True, True]
