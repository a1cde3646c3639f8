"""Notifications from the portal to the screen of the phone, by a push service of our own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from accounts.outbox.models import Channel, Message
from sls.methods.ib_key.models import IbKeyDevice
from tests.http_receiver import Receiver
from tests.journeys.ib_key_phone import RENEWS, Phone, by_session_id
from tests.journeys.person import Person
from tests.push_service import Subscriber, push_service
from tests.waiting import wait_until

NOTIFICATIONS = "/settings/security/sls/ib-key/notifications/"


@pytest.fixture
def service(settings) -> Iterator[Receiver]:
    settings.IB_KEY_PUSH_HOSTS = ["localhost"]
    with push_service() as made:
        yield made


@pytest.fixture
def subscriber() -> Subscriber:
    return Subscriber()


@pytest.fixture
def notified(phone, alice, service, subscriber) -> Phone:
    """Alice's phone, whose notifications are on."""
    phone.subscribes_to(subscriber.subscription(service.url))
    by_session_id(phone, alice.pk)
    phone.choose("alice")
    phone.press("Turn on notifications")
    expect(phone.page.locator(".note--good")).to_contain_text("Notifications are on")
    return phone


@pytest.fixture
def signed_in(notified, person) -> Person:
    person.asks_the_phone()
    notified.approves(person.match())
    notified.press("Done")
    person.is_in()
    return person


def arrived(service: Receiver, subscriber: Subscriber, kind: str) -> dict:
    """The newest notification of a kind, as the browser decrypts it."""

    def newest() -> dict | None:
        told = [subscriber.read(body) for _headers, body in service.taken]
        return next((one for one in reversed(told) if one["kind"] == kind), None)

    return wait_until(newest)


def test_a_request_reaches_the_screen_and_is_approved_from_there(
    notified, person, service, subscriber
):
    worker = notified.watched_worker()
    # Nobody looks at the app.
    notified.page.goto(f"{notified.base}/help/")
    person.asks_the_phone()
    told = arrived(service, subscriber, "approval")
    assert person.match() not in str(told)
    assert person.page.locator("#challenge").text_content().strip() not in str(told)
    person.sees("Sent to")
    notified.is_pushed(told)
    shown = wait_until(lambda: worker.evaluate("self.shownHere"))
    assert (shown[0]["body"], shown[0]["tag"]) == ("A request waits for you.", "approval")
    worker.evaluate("data => self.pressHere(data)", shown[0]["data"])
    assert wait_until(lambda: worker.evaluate("self.openedHere")) == ["/ibkey/"]
    notified.open()
    person.sees("Opened on your phone.")
    notified.approves(person.match())
    person.is_in()


def test_a_notification_opens_the_app_or_the_inbox(notified):
    worker = notified.watched_worker()
    notified.page.goto(f"{notified.base}/help/")
    for kind in ("approval", "alert"):
        worker.evaluate("kind => self.pressHere({kind})", kind)
    wait_until(lambda: len(worker.evaluate("self.openedHere")) == 2)
    assert worker.evaluate("self.openedHere")[0] == "/ibkey/"
    assert "inbox" in worker.evaluate("self.openedHere")[1]


def test_the_portal_follows_a_test_to_the_screen(signed_in, notified, service, subscriber, axe):
    worker = notified.watched_worker()
    signed_in.open(NOTIFICATIONS)
    signed_in.press("Send a test notification")
    told = arrived(service, subscriber, "test")
    signed_in.sees("The push service took it.")
    axe(signed_in.page)
    notified.is_pushed(told)
    signed_in.sees("It arrived: IB Key has shown it on your phone.")
    assert worker.evaluate("self.shownHere")[0]["body"] == "Notifications arrive."


def test_an_alert_comes_to_the_phone(signed_in, notified, service, subscriber):
    told = arrived(service, subscriber, "alert")
    assert told["text"].startswith("Signed in from a new device")
    worker = notified.watched_worker()
    notified.is_pushed(told)
    assert wait_until(lambda: worker.evaluate("self.shownHere"))[0]["tag"].startswith("alert-")


def test_an_address_that_is_gone_is_dropped_and_the_app_goes_on_asking(notified, person, service):
    service.status = 410
    person.asks_the_phone()
    wait_until(lambda: Message.objects.filter(channel=Channel.PUSH, error_code=410).exists())
    assert not IbKeyDevice.objects.select_related("endpoint").get().is_notified
    notified.approves(person.match())
    person.is_in()


def told_to(subscription: dict) -> Callable[[], bool]:
    """Whether the server sends there."""

    def is_told() -> bool:
        kept = IbKeyDevice.objects.select_related("endpoint").get().endpoint
        return kept is not None and kept.opened()["endpoint"] == subscription["endpoint"]

    return is_told


def test_what_the_browser_renews_is_told_while_the_app_is_shut(
    notified, person, service, subscriber
):
    worker = notified.watched_worker()
    notified.page.goto(f"{notified.base}/help/")
    renewed = subscriber.subscription(f"{service.url}?renewed")
    worker.evaluate(RENEWS, renewed)
    wait_until(told_to(renewed))
    person.asks_the_phone()
    assert arrived(service, subscriber, "approval")


def test_what_could_not_be_told_then_is_told_when_the_app_is_opened(notified, service, subscriber):
    notified.watched_worker()
    renewed = subscriber.subscription(f"{service.url}?renewed")
    notified.subscribes_to(renewed)
    notified.open()
    wait_until(told_to(renewed))
    # Only then has the answer arrived, so that opening it anew does not cut it off.
    wait_until(lambda: notified.kept()[0]["endpoint"] == renewed["endpoint"])
    before = IbKeyDevice.objects.get().endpoint_id
    notified.open()  # what was told is not told again
    notified.sees("Ready")
    assert IbKeyDevice.objects.get().endpoint_id == before
