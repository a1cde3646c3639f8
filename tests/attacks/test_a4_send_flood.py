"""A4: making the portal send, to annoy somebody or to earn from every message."""

import itertools
from collections import Counter

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import PhoneNumber
from accounts.outbox import delivery
from accounts.outbox.gateways.memory import Memory
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.ports import Gateways
from sls.login.models import Attempt
from tests.attacks.tools import PHONES, at_once, browser, twin, wrong_code
from tests.cast import PASSWORD, begin, person, post_password

races = pytest.mark.django_db(transaction=True)

PUMPED = {
    "premium": "+19005550123",
    "premium abroad": "+449098790000",
    "satellite": "+881612345678",
    "toll-free of all countries": "+80012345678",
    "country not served": "+2348031234567",
    "shared cost": "+448431234567",
    "pager": "+18095550123",
    "emergency": "911",
    "invalid": "+15555555555",
}


def codes() -> int:
    return Message.objects.filter(is_code=True).count()


def resend(tab: Client, url: str, way: str = "sms"):
    return tab.post(f"{url}resend/", {"delivery": way})


def hand_over() -> Memory:
    """A worker delivers everything that is due to a telephone of the test."""
    memory = Memory()
    # What a resend replaces before it left costs nothing; only what leaves is counted here.
    for message in Message.objects.filter(status=Status.QUEUED).order_by("created_at"):
        delivery.deliver(message.pk, Gateways(memory, memory, memory, memory, memory))
    return memory


@races
@pytest.mark.parametrize("ways", [("sms",), ("voice",), ("sms", "voice")])
def test_twenty_repeats_at_once_send_one(client, alice, clock, ways):
    url = begin(client)
    clock.shift(30)
    answers = at_once(20, lambda n: resend(twin(client), url, ways[n % len(ways)]))
    assert Counter(response.status_code for response in answers) == {302: 1, 429: 19}
    assert codes() == 2
    assert Entry.objects.filter(user=alice, event=Event.CODE_RESENT).count() == 1


@races
def test_twenty_wishes_for_a_new_code_at_once_open_one(client, alice, clock):
    url = begin(client)
    clock.shift(301)
    at_once(20, lambda _: resend(twin(client), url))
    assert codes() == 2
    assert Attempt.objects.get().openings == 1


def test_repeats_without_end_stop_at_five_of_a_code_and_ten_a_day(alice, clock):
    for _ in range(4):
        tab = browser()
        url = begin(tab)
        hand_over()
        for _ in range(7):
            clock.shift(61)
            resend(tab, url, "voice")
            hand_over()
    sent = Message.objects.filter(is_code=True, status=Status.SENT)
    assert sent.count() == codes() == 10
    assert max(Counter(sent.values_list("about", flat=True)).values()) == 5


