"""The page of the phone in the portal: is it notified, and where does a notification stop?"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.outbox import endpoints, services
from accounts.outbox.models import Channel, Message, Status
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.ib_key.models import Push
from tests.cast import app_device, begin, card_device
from tests.phones import Phone, activated

PAGE = "/settings/security/sls/ib-key/notifications/"
INVITE = "/settings/security/sls/ib-key/"
JSON = {"Accept": "application/json"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, alice, sign_in) -> Client:
    return sign_in(client, alice)


@pytest.fixture
def phone(alice) -> Phone:
    return activated(alice)


@pytest.fixture
def notified(phone) -> Phone:
    device = phone.row()
    device.endpoint = endpoints.keep(device.user_id, {"endpoint": "https://fcm.googleapis.com/1"})
    device.save()
    return phone


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_leads_who_has_no_phone_to_activating_one(signed_in):
    assert signed_in.get(PAGE)["Location"] == INVITE


def test_tells_who_is_on_the_phone(signed_in, phone, bob):
    activated(bob, instance=phone.instance)
    activated_elsewhere = words(signed_in.get(PAGE))
    assert "<span>alice, bob</span>" in activated_elsewhere


def test_says_how_notifications_are_turned_on(signed_in, phone):
    page = words(signed_in.get(PAGE))
    assert "Notifications are off on this phone" in page
    assert "Send a test notification" not in page
    signed_in.post(f"{PAGE}test/")
    assert not Message.objects.filter(channel=Channel.PUSH).exists()


def test_follows_a_test_to_the_screen_of_the_phone(signed_in, notified):
    signed_in.post(f"{PAGE}test/")
    message = Message.objects.get(channel=Channel.PUSH, name="test_notification")

    def told() -> dict:
        return signed_in.get(PAGE, headers=JSON).json()

    assert told()["said"].startswith("The test is on its way")
    services.settle(message.pk, status=Status.SENDING)
    services.settle(message.pk, status=Status.SENT)
    endpoints.accept(message.to)
    assert (told()["is_over"], told()["said"][:27]) == (False, "The push service took it. I")
    notified.call("received")
    assert (told()["is_over"], told()["tone"]) == (True, "good")
    page = words(signed_in.get(PAGE))
    assert "It arrived" in page
    assert page.count("state--good") == 5


@pytest.mark.parametrize(
    ("code", "said"), [(410, "knows your phone no more"), (403, "did not take it")]
)
def test_says_where_it_stopped(signed_in, notified, code, said):
    signed_in.post(f"{PAGE}test/")
    message = Message.objects.get(channel=Channel.PUSH, name="test_notification")
    endpoints.refuse(message.to, code)
    services.settle(message.pk, status=Status.FAILED, error_code=code)
    assert said in signed_in.get(PAGE, headers=JSON).json()["said"]
    assert f"Refused with {code}" in words(signed_in.get(PAGE))


def test_switches_requests_off_and_on(signed_in, phone, alice):
    signed_in.post(f"{INVITE}requests/", {"on": "0"})
    assert phone.row().seamless is False
    tab = Client()
    url = begin(tab)
    tab.post(f"{url}method/", {"device": phone.row().persistent_id})
    assert not Push.objects.exists()
    assert phone.call("state").json()["seamless"] is False
    assert "Answer with IB Key" in tab.get(url).content.decode()
    signed_in.post(f"{INVITE}requests/", {"on": "1"})
    assert phone.row().seamless is True
    told = Entry.objects.filter(user=alice, event__startswith="ib_key.pushes")
    assert list(told.order_by("number").values_list("event", flat=True)) == [
        "ib_key.pushes_off",
        "ib_key.pushes_on",
    ]
    assert signed_in.post(f"{INVITE}requests/", {"on": "2"}).status_code == 400


def test_shows_the_checks_of_both_kinds_of_phone(signed_in, phone):
    page = words(signed_in.get(PAGE))
    for check in (
        "Show Previews is set to Always",
        "Persistent",
        "Aeroplane mode",
        "Site settings",
    ):
        assert check in page


def test_the_list_of_authenticators_says_whether_the_phone_is_notified(signed_in, notified):
    page = words(signed_in.get("/settings/security/sls/"))
    assert "Notifications: on · Requests: on" in page


def test_offers_activation_by_text_message_only_to_whom_it_proves(signed_in, alice):
    assert "a code by SMS" in words(signed_in.get(INVITE))
    app_device(alice)
    assert "a code by SMS" not in words(signed_in.get(INVITE))
    card_device(alice)
    assert "a response of your security card" in words(signed_in.get(INVITE))


def test_a_holder_of_a_card_is_advised_to_add_it(signed_in, alice):
    card_device(alice)
    assert "Add IB Key on your phone" in words(signed_in.get("/settings/security/sls/"))
    activated(alice)
    assert "Add IB Key on your phone" not in words(signed_in.get("/settings/security/sls/"))


def test_alerts_say_whether_the_phone_is_told(signed_in, phone):
    assert "A phone with IB Key tells you" in words(signed_in.get(reverse("alerts_settings")))
    device = phone.row()
    device.endpoint = endpoints.keep(device.user_id, {"endpoint": "https://fcm.googleapis.com/1"})
    device.save()
    assert "Every alert also comes to your phone" in words(
        signed_in.get(reverse("alerts_settings"))
    )


def test_the_page_that_waits_offers_the_response_after_thirty_seconds(phone):
    tab = Client()
    url = begin(tab)
    tab.post(f"{url}method/", {"device": phone.row().persistent_id})
    early = tab.get(url).content.decode()
    assert 'data-offer-after="30"' in early
    assert '<details class="disclosure" id="no-network">' in early
    Push.objects.update(created_at=timezone.now() - timedelta(seconds=31))
    assert '<details class="disclosure" id="no-network" open>' in tab.get(url).content.decode()


def test_a_phone_is_replaced_by_inviting_another(signed_in, phone):
    page = signed_in.get(f"/settings/security/sls/ib_key/{phone.device}/").content.decode()
    assert f'action="{INVITE}"' in page


def test_no_number_is_named_to_who_has_exhausted_what_is_stronger(signed_in, alice):
    device = app_device(alice)
    AppDevice.objects.filter(pk=device.pk).update(disabled_at=device.created_at)
    assert "a code by SMS" not in words(signed_in.get(INVITE))
    AppDevice.objects.filter(pk=device.pk).update(
        disabled_at=None, revoked_at=device.created_at, confirmed=False
    )
    assert "a code by SMS" in words(signed_in.get(INVITE))
