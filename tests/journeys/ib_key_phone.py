"""A telephone with the IB Key app."""

import json
import re
from typing import Any

from playwright.sync_api import BrowserContext, Worker, expect

from accounts.origin import SYSTEM
from sls.methods.ib_key import activations
from tests.cast import PASSWORD
from tests.journeys.authenticator import Authenticator
from tests.journeys.ib_key_server import CODE
from tests.waiting import wait_until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "locale": "en-US"}
PIN = "48a7"
SUBSCRIBES = """
Object.defineProperty(Notification, "permission", {get: () => "granted"});
Notification.requestPermission = async () => "granted";
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async () => ({toJSON: () => (%s)});
"""
WATCHES = """() => {
  self.shownHere = [];
  self.openedHere = [];
  self.registration.showNotification = async (title, {body, tag, data}) => {
    self.shownHere.push({title, body, tag, data});
  };
  self.clients.openWindow = async (path) => self.openedHere.push(path);
  WindowClient.prototype.focus = async function () {
    self.openedHere.push(`focus ${new URL(this.url).pathname}`);
  };
  self.pressHere = (data) => {
    const event = new ExtendableEvent("notificationclick");
    event.notification = {data, close: () => {}};
    self.dispatchEvent(event);
  };
}"""
RENEWS = """(subscription) => {
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async () => ({toJSON: () => subscription});
  self.dispatchEvent(new ExtendableEvent("pushsubscriptionchange"));
}"""
KEPT = """async () => {
  const {users} = await import("/static/ibkey/store.js");
  return (await users.all()).map(({device, state, endpoint, wrap, key, sealed}) => ({device, state,
    ...(endpoint && {endpoint}),
    secrets: [wrap, key, sealed].filter(Boolean).length,
    leaks: [wrap, key].filter((one) => one?.extractable).length}));
}"""


class Phone:
    """A browser with the app, and what its owner does. ``base`` is the portal's address."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context = context
        self.base = base
        self.page = context.new_page()

    def open(self, fragment: str = "") -> None:
        self.page.goto(f"{self.base}/ibkey/{fragment}")
        expect(self.page.locator("h1")).to_be_visible()

    def sees(self, heading: str) -> None:
        expect(self.page.locator("h1")).to_have_text(heading)

    def press(self, name: str) -> None:
        one = self.page.get_by_role("button", name=name, exact=True)
        one.or_(self.page.get_by_role("link", name=name, exact=True)).click()

    def choose(self, words: str) -> None:
        self.page.locator(".choice", has_text=words).click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").fill(value)

    def give_password(self, username: str = "alice") -> None:
        self.press("Continue")
        self.fill(username=username, password=PASSWORD)
        self.press("Continue")

    def give_code(self, code: str = CODE) -> None:
        self.press("Get Activation Code")
        self.fill(code=code)
        self.press("Activate")

    def give_pin(self) -> None:
        self.choose("4 to 6 characters")
        self.fill(pin=PIN, again=PIN)
        self.press("Activate")

    def activate(self) -> None:
        """With a PIN, until the app is at home again."""
        self.open("#add")
        self.give_password()
        self.give_code()
        self.give_pin()
        self.sees("IB Key is active")
        self.press("Done")
        self.sees("Ready")

    def types_challenge(self, challenge: str) -> None:
        for digit in challenge:
            self.page.locator(".keypad__key", has_text=digit).click()

    def response(self) -> str:
        """As it stands there."""
        expect(self.page.locator(".response")).to_be_visible()
        return re.sub(r"\D", "", self.page.locator(".response").inner_text())

    def clears_its_data(self) -> None:
        """As the browser's settings do it."""
        session = self.context.new_cdp_session(self.page)
        told = {"origin": self.base, "storageTypes": "all"}
        session.send("Storage.clearDataForOrigin", told)

    def approves(self, digits: str) -> None:
        """What waits."""
        expect(self.page.locator(".screen--approve")).to_be_visible()
        self.fill(digits=digits)
        self.press("Approve")
        self.sees("Approved")

    def subscribes_to(self, subscription: dict[str, Any]) -> None:
        """The browser of the tests has no notifications and no push service: it is given them."""
        self.page.add_init_script(SUBSCRIBES % json.dumps(subscription))

    def watched_worker(self) -> Worker:
        """The service worker; what it would show or open is kept in ``self.shownHere`` and
        ``self.openedHere``, because a browser without a screen does neither."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        [worker] = self.context.service_workers
        worker.evaluate(WATCHES)
        return worker

    def is_pushed(self, data: dict[str, Any]) -> None:
        """The push service delivers to the browser."""
        session = self.context.new_cdp_session(self.page)
        found: list[dict] = []
        session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: found.extend(event["registrations"]),
        )
        session.send("ServiceWorker.enable")
        wait_until(lambda: self.page.evaluate("true") and found)
        registration = {"origin": self.base, "registrationId": found[-1]["registrationId"]}
        session.send("ServiceWorker.deliverPushMessage", registration | {"data": json.dumps(data)})

    def kept(self) -> list[dict[str, Any]]:
        return self.page.evaluate(KEPT)


def by_session_id(phone: Phone, user_id: int, *, replaces: bool = False) -> Authenticator:
    """With biometrics, until the app is at home again."""
    key = Authenticator(phone.page, prf=True)
    session_id = activations.session_for(user_id=user_id, origin=SYSTEM)
    phone.open(f"#activate={session_id}")
    phone.press("Continue")
    if replaces:
        phone.press("Migrate IB Key")
    phone.choose("Face ID")
    phone.sees("IB Key is active")
    phone.press("Done")
    phone.sees("Ready")
    return key
