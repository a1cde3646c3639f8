"""Sending a card back, and what was held for it."""

import pytest
from django.core.management import CommandError, call_command

from accounts.audit.events import Event
from accounts.audit.models import Entry
from sls.cards.models import Parcel
from sls.methods.dsc_plus.models import Card, CardDevice, Charge
from tests.cast import begin, card_device, code_for
from tests.sls.cards.conftest import CARD, text
from tests.sls.cards.test_request import held

SENT = {"carrier": "UPS", "tracking": "1Z 999 AA1"}


@pytest.fixture
def url(card) -> str:
    held(card)
    return f"{CARD}{card.pk}/return/"


def kinds() -> list[str]:
    return [one.kind for one in Charge.objects.order_by("pk")]


def test_takes_carrier_and_number_and_says_when_it_will_show(holder, url):
    assert holder.post(url, SENT).status_code == 302
    parcel = Parcel.objects.get()
    assert (parcel.carrier, parcel.tracking) == ("UPS", "1Z999AA1")
    page = text(holder.get(url))
    assert "Sent by UPS, number 1Z999AA1" in page
    assert "3 to 5 business days" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"carrier": "Pigeon"}, "Choose who carries"),
        ({"tracking": "12"}, "Enter the tracking number"),
        ({"tracking": "=cmd|x"}, "Enter the tracking number"),
    ],
)
def test_what_cannot_be_tracked_is_asked_again(holder, url, fields, words):
    assert words in text(holder.post(url, SENT | fields))
    assert not Parcel.objects.exists()


def test_the_form_names_the_card_and_where_to_send_it(holder, url, card):
    page = text(holder.get(f"{url}form/"))
    assert card.card.serial in page
    assert "200 Harbour Street" in page
    assert "Do not write your PIN down" in page


def test_what_is_held_is_given_back_with_the_card(holder, url, alice):
    call_command("receive_card", "DSC1000001")
    assert kinds() == ["held", "returned"]
    assert CardDevice.objects.get().revoked_at is not None
    assert Entry.objects.filter(event=Event.CARD_RETURNED, user=alice).count() == 1
    page = text(holder.get(f"{CARD}charges/"))
    assert "Hold lifted" in page
    assert "USD 20.00" in page


def test_it_ends_for_every_name_and_gives_back_once(url, alice, bob):
    card_device(bob, shared=True)
    call_command("receive_card", "DSC1000001")
    assert not CardDevice.objects.filter(revoked_at=None).exists()
    assert kinds() == ["held", "returned"]


def test_it_is_received_once(url):
    call_command("receive_card", "DSC1000001")
    with pytest.raises(CommandError, match="came back already"):
        call_command("receive_card", "DSC1000001")


def test_a_card_in_stock_is_not_received(db):
    with pytest.raises(CommandError, match="not with a client"):
        call_command("receive_card", "DSC9")


def test_one_that_never_comes_back_is_charged_once(url, alice):
    call_command("charge_card", "DSC1000001", "--why", "not_returned")
    with pytest.raises(CommandError, match="any more"):
        call_command("charge_card", "DSC1000001", "--why", "lost")
    assert kinds() == ["held", "charged"]
    entry = Entry.objects.get(event=Event.CARD_CHARGED, user=alice)
    assert entry.detail["usd"] == "20.00"


def test_an_empty_battery_cannot_be_charged(url):
    with pytest.raises(CommandError):
        call_command("charge_card", "DSC1000001", "--why", "battery")


def test_one_that_was_charged_and_comes_back_is_not_given_back_by_itself(url):
    call_command("charge_card", "DSC1000001", "--why", "lost")
    call_command("receive_card", "DSC1000001")
    assert kinds() == ["held", "charged"]
    assert Card.objects.get().returned_at is not None


def test_a_name_that_only_shares_a_card_cannot_send_it_back(client, card, bob):
    shared = card_device(bob, shared=True)
    sign_in_by_phone(client, bob)
    assert client.get(f"{CARD}{shared.pk}/return/").status_code == 404


def sign_in_by_phone(client, user) -> None:
    url = begin(client, user.username)
    phone = user.phonenumbers.get().devices.get()
    client.post(f"{url}method/", {"device": phone.persistent_id})
    client.post(f"{url}answer/", {"code": code_for(user)})
