from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import PhoneNumber
from accounts.outbox.models import Message
from sls.methods.sms.models import PhoneDevice
from tests.cast import code_for

PHONES = "/settings/communication/phones/"
NEW = "+14155550177"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proven")]


@pytest.fixture
def added(signed_in, alice) -> PhoneNumber:
    signed_in.post(PHONES, {"number": NEW})
    return alice.phonenumbers.get(number=NEW)


@pytest.fixture
def verified(added) -> PhoneNumber:
    added.verified_at = added.trusted_from = timezone.now()
    added.save()
    return added


def test_a_number_is_added_sent_a_code_and_verified(signed_in, alice):
    response = signed_in.post(PHONES, {"number": "(415) 555-0177"})
    phone = alice.phonenumbers.get(number=NEW)
    url = f"{PHONES}{phone.pk}/verify/"
    assert response["Location"] == url
    assert "+1 415-555-0177" in signed_in.get(url).content.decode()
    assert signed_in.post(url, {"delivery": "sms"})["Location"] == url
    message = Message.objects.get(to=NEW)
    assert (message.channel, message.is_code) == ("sms", True)
    page = signed_in.get(url).content.decode()
    assert 'id="reference"' in page
    assert 'id="delivery"' in page
    assert signed_in.post(url, {"code": code_for(alice)})["Location"] == PHONES
    phone.refresh_from_db()
    now = timezone.now()
    assert phone.verified_at is not None
    assert timedelta(hours=71) < phone.trusted_from - now <= timedelta(hours=72)
    assert not phone.primary
    assert Entry.objects.filter(user=alice, event=Event.PHONE_VERIFIED).count() == 1
    assert "is verified" in signed_in.get(PHONES).content.decode()


def test_it_may_be_called_instead(signed_in, alice, added):
    url = f"{PHONES}{added.pk}/verify/"
    assert signed_in.post(url, {"delivery": "voice"}).status_code == 302
    assert Message.objects.get(to=NEW).channel == "voice"
    assert signed_in.post(url, {"code": code_for(alice)})["Location"] == PHONES


def test_opening_the_page_sends_nothing(signed_in, added):
    signed_in.get(f"{PHONES}{added.pk}/verify/")
    assert not Message.objects.filter(to=NEW).exists()


def test_the_next_code_has_to_wait(signed_in, alice, added, clock):
    url = f"{PHONES}{added.pk}/verify/"
    signed_in.post(url, {"delivery": "sms"})
    code = code_for(alice)
    early = signed_in.post(url, {"delivery": "sms"})
    assert early.status_code == 429
    assert 1 <= int(early["Retry-After"]) <= 30
    assert "You can ask for another code at" in early.content.decode()
    clock.shift(31)
    assert signed_in.post(url, {"delivery": "voice"}).status_code == 302
    assert code_for(alice) == code
    assert Message.objects.filter(to=NEW).count() == 2


def test_five_wrong_codes_end_the_challenge(signed_in, alice, added, clock):
    url = f"{PHONES}{added.pk}/verify/"
    signed_in.post(url, {"delivery": "sms"})
    right = code_for(alice)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    pages = [signed_in.post(url, {"code": wrong}) for _try in range(5)]
    assert {page.status_code for page in pages} == {200}
    assert "5 codes that did not match" in pages[-1].content.decode()
    assert signed_in.post(url, {"code": right}).status_code == 200
    added.refresh_from_db()
    assert added.verified_at is None


def test_an_expired_code_is_said_and_replaced(signed_in, alice, added, clock):
    url = f"{PHONES}{added.pk}/verify/"
    signed_in.post(url, {"delivery": "sms"})
    old = code_for(alice)
    clock.shift(301)
    assert "expired" in signed_in.post(url, {"code": old}).content.decode()
    signed_in.post(url, {"delivery": "sms"})
    assert Challenge.objects.filter(purpose=Purpose.CONTACT).count() == 2
    assert signed_in.post(url, {"code": code_for(alice)}).status_code == 302


@pytest.mark.parametrize("typed", ["493 817", "KMP-493817", "４９３８１７", "#493817"])
def test_codes_are_read_as_people_type_them(signed_in, alice, added, typed):
    url = f"{PHONES}{added.pk}/verify/"
    signed_in.post(url, {"delivery": "sms"})
    challenge = Challenge.objects.latest("created_at")
    challenge.reference = "KMP"
    challenge.put("493817")
    challenge.save()
    assert signed_in.post(url, {"code": typed})["Location"] == PHONES


def test_letters_of_another_message_are_not_counted(signed_in, added):
    url = f"{PHONES}{added.pk}/verify/"
    signed_in.post(url, {"delivery": "sms"})
    challenge = Challenge.objects.latest("created_at")
    letters = "KMP" if challenge.reference != "KMP" else "PMK"
    page = signed_in.post(url, {"code": f"{letters}-123456"}).content.decode()
    assert "another request" in page
    challenge.refresh_from_db()
    assert challenge.tries_left == 5


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a telephone number"),
        ("+1 415", "not a valid telephone number"),
        ("+1 900 555 1234", "premium"),
        ("+7 912 345 67 89", "that country"),
        ("+1 415 555 0101", "already on your list"),
        ("+1 800 FLOWERS", "without letters"),
    ],
)
def test_a_refused_number_says_why(signed_in, typed, said):
    response = signed_in.post(PHONES, {"number": typed})
    assert response.status_code == 200
    page = response.content.decode()
    assert said in page
    assert 'id="error-summary"' in page
    assert PhoneNumber.objects.count() == 1


