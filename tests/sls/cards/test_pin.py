"""Another PIN."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from sls.cards import pins
from sls.cards.models import PinChange
from sls.methods.dsc_plus.models import Card, CardDevice
from sls.step_up.models import Pending
from tests.cast import PIN, card_device, response
from tests.sls.cards.conftest import CARD, newest, text

NEW = "7306"


@pytest.fixture
def url(card) -> str:
    return f"{CARD}{card.pk}/pin/"


@pytest.fixture
def proven(holder, url, prove):
    """Alice has verified her identity, with the present PIN."""
    assert prove(holder, url)["Location"] == url
    return holder


@pytest.fixture
def chosen(proven, url):
    answer = proven.post(url, {"pin": NEW, "pin_again": NEW})
    assert answer["Location"] == f"{url}answer/", text(answer)
    return proven


def present() -> str:
    return Card.objects.get().open_pin()


def test_a_response_with_the_new_pin_proves_it(chosen, url, alice):
    assert newest().purpose == Purpose.PIN
    assert chosen.post(f"{url}answer/", {"code": response(newest(), pin=NEW)}).status_code == 302
    assert present() == NEW
    assert not PinChange.objects.exists()
    entry = Entry.objects.get(event=Event.CARD_PIN_CHANGED, user=alice)
    assert NEW not in str(entry.detail)


def test_the_present_pin_stays_until_then(chosen):
    assert present() == PIN


def test_a_response_with_the_present_pin_is_wrong_and_counts(chosen, url, alice):
    page = text(chosen.post(f"{url}answer/", {"code": response(newest())}))
    assert "2 more times" in page
    assert Card.objects.get().failures == 1
    assert present() == PIN
    assert Entry.objects.filter(event=Event.CARD_REFUSED, user=alice).count() == 1


def test_three_wrong_responses_end_it(chosen, url):
    wrong = response(newest())
    for _ in range(3):
        page = chosen.post(f"{url}answer/", {"code": wrong})
    assert "Your PIN was not changed" in text(page)
    chosen.post(f"{url}answer/", {"code": response(newest(), pin=NEW)})
    assert present() == PIN


def test_too_late_is_too_late(chosen, url):
    right = response(newest(), pin=NEW)
    Challenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "took too long" in text(chosen.post(f"{url}answer/", {"code": right}))
    assert present() == PIN
    assert pins.purge() == 1


def test_the_last_wrong_one_disables_the_card(chosen, url, alice, settings):
    Card.objects.update(failures=settings.CARD_FAILURES - 1)
    page = text(chosen.post(f"{url}answer/", {"code": response(newest())}))
    assert "switched off" in page
    assert Entry.objects.filter(event=Event.DEVICE_DISABLED, user=alice).count() == 1


def test_without_a_proof_no_pin_is_taken_nor_kept(holder, url):
    answer = holder.post(url, {"pin": NEW, "pin_again": NEW})
    assert "That took too long" in text(holder.get(answer["Location"]))
    assert not Pending.objects.exists()
    assert not PinChange.objects.exists()


def test_a_weak_pin_is_refused_with_its_reason(proven, url):
    assert "not in a row" in text(proven.post(url, {"pin": "4321", "pin_again": "4321"}))
    assert not PinChange.objects.exists()


def test_an_unknown_pin_is_for_the_telephone(holder, url, settings):
    page = text(holder.get(url))
    assert f"Call us: {settings.SUPPORT.telephone}" in page


def test_the_challenge_signs_nobody_in_and_belongs_to_the_session(
    chosen, url, client, alice, clock
):
    other = client.__class__()
    assert other.post(f"{url}answer/", {"code": "12345678"})["Location"].startswith("/login/")
    assert present() == PIN


def test_the_new_pin_serves_every_name_of_the_card(chosen, url, bob):
    card_device(bob, shared=True)
    chosen.post(f"{url}answer/", {"code": response(newest(), pin=NEW)})
    assert CardDevice.objects.get(user=bob).card.open_pin() == NEW


def test_the_window_ends_with_the_change(chosen, url):
    chosen.post(f"{url}answer/", {"code": response(newest(), pin=NEW)})
    chosen.post(url, {"pin": "8153", "pin_again": "8153"})
    assert not PinChange.objects.exists()
