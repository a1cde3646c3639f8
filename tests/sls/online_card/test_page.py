"""The page of the online security code card in a whole session."""

import re
from datetime import datetime

import pytest
from django.utils import timezone

from sls.methods.dsc_plus.models import Order
from sls.methods.online_card.models import OnlineCard
from tests.cast import card_device, online_card, passcode

pytestmark = pytest.mark.django_db
CARD = "/settings/security/online-card/"


@pytest.fixture
def inside(client, alice, sign_in):
    sign_in(client, alice)
    return client


def test_without_a_time_to_bridge_there_is_none(inside):
    assert "Make my card" not in inside.get(CARD).content.decode()
    response = inside.post(f"{CARD}make/")
    assert response["Location"] == CARD
    assert not OnlineCard.objects.exists()


def test_whoever_waits_for_a_card_by_mail_may_make_one(inside, alice):
    card_device(alice, activated=False)
    assert "Make my card" in inside.get(CARD).content.decode()
    assert inside.post(f"{CARD}make/")["Location"].startswith("/step-up/")


def test_so_may_whoever_has_requested_one(inside, alice):
    owned = alice.memberships.get().account
    order = Order(user=alice, account=owned, created_at=timezone.now())
    order.confirmed_at = timezone.now()
    order.save()
    assert "Make my card" in inside.get(CARD).content.decode()


def test_says_until_when_it_works(inside, alice):
    made = online_card(alice)
    said = inside.get(CARD).content.decode()
    assert 'id="card-until"' in said
    [shown] = re.findall(r'id="card-until">\s*<time datetime="([^"]+)"', said)
    assert datetime.fromisoformat(shown) == made.ends_at


def test_the_generic_way_of_adding_does_not_lead_round_it(inside, alice):
    passcode(alice)
    there = inside.post("/settings/security/sls/add/online_card/")
    assert not OnlineCard.objects.exists()
    assert there.status_code == 302


@pytest.mark.parametrize("method", ["online_card", "temporary_passcode"])
def test_neither_is_among_what_can_be_added(inside, method):
    assert f"/add/{method}/" not in inside.get("/settings/security/sls/").content.decode()