def test_ten_sign_ins_at_once_space_their_messages(alice, clock, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 1000
    for _ in range(12):
        post_password(browser())
    due = sorted(Message.objects.filter(is_code=True).values_list("not_before", flat=True))
    assert len(due) <= 10
    gaps = [(late - early).total_seconds() for early, late in itertools.pairwise(due)]
    assert min(gaps) >= 29
    assert len(hand_over().sent) == 1


def test_many_accounts_with_one_number_share_its_caps(clock, settings, db):
    for number in range(3):
        person(f"mule{number}", mobile="+14155550155")
    for name in ("mule0", "mule1", "mule2"):
        tab = browser()
        url = begin(tab, name)
        hand_over()
        for _ in range(5):
            clock.shift(61)
            resend(tab, url)
            hand_over()
    assert codes() == 10


def test_one_address_runs_dry_whoever_it_asks_for(clock, settings, db):
    settings.SENDS_PER_ADDRESS_HOUR = 3
    for number in range(5):
        person(f"mule{number}", mobile=f"+1415555016{number}")
        begin(browser(), f"mule{number}")
    assert codes() == 3


def test_one_ipv6_subscriber_is_one_address(settings, db):
    settings.SENDS_PER_ADDRESS_HOUR = 3
    for number in range(5):
        person(f"mule{number}", mobile=f"+1415555016{number}")
        tab = Client(REMOTE_ADDR=f"2001:db8:0:7::{number:x}")
        begin(tab, f"mule{number}")
    assert codes() == 3


@pytest.mark.parametrize("kind", list(PUMPED))
def test_ranges_that_pay_their_owner_are_not_even_taken(signed_in, alice, kind):
    before = Message.objects.count()
    response = signed_in.post(PHONES, {"number": PUMPED[kind]})
    assert response.status_code == 200
    assert not PhoneNumber.objects.filter(number=PUMPED[kind]).exists()
    assert Message.objects.count() == before


@pytest.mark.parametrize("kind", ["premium", "satellite", "country not served"])
def test_a_number_on_file_that_pays_its_owner_is_not_sent_to(db, kind):
    person("mule", mobile=PUMPED[kind])
    begin(browser(), "mule")
    assert not hand_over().sent


@pytest.mark.parametrize(("budget", "sent"), [("SENDS_PER_PREFIX_HOUR", 2), ("SENDS_PER_HOUR", 2)])
def test_the_breaker_stops_a_range_and_alarms_once(clock, settings, caplog, db, budget, sent):
    setattr(settings, budget, sent)
    for number in range(5):
        person(f"mule{number}", mobile=f"+1415555016{number}")
        begin(browser(), f"mule{number}")
    assert len(hand_over().sent) == sent
    assert Message.objects.filter(status=Status.FAILED).count() == 5 - sent
    assert Entry.objects.filter(event=Event.SPENDING_BREAKER).count() == 1
    assert caplog.text.count("telephone guard stops sending") == 1
    assert "+14155550" not in caplog.text


def test_a_pump_over_a_whole_range_is_stopped_within_25_sends(db, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = settings.SENDS_PER_ADDRESS_HOUR = 10_000
    sent = 0
    for number in range(60):
        person(f"mule{number}", mobile=f"+1415555{number:04}")
        begin(browser(), f"mule{number}")
        sent += len(hand_over().sent)
    assert sent <= 25
    kept_back = Message.objects.filter(is_code=True, status=Status.FAILED, detail="pumping")
    assert kept_back.count() == 60 - sent
    assert Entry.objects.filter(event=Event.SPENDING_BREAKER).count() == 1


def test_the_enrolment_is_no_pump(client, nina, activation_code, clock):
    url = client.post("/activate/", {"username": "nina", "code": activation_code})["Location"]
    url = client.post(url, {"password": "lantern-orbit-cactus-77"})["Location"]
    for number in range(12):
        clock.shift(61)
        token = url.split("/")[2]
        posted = {"number": f"+1415555018{number % 10}"}
        response = client.post(f"/activate/{token}/number/", posted)
        url = response["Location"] if response.status_code == 302 else url
    numbers = set(Message.objects.filter(channel=Channel.SMS).values_list("to", flat=True))
    assert len(numbers) <= 6


@races
def test_verifying_a_contact_is_no_pump(signed_in, alice, added, clock):
    hand_over()
    before = codes()
    at_once(10, lambda n: twin(signed_in).post(added, {"delivery": ("sms", "voice")[n % 2]}))
    assert codes() == before
    for _ in range(12):
        clock.shift(61)
        signed_in.post(added, {"delivery": "voice"})
        hand_over()
    assert Message.objects.filter(is_code=True, to="+14155550177").count() == 5


def test_test_messages_run_dry(signed_in, alice, clock):
    phone = alice.phonenumbers.get()
    statuses = [signed_in.post(f"{PHONES}{phone.pk}/test/").status_code for _ in range(8)]
    assert statuses == [302] * 5 + [429] * 3
    assert Message.objects.filter(name="test_message").count() == 5


@races
def test_the_step_up_is_no_pump(signed_in, alice, ask_to_add, clock):
    for _ in range(12):
        url = ask_to_add(signed_in)
        signed_in.post(url, {"password": PASSWORD})
        at_once(4, lambda _, url=url: twin(signed_in).post(f"{url}resend/", {"delivery": "sms"}))
        clock.shift(61)
    assert codes() <= 10


def test_wrong_codes_looking_and_polling_send_nothing(client, alice, clock):
    url = begin(client)
    clock.shift(61)
    for _ in range(4):
        client.post(f"{url}answer/", {"code": wrong_code(alice)})
        client.get(url)
        client.get(f"{url}status/")
        client.head(url)
        client.get(f"{url}resend/")
    assert codes() == 1


def test_mail_of_the_activation_is_capped_for_known_and_unknown_names(nina, clock):
    for _ in range(14):
        browser().post("/activate/resend/", {"username": "nina"})
        browser().post("/activate/resend/", {"username": "nobody"})
        hand_over()
        clock.shift(400)
    assert Message.objects.filter(channel=Channel.EMAIL, name="activation").count() == 10
