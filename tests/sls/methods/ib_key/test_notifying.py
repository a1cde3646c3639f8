"""Notifications, sent to a push service on this machine and decrypted as a browser would."""

import json
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM
from accounts.outbox import delivery, endpoints
from accounts.outbox.gateways import registry
from accounts.outbox.models import Channel, Endpoint, Message, Status
from accounts.users.models import User
from sls.methods.ib_key import services
from sls.methods.ib_key.models import Push
from tests.cast import begin
from tests.http_receiver import Receiver
from tests.phones import Phone, activated
from tests.push_service import Subscriber, push_service

# Handing over commits in between, as a worker does.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def service(settings) -> Iterator[Receiver]:
    settings.IB_KEY_PUSH_HOSTS = ["localhost"]
    with push_service() as made:
        yield made


@pytest.fixture
def browser() -> Subscriber:
    return Subscriber()


@pytest.fixture
def phone(alice, service, browser) -> Phone:
    phone = activated(alice)
    sent = phone.call("push", {"subscription": browser.subscription(service.url)})
    assert sent.status_code == 200, sent.content
    return phone


def queued() -> Message:
    return Message.objects.filter(channel=Channel.PUSH).latest("created_at")


def handed_over() -> Message:
    """The newest notification, after a worker had it."""
    message = queued()
    delivery.deliver(message.pk, registry.chosen())
    message.refresh_from_db()
    return message


def asked(phone: Phone, tab: Client | None = None) -> Push:
    """A sign-in that waits for the phone."""
    tab = tab or Client()
    tab.post(f"{begin(tab)}method/", {"device": phone.row().persistent_id})
    return Push.objects.latest("created_at")


def test_says_that_something_waits_and_nothing_of_it(phone, service, browser):
    push = asked(phone)
    assert handed_over().status == Status.SENT
    headers, body = service.taken[-1]
    told = browser.read(body)
    assert told == {"kind": "approval", "id": str(push.pk), "text": "A request waits for you."}
    assert push.shown() not in json.dumps(told)
    assert headers["authorization"].startswith("vapid t=")
    assert endpoints.server_key() in headers["authorization"]
    assert (headers["topic"], headers["urgency"]) == ("approval", "high")
    assert 0 < int(headers["ttl"]) <= 180
    assert phone.row().endpoint.accepted_at is not None


def test_the_page_that_waits_says_where_the_notification_is(phone):
    push = asked(phone)
    ask = Client()
    url = f"/ib-key/pushes/{push.pk}/"
    assert ask.get(url).json()["said"] == "Being sent to iPhone of Alice."
    handed_over()
    assert ask.get(url).json()["said"] == "Sent to iPhone of Alice."
    phone.call(f"approvals/{push.pk}/seen")
    assert ask.get(url).json()["said"] == "Opened on your phone."


def test_what_is_superseded_is_not_sent_any_more(phone, service):
    old = asked(phone)
    asked(phone)
    waited = Message.objects.get(about=str(old.pk))
    assert waited.status == Status.ABORTED
    assert Message.objects.filter(channel=Channel.PUSH, status=Status.QUEUED).count() == 1


def test_alerts_come_to_the_phone_in_one_sentence(phone, alice, service, browser):
    User.objects.filter(pk=alice.pk).update(language="ja")
    tell(alice)
    handed_over()
    headers, body = service.taken[-1]
    told = browser.read(body)
    assert told["kind"] == "alert"
    assert "パスワード" in told["text"]
    assert "203.0.113" not in json.dumps(told)
    assert headers["urgency"] == "normal"


def tell(user: User) -> None:
    with transaction.atomic():
        audit.record(Event.PASSWORD_CHANGED, user=audit.lock(user.pk), origin=SYSTEM)


def test_alerts_go_by_no_push_where_no_phone_is_notified(alice, phone):
    phone.call("push", {"subscription": None})
    before = Message.objects.filter(channel=Channel.PUSH).count()
    tell(alice)
    assert Message.objects.filter(channel=Channel.PUSH).count() == before


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_over_is_dropped_and_polling_goes_on(phone, service, status):
    service.status = status
    asked(phone)
    message = handed_over()
    assert (message.status, message.error_code) == (Status.FAILED, status)
    row = phone.row()
    assert not row.is_notified
    assert (row.endpoint.subscription, row.endpoint.refused_with) == (None, status)
    told = phone.call("state").json()
    assert told["push"] is False
    assert told["approval"] is not None


def test_a_service_in_trouble_is_tried_again(phone, service):
    service.status, service.headers = 503, {"Retry-After": "2"}
    asked(phone)
    message = handed_over()
    assert (message.status, message.tries) == (Status.QUEUED, 1)
    assert message.retry_at > timezone.now()
    service.status = 201
    Message.objects.update(retry_at=None)
    assert handed_over().status == Status.SENT
    assert phone.row().is_notified


def test_a_redirect_is_not_followed(phone, service):
    service.status, service.headers = 307, {"Location": service.url}
    asked(phone)
    assert handed_over().status == Status.FAILED
    assert len(service.taken) == 1


def test_what_is_late_is_not_sent(phone, service):
    asked(phone)
    Message.objects.update(expires_at=timezone.now())
    assert handed_over().status == Status.FAILED
    assert service.taken == []


def test_a_phone_that_is_gone_gets_nothing_that_waited(phone, alice, service):
    services.test_notification(phone.row())
    activated(alice, name="Pixel")
    assert not Endpoint.objects.exists()
    assert handed_over().status == Status.FAILED
    assert service.taken == []


def test_a_test_says_whether_the_app_has_shown_it(phone, service, browser):
    assert phone.call("test").status_code == 200
    handed_over()
    told = browser.read(service.taken[-1][1])
    assert (told["kind"], told["id"]) == ("test", phone.device)
    assert phone.row().push_seen_at is None
    assert phone.call("received").status_code == 200
    assert phone.row().push_seen_at is not None


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://169.254.169.254/latest/meta-data/",
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com.evil.test/x",
        "https://fcm.googleapis.com@evil.test/x",
        "https://user@fcm.googleapis.com/x",
        "file:///etc/passwd",
    ],
)
def test_fetches_no_address_because_a_phone_names_it(alice, browser, endpoint):
    phone = activated(alice)
    sent = phone.call("push", {"subscription": browser.subscription(endpoint)})
    assert sent.status_code in (400, 422)
    assert phone.row().endpoint is None


def test_a_service_that_is_none_of_ours_any_more_is_not_called(phone, service, settings):
    asked(phone)
    settings.IB_KEY_PUSH_HOSTS = ["fcm.googleapis.com"]
    assert handed_over().status == Status.FAILED
    assert service.taken == []


def test_known_services_are_taken(alice, browser):
    phone = activated(alice)
    for endpoint in ("https://fcm.googleapis.com/x", "https://web.push.apple.com/x"):
        sent = phone.call("push", {"subscription": browser.subscription(endpoint)})
        assert sent.status_code == 200
