"""Somebody at a browser, with a telephone and a mailbox."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from accounts.outbox.models import Message
from tests.cast import PASSWORD, PIN
from tests.waiting import wait_until
from tests.wire import Wire

CODE = re.compile(r"[A-HJ-NP-Z]{3}-([0-9]{6})")


class Person:
    """What a person does and sees, in words. ``base`` is the portal's address."""

    def __init__(self, page: Page, base: str, wire: Wire) -> None:
        self.page = page
        self.base = base
        self.wire = wire

    # At the browser

    def open(self, path: str) -> None:
        """Types an address of the portal."""
        self.page.goto(self.base + path)

    def fill(self, **fields: str) -> None:
        """Types into fields by their names."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]:visible").fill(value)

    def press(self, name: str) -> None:
        """Presses a button."""
        self.page.get_by_role("button", name=name).click()

    def give_password(
        self, username: str, password: str = PASSWORD, button: str = "Continue"
    ) -> None:
        """Opens the sign-in page and posts it."""
        self.open("/login/")
        self.fill(username=username, password=password)
        self.press(button)

    def give_code(self, code: str, button: str = "Continue") -> None:
        """Types a code and posts it."""
        self.fill(code=code)
        self.press(button)

    def asks_the_phone(self, username: str = "alice") -> None:
        """Signs in by IB Key, until the page waits with its digits."""
        self.give_password(username)
        match, choice = self.page.locator("#match"), self.page.get_by_role("radio", name="IB Key")
        expect(match.or_(choice)).to_be_visible()
        if not match.is_visible():
            choice.check()
            self.press("Continue")
        expect(match).to_be_visible()

    def match(self) -> str:
        """The digits that the page shows for the phone."""
        return self.page.locator("#match").inner_text().strip()

    def ask_again(self, delivery: str) -> None:
        """ "Didn't receive a security code?": as soon as the page allows it."""
        if not self.button_of(delivery).is_visible():
            self.page.locator("details > summary").click()
        expect(self.button_of(delivery)).to_be_enabled()
        self.button_of(delivery).click()

    def button_of(self, delivery: str) -> Locator:
        """The choice of ``sms`` or ``voice``."""
        return self.page.locator(f"#resend .choice[value={delivery}]")

    # What is seen

    def sees(self, text: str, where: str = "main") -> None:
        """The page shows ``text``, at once or soon."""
        expect(self.page.locator(where)).to_contain_text(text)

    def is_at(self, path: str) -> None:
        """The browser shows this page, at once or soon."""
        expect(self.page).to_have_url(self.base + path)

    def is_in(self) -> None:
        """The sign-in has led home."""
        self.is_at("/")

    @property
    def line(self) -> Locator:
        """The delivery line."""
        return self.page.locator("#delivery")

    def line_says(self, text: str, *, channel: str = "sms", status: str = "") -> None:
        """The delivery line comes to say ``text``."""
        expect(self.line).to_contain_text(text)
        expect(self.line).to_have_attribute("data-channel", channel)
        if status:
            expect(self.line).to_have_attribute("data-status", status)

    # At the telephone and the mailbox

    def read_text(self, number: str, *, count: int = 1) -> str:
        """The newest text message, once there are ``count``."""
        wait_until(lambda: len(self.wire.messages(number)) >= count, seen=self._outbox)
        return self.wire.messages(number)[0]["body"]

    def _outbox(self) -> list[tuple]:
        """How far the messages came, and at which page the browser stands instead."""
        rows = Message.objects.values_list("channel", "name", "status", "detail", "tries")
        return [*rows, (self.page.url,)]

    def read_code(self, number: str, *, count: int = 1) -> str:
        """The digits of the newest text message."""
        return CODE.search(self.read_text(number, count=count)).group(1)

    def newest_code(self, number: str) -> str:
        """The digits of the newest text message, once that is one with a code: alerts come, too."""

        def found() -> re.Match | None:
            texts = self.wire.messages(number)
            return CODE.search(texts[0]["body"]) if texts else None

        return wait_until(found, seen=self._outbox).group(1)

    def rings(self, number: str) -> dict[str, Any]:
        """The call that rings, once it does."""
        return wait_until(
            lambda: next((c for c in self.wire.calls(number) if c["status"] == "ringing"), None)
        )

    def does(self, number: str, call: dict[str, Any], what: str, **fields: str) -> None:
        """``answer``, ``decline``, ``press`` or ``hangup`` on the telephone."""
        self.wire.post(f"/phone/{number}/calls/{call['sid']}/{what}", **fields)

    def hears(self, number: str, words: str) -> str:
        """Everything the newest call has said, once ``words`` are among it."""

        def said() -> str:
            return " | ".join(self.wire.calls(number)[0]["spoken"])

        wait_until(lambda: words in said())
        return said()

    def read_mail(self, address: str, words: str) -> str:
        """The text of the newest mail whose subject or text has ``words``, once it is there."""

        def found() -> str | None:
            mails = self.wire.mails(address)
            texts = [mail["subject"] + "\n" + mail["text"] for mail in mails]
            return next((text for text in texts if words in text), None)

        return wait_until(found)

    def not_me_link(self, address: str, words: str) -> str:
        """Where "This was not me" of such a mail leads."""
        return re.search(r"https?://\S+/freeze/link/\S+", self.read_mail(address, words))[0]

    # With the security card

    def lets_the_card_answer(self, *, pin: str = PIN, serial: str = "DSC1000001") -> str:
        """Presses PIN and the challenge of the page into the card; returns what it shows."""
        challenge = "".join(self.page.locator("#challenge").inner_text().split())
        return self.wire.ask_card(serial, pin=pin, challenge=challenge)