def test_the_same_unverified_number_is_found_again(signed_in, added):
    assert signed_in.post(PHONES, {"number": NEW})["Location"] == f"{PHONES}{added.pk}/verify/"
    assert PhoneNumber.objects.filter(number=NEW).count() == 1


def test_no_more_than_five_numbers_are_kept(signed_in, alice):
    now = timezone.now()
    for last in range(4):
        PhoneNumber.objects.create(
            user=alice, number=f"+1415555019{last}", created_at=now, verified_at=now
        )
    page = signed_in.post(PHONES, {"number": NEW}).content.decode()
    assert "You have 5 telephone numbers" in page


def test_an_unverified_number_makes_room(signed_in, alice):
    for last in range(7):
        signed_in.post(PHONES, {"number": f"+1415555019{last}"})
    assert alice.phonenumbers.count() == 5
    assert alice.phonenumbers.filter(number="+14155550196").exists()
    assert alice.phonenumbers.filter(primary=True).exists()
    removed = Entry.objects.filter(user=alice, event=Event.PHONE_REMOVED)
    assert removed.count() == 3


def test_an_unverified_number_cannot_be_primary(signed_in, alice, added):
    page = signed_in.post(f"{PHONES}{added.pk}/primary/", follow=True).content.decode()
    assert "Verify the number by a code first" in page
    assert not alice.phonenumbers.get(number=NEW).primary


def test_signing_in_follows_the_primary_number(signed_in, alice, verified, sign_in):
    other = sign_in(Client(), alice)
    page = signed_in.post(f"{PHONES}{verified.pk}/primary/", follow=True).content.decode()
    assert "is primary now" in page
    assert alice.phonenumbers.get(primary=True).number == NEW
    assert PhoneDevice.objects.get(user=alice, revoked_at=None).phone == verified
    assert signed_in.get(PHONES).status_code == 200
    assert other.get(PHONES)["Location"].startswith("/login/")


def test_the_number_in_use_for_signing_in_is_not_removed(signed_in, alice):
    phone = alice.phonenumbers.get()
    page = signed_in.post(f"{PHONES}{phone.pk}/remove/", follow=True).content.decode()
    assert "Security codes for signing in go to this number" in page
    assert alice.phonenumbers.filter(pk=phone.pk).exists()


def test_a_number_with_an_authenticator_is_protected_by_the_database(signed_in, alice):
    phone = alice.phonenumbers.get()
    alice.phonenumbers.update(primary=False)
    page = signed_in.post(f"{PHONES}{phone.pk}/remove/", follow=True).content.decode()
    assert "Security codes for signing in go to this number" in page
    assert alice.phonenumbers.filter(pk=phone.pk).exists()


def test_another_number_is_removed(signed_in, alice, verified):
    page = signed_in.post(f"{PHONES}{verified.pk}/remove/", follow=True).content.decode()
    assert "was removed" in page
    assert not alice.phonenumbers.filter(number=NEW).exists()


def test_a_test_message_is_sent_a_few_times_an_hour(signed_in, alice):
    phone = alice.phonenumbers.get()
    answers = [signed_in.post(f"{PHONES}{phone.pk}/test/") for _try in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert Message.objects.filter(name="test_message", to=phone.number).count() == 5
    assert Entry.objects.filter(event=Event.TEST_MESSAGE_SENT).count() == 5


def test_a_number_that_sent_stop_says_how_to_opt_in(signed_in, alice):
    phone = alice.phonenumbers.get()
    phone.opted_out_at = timezone.now()
    phone.save()
    assert "START" in signed_in.get(PHONES).content.decode()
    page = signed_in.post(f"{PHONES}{phone.pk}/test/", follow=True).content.decode()
    assert "Send START from that telephone" in page
    page = signed_in.post(f"{PHONES}{phone.pk}/verify/", {"delivery": "sms"}).content.decode()
    assert "Send START from that telephone" in page
    assert not Message.objects.filter(name="test_message").exists()


@pytest.mark.parametrize("path", ["verify/", "primary/", "remove/", "test/"])
def test_a13_a_foreign_number_is_not_found(signed_in, bob, path):
    phone = bob.phonenumbers.get()
    assert signed_in.post(f"{PHONES}{phone.pk}/{path}", {"delivery": "sms"}).status_code == 404
    assert signed_in.post(f"{PHONES}{10**30}/{path}").status_code == 404
    if path == "verify/":
        assert signed_in.get(f"{PHONES}{phone.pk}/{path}").status_code == 404
    assert not Message.objects.filter(to=phone.number).exists()


def test_only_ways_that_exist_send(signed_in, added):
    response = signed_in.post(f"{PHONES}{added.pk}/verify/", {"delivery": "email"})
    assert response.status_code == 400


def test_reading_the_list_costs_a_query_and_one_for_what_is_in_motion(signed_in, counted_queries):
    with counted_queries(most=4):
        signed_in.get(PHONES)
