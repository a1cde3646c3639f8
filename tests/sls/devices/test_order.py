"""The order in which authenticators are offered."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from tests.cast import begin
from tests.sls.devices.conftest import SLS

pytestmark = pytest.mark.django_db

ORDER = f"{SLS}order/"


def names(client) -> list[str]:
    return [card.name for card in client.get(SLS).context["cards"]]


def move(client, device, to):
    return client.post(ORDER, {"device": device.persistent_id, "to": to})


def test_goes_a_place_up_and_down(signed_in, app, spare):
    assert names(signed_in) == ["Pixel 9", "iPad", "+1 415-555-0101"]
    assert move(signed_in, app, "down")["Location"] == SLS
    assert names(signed_in) == ["iPad", "Pixel 9", "+1 415-555-0101"]
    move(signed_in, app, "down")
    move(signed_in, spare, "down")
    assert names(signed_in) == ["+1 415-555-0101", "iPad", "Pixel 9"]
    move(signed_in, app, "up")
    assert names(signed_in) == ["+1 415-555-0101", "Pixel 9", "iPad"]


def test_is_that_of_the_sign_in(signed_in, alice, app, spare):
    move(signed_in, spare, "up")
    found = [row.name for row in registry.devices(alice.pk)]
    assert found == ["iPad", "Pixel 9", "+1 ... 01"]
    other = Client()
    page = other.get(begin(other)).content.decode()
    assert page.index("iPad") < page.index("Pixel 9")


def test_stays_at_the_ends_and_says_nothing(signed_in, alice, app, spare):
    assert move(signed_in, app, "up").status_code == 302
    assert names(signed_in)[0] == "Pixel 9"
    assert not Entry.objects.filter(user=alice, event=Event.DEVICES_ORDERED).exists()


def test_is_recorded(signed_in, alice, app, spare):
    move(signed_in, app, "down")
    entry = Entry.objects.get(user=alice, event=Event.DEVICES_ORDERED)
    assert entry.detail == {"device": "Pixel 9", "place": 2}


def test_counts_disabled_ones_too(signed_in, app, spare):
    AppDevice.objects.filter(pk=app.pk).update(disabled_at=timezone.now())
    move(signed_in, spare, "up")
    assert names(signed_in)[:2] == ["iPad", "Pixel 9"]


def test_needs_a_direction(signed_in, app):
    assert move(signed_in, app, "sideways").status_code == 400


@pytest.mark.parametrize("device", ["", "sls.appdevice/999999", "nonsense", "sls.appdevice/x"])
def test_knows_nothing_else(signed_in, app, device):
    assert signed_in.post(ORDER, {"device": device, "to": "up"}).status_code == 404
